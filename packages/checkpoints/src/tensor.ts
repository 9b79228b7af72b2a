/**
 * Tensors of foreign files that have been found and checked, but not read.
 *
 * A checkpoint's structure is small and its numbers are large; a LazyTensor is the structure's part: dtype and shape
 * are known and proved to fit the file, the numbers are fetched by `read` when they are wanted. So files larger than
 * the memory can be converted one tensor after another. Dtypes are those of safetensors: complex and quantized
 * numbers have none, and their files are refused by whoever finds them.
 */
import { endianness } from 'node:os';
import { DTYPE_ARRAYS, failure, type RawTensor, type SafetensorsData, type SafetensorsDtype } from '@styleclip/core';

export interface LazyTensor {
  readonly dtype: SafetensorsDtype;
  readonly shape: readonly number[];
  /** The numbers, row-major without gaps: memory of their own, or a view that nobody may change. */
  read(): Promise<RawTensor>;
}

/** Named tensors, in the file's order. */
export type StateDict = ReadonlyMap<string, LazyTensor>;

/** More dimensions than any program makes (numpy stops at 64). */
export const MAX_RANK = 64;

/** A tensor whose numbers are in memory already. */
export function lazyOf(raw: RawTensor): LazyTensor {
  return { dtype: raw.dtype, shape: raw.shape, read: async () => raw };
}

/** Whether a text names one of the dtypes. */
export function isDtype(text: string): text is SafetensorsDtype {
  return Object.hasOwn(DTYPE_ARRAYS, text);
}

/** Bytes of one element. */
export function elementBytes(dtype: SafetensorsDtype): number {
  return DTYPE_ARRAYS[dtype].BYTES_PER_ELEMENT;
}

/** How many elements a shape has; Infinity when that is past 2^53, where numbers lose their last digit. */
export function elementCount(shape: readonly number[]): number {
  if (shape.includes(0)) return 0;
  const count = shape.reduce((product, size) => product * size, 1);
  return Number.isSafeInteger(count) ? count : Infinity;
}

/**
 * Sizes out of a file as a shape.
 *
 * @param where the file's name and what the sizes belong to, for messages
 * @throws UserError unless they are at most 64 whole numbers ≥ 0 with a product below 2^53
 */
export function requireShape(sizes: readonly unknown[], where: string): number[] {
  const shape = requireWhole(sizes, `${where}: the shape`);
  if (elementCount(shape) === Infinity) throw failure(`${where}: the shape [${shape.join(', ')}] is too large`);
  return shape;
}

/**
 * Numbers out of a file as sizes or strides, one for each dimension.
 *
 * @param where the file's name and what the numbers are, for messages
 * @throws UserError unless they are at most 64 whole numbers ≥ 0
 */
export function requireWhole(numbers: readonly unknown[], where: string): number[] {
  if (numbers.length > MAX_RANK) throw failure(`${where} has ${numbers.length} dimensions, more than ${MAX_RANK}`);
  return numbers.map((number) => {
    if (Number.isSafeInteger(number) && (number as number) >= 0) return number as number;
    throw failure(`${where} holds ${shown(number)}, which is not a whole number ≥ 0`);
  });
}

function shown(size: unknown): string {
  return typeof size === 'number' || typeof size === 'bigint' ? String(size).slice(0, 40) : 'something';
}

/**
 * Bytes as they are in a file as a tensor: a view of `bytes` where their alignment and order permit, else a copy.
 *
 * @param bytes as many as shape × dtype need
 * @param bigEndian whether each element's first byte is its most significant one
 */
export function rawTensor(
  dtype: SafetensorsDtype,
  shape: readonly number[],
  bytes: Uint8Array,
  { bigEndian = false }: { bigEndian?: boolean } = {},
): RawTensor {
  const size = elementBytes(dtype);
  const count = elementCount(shape);
  if (bytes.byteLength !== count * size)
    throw new Error(`${dtype} [${shape.join(', ')}] needs ${count * size} bytes, got ${bytes.byteLength}`);
  let own = bytes;
  if (bigEndian !== (endianness() === 'BE')) own = swapped(bytes, size);
  else if (bytes.byteOffset % size !== 0) own = new Uint8Array(bytes); // not slice(): a Buffer's gives a view
  return { dtype, shape: [...shape], data: elements(dtype, own) };
}

/** Aligned bytes as the typed array of their dtype; the same memory. */
export function elements(dtype: SafetensorsDtype, bytes: Uint8Array): SafetensorsData {
  const Elements = DTYPE_ARRAYS[dtype];
  return new Elements(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.byteLength / Elements.BYTES_PER_ELEMENT);
}

/** A copy with the bytes of each element in the opposite order. */
function swapped(bytes: Uint8Array, size: number): Uint8Array {
  const copy = new Uint8Array(bytes);
  const buffer = Buffer.from(copy.buffer);
  if (size === 2) buffer.swap16();
  else if (size === 4) buffer.swap32();
  else if (size === 8) buffer.swap64();
  return copy;
}
