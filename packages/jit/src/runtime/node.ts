/**
 * The runtime for Node: ONNX Runtime's native binding.
 *
 * `cpu` is always there; `webgpu` comes with onnxruntime-node where a Vulkan or Metal driver is found; `cuda` needs
 * ONNX Runtime's CUDA library, which is not installed by default. `run` blocks the event loop until it is done.
 */
import * as ort from 'onnxruntime-node';
import { sameShape, type Elements } from '../graph.js';
import { providers, type Runtime } from './runtime.js';

export const nodeRuntime: Runtime = {
  async open({ model, data }, { inputs, outputs }, { provider = 'cpu', threads = 0 }) {
    // ONNX Runtime passes over names that it does not know, and takes the CPU.
    if (!providers.includes(provider))
      throw new Error(`unknown provider "${provider}" (known: ${providers.join(', ')})`);
    const session = await ort.InferenceSession.create(model, {
      executionProviders: provider === 'cpu' ? ['cpu'] : [provider, 'cpu'],
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      externalData: data,
      executionMode: 'sequential',
      graphOptimizationLevel: 'all',
      logSeverityLevel: 3,
      // With patterns, the second run takes one block for everything beside what the first run holds: twice the memory.
      enableMemPattern: false,
      // Threads of a session that has just run spin for a while and take the cores from another session's.
      extra: { session: { force_spinning_stop: '1' } },
    }).catch((error: Error) => {
      throw new Error(`ONNX Runtime could not open a session on "${provider}": ${error.message}`);
    });
    return {
      async run(elements) {
        const feeds = inputs.map(({ name, shape, dtype }, i) => {
          return [name, new ort.Tensor(dtype, elements[i] as Float32Array, shape)] as const;
        });
        const results = await session.run(Object.fromEntries(feeds));
        return outputs.map(({ name, shape }) => {
          const { data, dims } = results[name]!;
          if (!sameShape(dims, shape)) throw new Error(`ONNX Runtime gives ${name} as [${dims}], expected [${shape}]`);
          return data as Elements;
        });
      },
      release: () => session.release(),
    };
  },
};
