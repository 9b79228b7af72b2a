/**
 * Weights in safetensors files: the bridge between named tensors and the disk.
 *
 * In memory every real number is float32, as in TensorFlow.js; on disk weights may be float16 to halve their size.
 * Whole numbers come in as int32, booleans as bool. A number that the target type can't hold is an error, never
 * a silent infinity or wrap-around.
 */
import { tf } from '../tensors/tf.js';
import { failure } from '../errors.js';
import { LARGEST_HALF, toHalf } from '../tensors/half.js';
import { type RawTensor, toFloats } from '../tensors/raw-tensor.js';
import { readSafetensors, writeSafetensors } from './safetensors.js';
import { requireWeight, sortedNames, type Weights } from '../tensors/weights.js';

export interface SaveWeightsOptions {
  /** The dtype of float32 tensors on disk. */
  dtype?: 'F32' | 'F16';
  /** Free text that travels in the file's header. */
  metadata?: Readonly<Record<string, string>>;
}

/** Loads all tensors of a safetensors file; names are kept. */
export async function loadWeights(path: string): Promise<Weights> {
  const { tensors } = await readSafetensors(path);
  const weights: Weights = {};
  try {
    for (const name of sortedNames(tensors)) {
      weights[name] = toTensor(tensors[name] as RawTensor, `${path}: "${name}"`);
    }
  } catch (error) {
    Object.values(weights).forEach((tensor) => tensor.dispose());
    throw error;
  }
  return weights;
}

/** Saves weights as a safetensors file, whole or not at all. Tensors must be float32, int32 or bool. */
export async function saveWeights(
  path: string,
  weights: Weights,
  { dtype = 'F32', metadata }: SaveWeightsOptions = {},
): Promise<void> {
  const tensors: Record<string, RawTensor> = {};
  for (const name of sortedNames(weights)) {
    tensors[name] = await toRaw(requireWeight(weights, name), { dtype, name });
  }
  await writeSafetensors(path, metadata ? { tensors, metadata } : { tensors });
}

/**
 * A TensorFlow.js tensor as a raw one: float32 → `dtype`, int32 → I32, bool → BOOL. `name` is the tensor's, for messages.
 *
 * @throws UserError when a number is too large for float16
 */
export async function toRaw(
  tensor: tf.Tensor,
  { dtype = 'F32', name = 'tensor' }: { dtype?: 'F32' | 'F16'; name?: string } = {},
): Promise<RawTensor> {
  const shape = [...tensor.shape];
  const data = await tensor.data();
  if (tensor.dtype === 'float32')
    return floatsToRaw({ shape, data: data as Float32Array }, { dtype, where: `"${name}"` });
  if (tensor.dtype === 'int32') return { dtype: 'I32', shape, data: Int32Array.from(data) };
  if (tensor.dtype === 'bool') return { dtype: 'BOOL', shape, data: Uint8Array.from(data) };
  throw new Error(`"${name}" is ${tensor.dtype}; only float32, int32 and bool can be saved`);
}

/**
 * Float32 numbers as a raw tensor; for F32 not copied. `where` says what holds the numbers, for messages.
 *
 * @throws UserError when a number is too large for float16
 */
export function floatsToRaw(
  { shape, data }: { shape: readonly number[]; data: Float32Array },
  { dtype, where }: { dtype: 'F32' | 'F16'; where: string },
): RawTensor {
  if (dtype === 'F32') return { dtype, shape: [...shape], data };
  requireHalf(data, where);
  return { dtype, shape: [...shape], data: toHalf(data) };
}

/** A raw tensor as a TensorFlow.js tensor: floats → float32, whole numbers → int32, BOOL → bool. */
export function toTensor(raw: RawTensor, where = 'tensor'): tf.Tensor {
  const { dtype, shape, data } = raw;
  switch (dtype) {
    case 'F32':
    case 'F16':
    case 'BF16':
    case 'F64':
      return tf.tensor(toFloats(raw).data, shape, 'float32');
    case 'BOOL':
      return tf.tensor(data as Uint8Array, shape, 'bool');
    case 'I8':
    case 'U8':
    case 'I16':
    case 'U16':
    case 'I32':
    case 'U32':
    case 'I64':
    case 'U64':
      return tf.tensor(toInt32(data as Int32Array | BigInt64Array, where), shape, 'int32');
    default:
      throw new Error(`dtype ${String(dtype satisfies never)} is not known`);
  }
}

function toInt32(values: ArrayLike<number | bigint>, where: string): Int32Array {
  const whole = new Int32Array(values.length);
  for (let i = 0; i < values.length; i++) {
    whole[i] = Number(values[i]);
    if (whole[i] !== Number(values[i])) throw failure(`${where} holds ${values[i]}, which does not fit into 32 bits`);
  }
  return whole;
}

function requireHalf(values: Float32Array, where: string): void {
  const at = values.findIndex((value) => Number.isFinite(value) && Math.abs(value) > LARGEST_HALF);
  if (at >= 0)
    throw failure(`${where} holds ${values[at]}, too large for float16 (at most ${LARGEST_HALF}); save it as F32`);
}
