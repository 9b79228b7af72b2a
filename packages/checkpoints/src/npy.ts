/**
 * .npy files: one numpy array each.
 *
 * The header is read and held against the file's size; the numbers are read when they are wanted. Big-endian numbers
 * and Fortran order become little-endian and row-major then. An array of Python objects is a header and a pickle:
 * `npyPickle` hands that part to the pickle reader, for files like StyleCLIP's lists of style vectors, and `readNpy`
 * refuses it. Text, dates, complex numbers and records are refused.
 */
import { type NpyHeader, npyTextRange, parseNpyHeader } from './npy-header.js';
import { allowList } from './pickle/allow-list.js';
import { numpyDtype } from './pickle/numpy-dtype.js';
import { failure, fits, MAX_READ_BYTES, quoted, type ByteSource, type RawTensor } from '@styleclip/core';
import { readPickle } from './pickle/read-pickle.js';
import type { PyValue } from './pickle/values.js';
import { fortranStrides, gather } from './strided.js';
import { elementBytes, elementCount, type LazyTensor, rawTensor } from './tensor.js';

/**
 * The array in a .npy file. The source must stay open until it is read.
 *
 * @throws UserError when the file is damaged, cut short, or holds other things than numbers
 */
export async function readNpy(source: ByteSource): Promise<LazyTensor> {
  const { name } = source;
  const { header, from } = await readHeader(source);
  if (isObjects(header))
    throw failure(`${name}: holds Python objects, not numbers; in Python, save its parts as arrays of their own`);
  const known = numpyDtype(header.descr);
  if (known === undefined)
    throw failure(
      `${name}: holds ${quoted(header.descr)}, which is not numbers (f2 f4 f8, i1…i8, u1…u8 and b1 are read)`,
    );
  const { dtype, bigEndian } = known;
  const { shape } = header;
  const size = elementBytes(dtype);
  const length = elementCount(shape) * size;
  if (!fits(source.size, from, length))
    throw failure(
      `${name}: cut short: ${dtype} [${shape.join(', ')}] needs ${length} bytes from byte ${from}, but it has ${source.size} bytes`,
    );
  return {
    dtype,
    shape,
    read: async (): Promise<RawTensor> => {
      const bytes = await source.read(from, length);
      const ordered = header.fortran && shape.length > 1 ? gather(bytes, size, shape, fortranStrides(shape)) : bytes;
      return rawTensor(dtype, shape, ordered, { bigEndian });
    },
  };
}

/**
 * The pickled values of a .npy file of Python objects.
 *
 * @throws UserError when the file holds numbers, is damaged, or the pickle wants more than data
 */
export async function npyPickle(source: ByteSource): Promise<PyValue> {
  const { name } = source;
  const { header, from } = await readHeader(source);
  if (!isObjects(header)) throw failure(`${name}: holds numbers (${quoted(header.descr)}), not Python objects`);
  if (source.size - from > MAX_READ_BYTES)
    throw failure(`${name}: a pickle of ${source.size - from} bytes is more than ${MAX_READ_BYTES}`);
  const bytes = await source.read(from, source.size - from);
  return readPickle(bytes, { name, allow: allowList('base', 'numpy') }).value;
}

/** Whether a .npy file holds Python objects, which only `npyPickle` reads. */
export async function isObjectNpy(source: ByteSource): Promise<boolean> {
  return isObjects((await readHeader(source)).header);
}

function isObjects({ descr }: NpyHeader): boolean {
  return /^[|=<>]?O\d*$/.test(descr);
}

async function readHeader(source: ByteSource): Promise<{ header: NpyHeader; from: number }> {
  const { name } = source;
  const text = npyTextRange(await source.read(0, Math.min(source.size, 12)), name);
  const header = new TextDecoder().decode(await source.read(text.from, text.length));
  return { header: parseNpyHeader(header, name), from: text.from + text.length };
}
