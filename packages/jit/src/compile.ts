/**
 * `compile` turns a TensorFlow.js function, gradients included, into ONNX graphs that ONNX Runtime runs.
 *
 *     const step = compile((w, text) => tf.valueAndGrad((x) => loss(x, text))(w));
 *     const { value, grad } = await step(w, text);
 *
 * The function is traced once per signature (the structure, shapes and types of its arguments, and the values of those
 * that are not tensors); later calls with that signature only run the session. The function must be pure: what it
 * captures is frozen into the graph, and random numbers are arguments.
 *
 * A call takes the values of its arguments before it returns its promise: they may be disposed at once.
 */
import { tf } from '#tf';
import type { Elements } from './graph.js';
import { encodeForSession, encodeModel } from './onnx-model.js';
import type { Runtime, Session, SessionOptions } from './runtime/runtime.js';
import { flatten, signatureOf, unflatten, type Flattened, type Skeleton } from './structure.js';
import { refuseInsideTrace, trace } from './trace.js';

export interface CompileOptions extends SessionOptions {
  /** The graph's name, seen in exported files and errors. */
  name?: string;
  /** What runs the graphs; ONNX Runtime's binding for Node by default. */
  runtime?: Runtime;
}

/** A compiled function: same arguments, a promise of the same results. Result tensors belong to the caller. */
export interface Compiled<Args extends readonly unknown[], Result> {
  (...args: Args): Promise<Result>;
  /** Frees every session, after the calls in flight; calling the function again afterwards is an error. */
  dispose(): Promise<void>;
  /**
   * Frees every session, after the calls in flight, with the copy of the captured tensors that each one holds. The next
   * call traces again.
   */
  release(): Promise<void>;
  /** How many signatures hold a session. */
  readonly traces: number;
}

/** A traced function and the session that runs it. */
interface Program {
  readonly session: Session;
  readonly outputs: readonly { readonly shape: readonly number[]; readonly dtype: string }[];
  /** How the results are put together from the outputs. */
  readonly results: Skeleton;
}

/** Before the first backend is chosen, and while a chosen one is loaded (WASM), TensorFlow.js makes no tensors. */
const isBackendPending = (): boolean => !tf.getBackend() || tf.engine()['pendingBackendInit'] != null;

export function compile<Args extends readonly unknown[], Result>(
  fn: (...args: Args) => Result,
  options: CompileOptions = {},
): Compiled<Args, Result> {
  const name = options.name ?? (fn.name || 'compiled');
  const programs = new Map<string, Promise<Program>>();
  const inFlight = new Set<Promise<unknown>>();
  let disposed: Promise<void> | undefined;

  const build = async (args: Flattened): Promise<Program> => {
    const { graph, results } = trace(fn as (...args: never[]) => unknown, args, call);
    const runtime = options.runtime ?? (await import('./runtime/node.js')).nodeRuntime;
    return {
      session: await runtime.open(encodeForSession(graph, name), graph, options),
      outputs: graph.outputs,
      results,
    };
  };

  const programFor = (args: Flattened): Promise<Program> => {
    const signature = signatureOf(args);
    const known = programs.get(signature);
    if (known) return known;
    const program = build(args);
    programs.set(signature, program);
    program.catch(() => {
      if (programs.get(signature) === program) programs.delete(signature); // a failed trace may be tried again
    });
    return program;
  };

  const run = async (args: Args): Promise<Result> => {
    if (disposed) throw new Error(`the compiled function "${name}" was disposed`);
    refuseInsideTrace(call);
    const flat = flatten(args, 'args');
    // Copies: on the plain backend a tensor lies in the very array that it was made from, which may be filled again.
    const values = flat.tensors.map((t) => (t.dataSync() as Elements).slice());
    if (isBackendPending()) await tf.ready();
    const { session, outputs, results } = await programFor(flat);
    const elements = await session.run(values);
    if (isBackendPending()) await tf.ready(); // another one was chosen meanwhile
    const tensors = outputs.map(({ shape, dtype }, i) =>
      tf.tensor(elements[i] as Float32Array, [...shape], dtype as 'float32'),
    );
    return unflatten(results, tensors) as Result;
  };

  function call(...args: Args): Promise<Result> {
    const result = run(args);
    const done = () => inFlight.delete(result);
    inFlight.add(result);
    result.then(done, done);
    return result;
  }

  const release = async (): Promise<void> => {
    const closing = [...programs.values()];
    programs.clear();
    await Promise.allSettled(inFlight);
    for (const program of await Promise.allSettled(closing))
      if (program.status === 'fulfilled') await program.value.session.release();
  };

  const dispose = (): Promise<void> => (disposed ??= Promise.allSettled(inFlight).then(release));

  return Object.defineProperties(Object.assign(call, { dispose, release }), {
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
  const { graph } = trace(fn as (...args: never[]) => unknown, flatten(args, 'args'), exportOnnx);
  return encodeModel(graph, name ?? (fn.name || 'exported'));
}
