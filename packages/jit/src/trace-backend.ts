/**
 * The TensorFlow.js backend of a trace: its tensors hold values of a graph in place of numbers.
 *
 * Tensors that the function captures, or makes from literal numbers, become constants of the graph. Reading a value that
 * only exists at run time is an error that names the line; so is capturing a `tf.Variable`, whose later changes the
 * graph could not see.
 */
/* eslint-disable @typescript-eslint/unbound-method -- methods are handed to errors as places on the stack, and not called */
import { tf } from '#tf';
import type { Entry } from './call-site.js';
import { Graph, sizeOf, type ElementType, type Value } from './graph.js';
import { lowerings } from './kernels/table.js';
import type { Attributes } from './kernels/lowering.js';
import { isRunning, refuseRandomness } from './purity.js';
import { TraceError, traceError } from './trace-error.js';

export const backendName = 'trace';

export class TraceBackend extends tf.KernelBackend {
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
    const { dtype } = value;
    if (dtype === 'int64' || dtype === 'float64') throw new Error(`a value of type ${dtype} cannot become a tensor`);
    return { dataId, shape: [...value.shape], dtype };
  }

  tensor(value: Value): tf.Tensor {
    return tf.engine().makeTensorFromTensorInfo(this.hold(value), this);
  }

  /** The value behind a tensor; one that was made outside the trace is captured as a constant. */
  valueBehind(tensor: tf.TensorInfo, entry: Entry): Value {
    const known = this.#values.get(tensor.dataId);
    if (known) return known;
    const variables = Object.values(tf.engine().state.registeredVariables);
    const variable = variables.find((v) => v.dataId === tensor.dataId);
    if (variable)
      throw traceError(
        `the function captures the variable "${variable.name}"; pass it in as an argument, a graph cannot see it change`,
        entry,
      );
    const dtype = elementType(tensor.dtype, entry);
    const elements = typedElements(tf.engine().readSync(tensor.dataId), dtype);
    const captured = this.graph.constant(elements, tensor.shape, dtype);
    this.#values.set(tensor.dataId, captured);
    return captured;
  }

  override write(values: tf.backend_util.BackendValues, shape: number[], dtype: tf.DataType): object {
    if (isRunning('rand')) refuseRandomness('tf.rand', this.write);
    const type = elementType(dtype, this.write);
    // A copy: the function may fill the same array again.
    return this.hold(this.graph.constant(typedElements(values, type).slice(), shape, type)).dataId;
  }

  override move(): never {
    throw traceError('a tensor of another backend was moved into a trace', this.move);
  }

  override readSync(dataId: object): tf.backend_util.BackendValues {
    return this.#read(dataId, this.readSync);
  }

  /** @param entry the method that TensorFlow.js has called */
  #read(dataId: object, entry: Entry): tf.backend_util.BackendValues {
    const value = this.#values.get(dataId);
    if (value?.splat !== undefined)
      return typedElements(new Array<number>(sizeOf(value.shape)).fill(value.splat), value.dtype);
    if (value?.elements) return value.elements as tf.backend_util.BackendValues;
    throw traceError(
      'the function reads the values of a tensor (dataSync, arraySync or print), but a traced tensor has none yet',
      entry,
    );
  }

  override async read(dataId: object): Promise<tf.backend_util.BackendValues> {
    return this.#read(dataId, this.read);
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

export function elementType(dtype: string, entry: Entry): ElementType {
  if (dtype === 'float32' || dtype === 'int32' || dtype === 'bool') return dtype;
  throw traceError(`tensors of type ${dtype} cannot be traced`, entry);
}

function typedElements(
  values: tf.backend_util.BackendValues | number[],
  type: ElementType,
): Float32Array | Int32Array | Uint8Array {
  const numbers = values as ArrayLike<number>;
  if (type === 'float32') return values instanceof Float32Array ? values : Float32Array.from(numbers);
  if (type === 'int32') return values instanceof Int32Array ? values : Int32Array.from(numbers);
  return values instanceof Uint8Array ? values : Uint8Array.from(numbers);
}

let backend: TraceBackend | undefined;

/** Registers the tracing backend and a lowering, or a clear refusal, for every kernel that TensorFlow.js knows. */
export function openBackend(): TraceBackend {
  if (backend) return backend;
  const opened = new TraceBackend();
  tf.registerBackend(backendName, () => opened, 0);
  const known = new Set([...tf.getKernelsForBackend('cpu').map((k) => k.kernelName), ...lowerings.keys()]);
  for (const kernelName of known) tf.registerKernel({ kernelName, backendName, kernelFunc: tracingKernel(kernelName) });
  backend = opened;
  return opened;

  function tracingKernel(kernelName: string): tf.KernelFunc {
    const lower = lowerings.get(kernelName);
    return function kernel({ inputs, attrs }) {
      if (!lower)
        throw traceError(
          `the kernel ${kernelName} has no ONNX lowering, so a function that calls it cannot be compiled`,
          kernel,
        );
      const values = Array.isArray(inputs)
        ? (inputs as tf.TensorInfo[]).map((t) => opened.valueBehind(t, kernel))
        : Object.fromEntries(
            Object.entries(inputs)
              .filter(([, t]) => t != null)
              .map(([k, t]) => [k, opened.valueBehind(t as tf.TensorInfo, kernel)]),
          );
      try {
        const out = lower(opened.graph, values as Record<string, Value>, (attrs ?? {}) as Attributes);
        return Array.isArray(out) ? out.map((v) => opened.hold(v)) : opened.hold(out as Value);
      } catch (error) {
        if (error instanceof TraceError) throw error;
        throw traceError(`${kernelName}: ${(error as Error).message}`, kernel);
      }
    };
  }
}
