/**
 * Tracing: runs a TensorFlow.js function once on a backend whose tensors hold names instead of numbers, and collects
 * the kernels it calls (those of the backward pass too, since TensorFlow.js differentiates by calling kernels) as an
 * ONNX graph.
 *
 * Tensors that the function captures, or makes from literal numbers, become constants of the graph. Reading a value
 * that only exists at run time (`dataSync`, a shape that depends on data) cannot work in a trace and is an error that
 * names the line; so is capturing a `tf.Variable`, whose later changes the graph could not see.
 */
import { tf } from '#tf';
import { Graph, sizeOf, type ElementType, type Elements, type Value } from './graph.js';
import { lowerings, type Attributes } from './kernels/table.js';
import { flatten, unflatten, type Flattened, type Skeleton } from './structure.js';

/** What went wrong in a trace, with the caller's line. */
export class TraceError extends Error {
  override name = 'TraceError';
}

const backendName = 'trace';

/** The first stack frame outside TensorFlow.js and this package's tracing machinery, e.g. `src/loss.ts:12:9`. */
function callerLine(): string {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 100; // TensorFlow.js's own frames come first
  const frames = (new Error().stack ?? '').split('\n').slice(1);
  Error.stackTraceLimit = limit;
  const ours =
    /node_modules|node:internal|[\\/]jit[\\/](src|dist)[\\/]((trace|graph|compile|structure)\.[jt]s|kernels)/;
  const frame = frames.find((f) => /:\d+:\d+/.test(f) && !ours.test(f));
  return frame ? ` (${frame.trim()})` : '';
}

const traceError = (message: string): TraceError => new TraceError(message + callerLine());

class TraceBackend extends tf.KernelBackend {
  graph = new Graph();
  #values = new Map<object, Value>();

  begin(): Graph {
    this.graph = new Graph();
    this.#values = new Map();
    return this.graph;
  }

  /** A new data id that stands for `value`. Every tensor gets its own, so that disposing one frees no other. */
  hold(value: Value): tf.TensorInfo {
    const dataId = {};
    this.#values.set(dataId, value);
    if (value.dtype === 'int64') throw new Error('an int64 value cannot become a tensor');
    return { dataId, shape: [...value.shape], dtype: value.dtype };
  }

  tensor(value: Value): tf.Tensor {
    return tf.engine().makeTensorFromTensorInfo(this.hold(value), this);
  }

  /** The value behind a tensor; one that was made outside the trace is captured as a constant. */
  valueBehind(tensor: tf.TensorInfo): Value {
    const known = this.#values.get(tensor.dataId);
    if (known) return known;
    const variables = Object.values(tf.engine().state.registeredVariables);
    const variable = variables.find((v) => v.dataId === tensor.dataId);
    if (variable)
      throw traceError(
        `the function captures the variable "${variable.name}"; pass it in as an argument, a graph cannot see it change`,
      );
    const elements = tf.engine().readSync(tensor.dataId);
    const captured = this.graph.constant(
      typedElements(elements, tensor.dtype),
      tensor.shape,
      elementType(tensor.dtype),
    );
    this.#values.set(tensor.dataId, captured);
    return captured;
  }

  override write(values: tf.backend_util.BackendValues, shape: number[], dtype: tf.DataType): object {
    return this.hold(this.graph.constant(typedElements(values, dtype), shape, elementType(dtype))).dataId;
  }

  override move(): never {
    throw traceError('a tensor of another backend was moved into a trace');
  }

  override readSync(dataId: object): tf.backend_util.BackendValues {
    const value = this.#values.get(dataId);
    if (value?.splat !== undefined)
      return typedElements(new Array<number>(sizeOf(value.shape)).fill(value.splat), value.dtype);
    if (value?.elements && !(value.elements instanceof BigInt64Array)) return value.elements;
    throw traceError(
      'the function reads the values of a tensor (dataSync, arraySync or print), but a traced tensor has none yet',
    );
  }

  override read(dataId: object): Promise<tf.backend_util.BackendValues> {
    return Promise.resolve(this.readSync(dataId));
  }

  override disposeData(dataId: object): boolean {
    this.#values.delete(dataId);
    return true;
  }

  override refCount(): number {
    return 1;
  }
  override incRef(): void {}
  override numDataIds(): number {
    return this.#values.size;
  }
  override memory() {
    return { unreliable: true };
  }
  override floatPrecision(): 16 | 32 {
    return 32;
  }
  override timerAvailable(): boolean {
    return false;
  }
  override epsilon(): number {
    return 1e-7;
  }
  override dispose(): void {}
}

function elementType(dtype: string): ElementType {
  if (dtype === 'float32' || dtype === 'int32' || dtype === 'bool') return dtype;
  throw traceError(`tensors of type ${dtype} cannot be traced`);
}

function typedElements(
  values: tf.backend_util.BackendValues | number[],
  dtype: string,
): Exclude<Elements, BigInt64Array> {
  const type = elementType(dtype);
  const numbers = values as ArrayLike<number>;
  if (type === 'float32') return values instanceof Float32Array ? values : Float32Array.from(numbers);
  if (type === 'int32') return values instanceof Int32Array ? values : Int32Array.from(numbers);
  return values instanceof Uint8Array ? values : Uint8Array.from(numbers);
}

let backend: TraceBackend | undefined;

/** Registers the tracing backend and a lowering, or a clear refusal, for every kernel that TensorFlow.js knows. */
function openBackend(): TraceBackend {
  if (backend) return backend;
  const opened = new TraceBackend();
  tf.registerBackend(backendName, () => opened, 0);
  const known = new Set([...tf.getKernelsForBackend('cpu').map((k) => k.kernelName), ...lowerings.keys()]);
  for (const kernelName of known) {
    const lower = lowerings.get(kernelName);
    tf.registerKernel({
      kernelName,
      backendName,
      kernelFunc: ({ inputs, attrs }) => {
        if (!lower)
          throw traceError(
            `the kernel ${kernelName} has no ONNX lowering, so a function that calls it cannot be compiled`,
          );
        const values = Array.isArray(inputs)
          ? (inputs as tf.TensorInfo[]).map((t) => opened.valueBehind(t))
          : Object.fromEntries(
              Object.entries(inputs)
                .filter(([, t]) => t != null)
                .map(([k, t]) => [k, opened.valueBehind(t as tf.TensorInfo)]),
            );
        try {
          const out = lower(opened.graph, values as Record<string, Value>, (attrs ?? {}) as Attributes);
          return Array.isArray(out) ? out.map((v) => opened.hold(v)) : opened.hold(out as Value);
        } catch (error) {
          if (error instanceof TraceError) throw error;
          throw traceError(`${kernelName}: ${(error as Error).message}`);
        }
      },
    });
  }
  backend = opened;
  return opened;
}

export interface Traced {
  readonly graph: Graph;
  /** How the results are put together again from the graph's outputs. */
  readonly results: Skeleton;
}

/** Runs `fn` once on symbolic tensors with the shapes and types of `args`; returns its graph. */
export function trace(fn: (...args: never[]) => unknown, args: Flattened): Traced {
  const previous = tf.getBackend();
  if (previous === backendName)
    throw traceError('a compiled function was called while another is being traced; call the plain function there');
  const opened = openBackend();
  const graph = opened.begin();
  void tf.setBackend(backendName); // synchronous for a backend that is already made
  try {
    let results: Skeleton | undefined;
    tf.tidy(() => {
      const inputs = args.tensors.map((t) => opened.tensor(graph.input(t.shape, elementType(t.dtype))));
      const returned = fn(...(unflatten(args.skeleton, inputs) as never[]));
      if (returned instanceof Promise)
        throw traceError('the function is asynchronous; a function that is compiled must return at once');
      const flat = flatten(returned);
      for (const tensor of flat.tensors) graph.output(opened.valueBehind(tensor));
      results = flat.skeleton;
    });
    return { graph, results: results! };
  } finally {
    void tf.setBackend(previous);
    opened.begin();
  }
}
