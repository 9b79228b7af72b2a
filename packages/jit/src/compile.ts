/**
 * `compile` turns a TensorFlow.js function, gradients included, into ONNX graphs that ONNX Runtime runs.
 *
 *     const step = compile((w, text) => tf.valueAndGrad((x) => loss(x, text))(w));
 *     const { value, grad } = await step(w, text);
 *
 * The function is traced once per signature (the structure, shapes and types of its arguments, and the values of those
 * that are not tensors); later calls with that signature only run the session. The function must be pure: what it
 * captures is frozen into the graph, and random numbers are arguments.
 */
import type * as ort from 'onnxruntime-node';
import { encodeForSession, encodeModel } from './onnx-model.js';
import { openSession, runSession, type SessionOptions } from './session.js';
import { flatten, signatureOf, unflatten } from './structure.js';
import { trace, type Traced } from './trace.js';

export interface CompileOptions extends SessionOptions {
  /** The graph's name, seen in exported files and errors. */
  name?: string;
}

/** A compiled function: same arguments, a promise of the same results. Result tensors belong to the caller. */
export interface Compiled<Args extends readonly unknown[], Result> {
  (...args: Args): Promise<Result>;
  /** Frees every session; calling it again afterwards is an error. */
  dispose(): Promise<void>;
  /** How many signatures have been traced so far. */
  readonly traces: number;
}

interface Program {
  readonly traced: Omit<Traced, 'graph'> & {
    readonly inputs: Traced['graph']['inputs'];
    readonly outputs: Traced['graph']['outputs'];
  };
  readonly session: ort.InferenceSession;
}

export function compile<Args extends readonly unknown[], Result>(
  fn: (...args: Args) => Result,
  options: CompileOptions = {},
): Compiled<Args, Result> {
  const name = options.name ?? (fn.name || 'compiled');
  const programs = new Map<string, Promise<Program>>();
  let disposed = false;

  const build = async (args: ReturnType<typeof flatten>): Promise<Program> => {
    const { graph, results } = trace(fn as (...args: never[]) => unknown, args);
    const { inputs, outputs } = graph;
    return { traced: { results, inputs, outputs }, session: await openSession(encodeForSession(graph, name), options) };
  };

  const call = async (...args: Args): Promise<Result> => {
    if (disposed) throw new Error(`the compiled function "${name}" was disposed`);
    const flat = flatten(args);
    const signature = signatureOf(flat);
    let program = programs.get(signature);
    if (!program) {
      program = build(flat);
      programs.set(signature, program);
      program.catch(() => programs.delete(signature)); // a failed trace may be tried again
    }
    const { traced, session } = await program;
    const tensors = await runSession(session, traced.inputs, traced.outputs, flat.tensors);
    return unflatten(traced.results, tensors) as Result;
  };

  const dispose = async (): Promise<void> => {
    disposed = true;
    const opened = await Promise.allSettled(programs.values());
    programs.clear();
    await Promise.all(opened.flatMap((p) => (p.status === 'fulfilled' ? [p.value.session.release()] : [])));
  };

  return Object.defineProperties(Object.assign(call, { dispose }), {
    traces: { get: () => programs.size },
    name: { value: name },
  }) as Compiled<Args, Result>;
}

/** The function, traced for arguments like these, as the bytes of a plain `.onnx` file. */
export function exportOnnx<Args extends readonly unknown[]>(
  fn: (...args: Args) => unknown,
  args: Args,
  { name }: { name?: string } = {},
): Uint8Array {
  const { graph } = trace(fn as (...args: never[]) => unknown, flatten(args));
  return encodeModel(graph, name ?? (fn.name || 'exported'));
}
