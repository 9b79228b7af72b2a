/**
 * A tensor as it lies in a safetensors file: dtype, shape, and elements in a typed array. Foreign files of other formats
 * come in the same form, and networks are converted from it (models/convert-tensors.ts), with no file at hand.
 */
import { fromBfloat16, fromHalf } from './half.js';

/** Bytes per element of the dtypes that are read; 8-bit floats and packed types are not. */
export const DTYPE_BYTES = {
  F64: 8,
  I64: 8,
  U64: 8,
  F32: 4,
  I32: 4,
  U32: 4,
  F16: 2,
  BF16: 2,
  I16: 2,
  U16: 2,
  I8: 1,
  U8: 1,
  BOOL: 1,
} as const;

export type SafetensorsDtype = keyof typeof DTYPE_BYTES;

/** The typed array that holds a dtype's elements. */
export const DTYPE_ARRAYS = {
  F64: Float64Array,
  I64: BigInt64Array,
  U64: BigUint64Array,
  F32: Float32Array,
  I32: Int32Array,
  U32: Uint32Array,
  F16: Uint16Array,
  BF16: Uint16Array,
  I16: Int16Array,
  U16: Uint16Array,
  I8: Int8Array,
  U8: Uint8Array,
  BOOL: Uint8Array,
} as const satisfies Record<SafetensorsDtype, unknown>;

/** Elements as they are in the file: F16 and BF16 as bit patterns, BOOL as bytes 0 and 1. */
export type SafetensorsData =
  | Float64Array
  | BigInt64Array
  | BigUint64Array
  | Float32Array
  | Int32Array
  | Uint32Array
  | Uint16Array
  | Int16Array
  | Int8Array
  | Uint8Array;

export interface RawTensor {
  dtype: SafetensorsDtype;
  shape: number[];
  data: SafetensorsData;
}

/**
 * A raw tensor's real numbers as float32; F32 is not copied.
 * @throws Error for whole numbers
 */
export function toFloats({ dtype, shape, data }: RawTensor): { shape: number[]; data: Float32Array } {
  switch (dtype) {
    case 'F32':
      return { shape, data: data as Float32Array };
    case 'F16':
      return { shape, data: fromHalf(data as Uint16Array) };
    case 'BF16':
      return { shape, data: fromBfloat16(data as Uint16Array) };
    case 'F64':
      return { shape, data: Float32Array.from(data as Float64Array) };
    default:
      throw new Error(`${dtype} numbers are not real ones`);
  }
}
