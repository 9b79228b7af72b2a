/**
 * Numpy's names of element types, such as `<f4`, as the dtypes that tensors have here.
 *
 * The first letter is the byte order (`<` little, `>` big, `|` and `=` none or the machine's own; files come from
 * little-endian machines where they say nothing), the second the kind, then the bytes of one element.
 */
import type { SafetensorsDtype } from '@styleclip/core';

const DTYPES: Readonly<Record<string, SafetensorsDtype>> = {
  f8: 'F64',
  f4: 'F32',
  f2: 'F16',
  i8: 'I64',
  i4: 'I32',
  i2: 'I16',
  i1: 'I8',
  u8: 'U64',
  u4: 'U32',
  u2: 'U16',
  u1: 'U8',
  b1: 'BOOL',
  '?': 'BOOL',
};

export interface NumpyDtype {
  readonly dtype: SafetensorsDtype;
  readonly bigEndian: boolean;
}

/** The dtype of a name; undefined for text, dates, complex numbers, records and Python objects. */
export function numpyDtype(descr: string): NumpyDtype | undefined {
  const order = /^[<>=|]/.test(descr) ? descr[0] : '';
  const kind = descr.slice(order === '' ? 0 : 1);
  if (!Object.hasOwn(DTYPES, kind)) return undefined;
  return { dtype: DTYPES[kind] as SafetensorsDtype, bigEndian: order === '>' };
}

/**
 * The elements of an array in Fortran's order (the first index varies fastest) in C's; a copy.
 *
 * @param size bytes of one element; `bytes` holds exactly the elements of `shape`
 */
export function fromFortranOrder(bytes: Uint8Array, shape: readonly number[], size: number): Uint8Array {
  const result = new Uint8Array(bytes.length);
  const strides: number[] = [];
  shape.reduce((stride, length) => (strides.push(stride), stride * length), size);
  const index = shape.map(() => 0);
  let from = 0;
  for (let to = 0; to < bytes.length; to += size) {
    for (let b = 0; b < size; b++) result[to + b] = bytes[from + b] as number;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const stride = strides[axis] as number;
      const next = (index[axis] as number) + 1;
      from += stride;
      if (next < (shape[axis] as number)) {
        index[axis] = next;
        break;
      }
      from -= stride * next;
      index[axis] = 0;
    }
  }
  return result;
}
