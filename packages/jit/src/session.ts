/**
 * ONNX Runtime sessions: providers, threads, and the passage of tensors in and out.
 *
 * `cpu` is always there; `webgpu` comes with onnxruntime-node where a Vulkan or Metal driver is found; `cuda` needs
 * ONNX Runtime's CUDA library, which is not installed by default. `run` blocks the event loop until it is done.
 */
import { tf } from '#tf';
import * as ort from 'onnxruntime-node';
import type { ElementType, Value } from './graph.js';
import type { ModelData } from './onnx-model.js';

export type Provider = 'cpu' | 'webgpu' | 'cuda';
export const providers: readonly Provider[] = ['cpu', 'webgpu', 'cuda'];

export interface SessionOptions {
  /** Where the graph runs; `cpu` by default. */
  provider?: Provider;
  /** Threads inside an operator; 0, the default, takes one per core. */
  threads?: number;
}

const ortTypes = { float32: 'float32', int32: 'int32', bool: 'bool', int64: 'int64' } as const satisfies Record<
  ElementType,
  string
>;

export async function openSession(
  { model, data }: { model: Uint8Array; data: ModelData[] },
  { provider = 'cpu', threads = 0 }: SessionOptions,
): Promise<ort.InferenceSession> {
  try {
    return await ort.InferenceSession.create(model, {
      executionProviders: provider === 'cpu' ? ['cpu'] : [provider, 'cpu'],
      intraOpNumThreads: threads,
      extra: { session: { force_spinning_stop: '1' } },
      interOpNumThreads: 1,
      externalData: data,
      executionMode: 'sequential',
      graphOptimizationLevel: 'all',
      logSeverityLevel: 3,
      // With patterns, the second run takes one block for everything beside what the first run holds: twice the memory.
      enableMemPattern: false,
    });
  } catch (error) {
    throw new Error(`ONNX Runtime could not open a session on "${provider}": ${(error as Error).message}`);
  }
}

/** Runs the session on tensors in the order of `inputs`; the results are new tensors on the current backend. */
export async function runSession(
  session: ort.InferenceSession,
  inputs: readonly Value[],
  outputs: readonly Value[],
  args: readonly tf.Tensor[],
): Promise<tf.Tensor[]> {
  const feeds: Record<string, ort.Tensor> = {};
  inputs.forEach((input, i) => {
    const data = args[i]!.dataSync();
    feeds[input.name] = new ort.Tensor(ortTypes[input.dtype], data as Float32Array, input.shape);
  });
  const results = await session.run(feeds);
  return outputs.map(({ name, shape, dtype }) => {
    const result = results[name]!;
    const tensor = tf.tensor(result.data as Float32Array, [...shape], dtype as 'float32');
    return tensor;
  });
}
