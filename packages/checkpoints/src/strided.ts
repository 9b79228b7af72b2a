/**
 * Strided numbers made contiguous.
 *
 * Element [i, j, …] of a torch tensor lies at i·stride₀ + j·stride₁ + … elements from its first one, so a transposed,
 * sliced or repeated tensor is a way of walking a storage and copies nothing. Files of this project have no strides,
 * so the walk is done here, once, in memory. numpy's Fortran order is the case of ascending strides.
 */
import { elementCount } from './tensor.js';

/** Whether the elements lie row-major without gaps. Strides of dimensions with one element don't matter. */
export function isContiguous(shape: readonly number[], strides: readonly number[]): boolean {
  if (shape.includes(0)) return true;
  let expected = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const size = shape[axis] as number;
    if (size === 1) continue;
    if (strides[axis] !== expected) return false;
    expected *= size;
  }
  return true;
}

/** How many elements lie from the first to the last one, both counted; 0 without elements. May pass 2^53, inexactly. */
export function spanOf(shape: readonly number[], strides: readonly number[]): number {
  if (shape.includes(0)) return 0;
  return shape.reduce((span, size, axis) => span + (size - 1) * (strides[axis] as number), 1);
}

/** Strides of a shape in Fortran order: the first dimension runs fastest. */
export function fortranStrides(shape: readonly number[]): number[] {
  let stride = 1;
  return shape.map((size) => {
    const own = stride;
    stride *= size;
    return own;
  });
}

/**
 * Copies strided elements into row-major order.
 *
 * @param bytes the span from the first element to the last
 * @param size bytes of an element: 1, 2, 4 or 8
 */
export function gather(
  bytes: Uint8Array,
  size: number,
  shape: readonly number[],
  strides: readonly number[],
): Uint8Array<ArrayBuffer> {
  const gathered = new Uint8Array(elementCount(shape) * size);
  walk(
    words(bytes.byteOffset % size === 0 ? bytes : new Uint8Array(bytes), size),
    words(gathered, size),
    shape,
    strides,
  );
  return gathered;
}

/** Typed arrays of any one kind, as far as copying needs them. */
type Words = Record<number, number | bigint> & { readonly length: number };

/**
 * The same memory as whole numbers of an element's size: copying those keeps every bit, which floats don't promise
 * (NaN).
 */
function words({ buffer, byteOffset, byteLength }: Uint8Array, size: number): Words {
  const Kind = { 1: Uint8Array, 2: Uint16Array, 4: Uint32Array, 8: BigUint64Array }[size];
  if (Kind === undefined) throw new Error(`elements of ${size} bytes are not known`);
  return new Kind(buffer as ArrayBuffer, byteOffset, byteLength / size);
}

/** Fills `to` in order with the elements that shape and strides find in `from`. */
function walk(from: Words, to: Words, shape: readonly number[], strides: readonly number[]): void {
  const inner = shape.at(-1) ?? 1;
  const step = strides.at(-1) ?? 0;
  const outer = shape.slice(0, -1);
  const index = outer.map(() => 0);
  let row = 0;
  for (let at = 0; at < to.length;) {
    for (let i = 0, source = row; i < inner; i++, source += step) to[at++] = from[source] as number;
    // The next row: count up as an odometer does, last wheel first.
    for (let axis = outer.length - 1; axis >= 0; axis--) {
      const stride = strides[axis] as number;
      row += stride;
      index[axis] = (index[axis] as number) + 1;
      if ((index[axis] as number) < (outer[axis] as number)) break;
      row -= (outer[axis] as number) * stride;
      index[axis] = 0;
    }
  }
}
