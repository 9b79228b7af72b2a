/**
 * The header of a .npy file (NEP 1, numpy/lib/format.py), parsed as data.
 *
 *     \x93NUMPY, major, minor, length of the text (2 bytes in version 1, else 4; little-endian), the text:
 *     {'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }
 *
 * The text is a Python literal, and programs in other languages write it with other spaces and another order, so it is
 * matched piece by piece; nothing evaluates it. Version 3 allows names beyond Latin-1, which only records have, and
 * records are refused.
 */
import { failure, quoted } from '@styleclip/core';
import { requireShape } from './tensor.js';

export interface NpyHeader {
  /** numpy's name of the dtype, such as `<f4`. */
  readonly descr: string;
  /** Whether the first dimension runs fastest. */
  readonly fortran: boolean;
  readonly shape: number[];
}

/** Far more than the 64 dimensions of an array need; numpy itself refuses headers past 10,000 characters. */
export const MAX_NPY_HEADER_BYTES = 1 << 16;

const MAGIC = Buffer.from('\x93NUMPY', 'latin1');

/** Whether a file's first bytes are those of a .npy file. */
export function isNpy(head: Uint8Array): boolean {
  return MAGIC.equals(head.subarray(0, MAGIC.length));
}

/**
 * Where the header's text lies.
 *
 * @param head the file's first 12 bytes, or all of a shorter file
 * @throws UserError when this is no .npy file of a known version, or the text is too long
 */
export function npyTextRange(head: Uint8Array, name: string): { from: number; length: number } {
  if (!isNpy(head)) throw failure(`${name}: not a .npy file: it does not begin with numpy's mark`);
  if (head.byteLength < 12) throw failure(`${name}: cut short: its header is not complete`);
  const major = head[6] as number;
  if (major < 1 || major > 3) throw failure(`${name}: version ${major} of the .npy format is not read (1 to 3 are)`);
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const length = major === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (length > MAX_NPY_HEADER_BYTES)
    throw failure(`${name}: not a valid .npy file: a header of ${length} bytes is more than ${MAX_NPY_HEADER_BYTES}`);
  return { from: major === 1 ? 10 : 12, length };
}

/** A field's name; its value is a text, a truth value, a tuple of whole numbers (Python 2 wrote 10L for some) or a list. */
const NAME = /'(?<name>[a-z_]+)'|"(?<name2>[a-z_]+)"/;
const TEXT = /'(?<text>[^'\\]*)'|"(?<text2>[^"\\]*)"/;
const OTHER = /(?<truth>True|False)|\((?<sizes>[-\d,L\s]*)\)|(?<list>\[)/;
const FIELD = new RegExp(`\\s*(?:${NAME.source})\\s*:\\s*(?:${TEXT.source}|${OTHER.source})\\s*`, 'y');

/**
 * Parses the header's text.
 *
 * @throws UserError unless it is a dict of just `descr` (text), `fortran_order` and `shape`
 */
export function parseNpyHeader(text: string, name: string): NpyHeader {
  const bad = (what: string) => failure(`${name}: not a valid .npy file: ${what}`);
  const literal = text.trim();
  if (!literal.startsWith('{') || !literal.endsWith('}')) throw bad(`its header is not a dict: ${quoted(literal)}`);
  const body = literal.slice(1, -1);
  const fields = new Map<string, Record<string, string | undefined>>();
  for (let at = 0; body.slice(at).trim() !== '';) {
    FIELD.lastIndex = at;
    const groups = FIELD.exec(body)?.groups;
    if (groups === undefined) throw bad(`its header holds ${quoted(body.slice(at))}`);
    if (groups['list'] !== undefined)
      throw failure(`${name}: holds records (a dtype of several fields), which are not read`);
    const key = (groups['name'] ?? groups['name2']) as string;
    if (fields.has(key)) throw bad(`its header names ${quoted(key)} twice`);
    fields.set(key, groups);
    at = FIELD.lastIndex;
    if (body[at] === ',') at++;
    else if (at < body.length) throw bad(`its header holds ${quoted(body.slice(at))}`);
  }
  const descr = fields.get('descr')?.['text'] ?? fields.get('descr')?.['text2'];
  const truth = fields.get('fortran_order')?.['truth'];
  const sizes = fields.get('shape')?.['sizes'];
  if (descr === undefined || truth === undefined || sizes === undefined || fields.size !== 3)
    throw bad(`its header must say just descr, fortran_order and shape: ${quoted(literal)}`);
  return { descr, fortran: truth === 'True', shape: shapeOf(sizes, name, bad) };
}

function shapeOf(sizes: string, name: string, bad: (what: string) => Error): number[] {
  const parts = sizes.split(',').map((part) => part.trim());
  if (parts.at(-1) === '') parts.pop();
  if (parts.some((part) => !/^-?\d{1,20}L?$/.test(part))) throw bad(`its shape is ${quoted(`(${sizes})`)}`);
  return requireShape(
    parts.map((part) => Number.parseInt(part, 10)),
    `${name}: the array`,
  );
}
