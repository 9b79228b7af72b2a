/**
 * Safetensors files as lazy tensors: Hugging Face's checkpoints are read one tensor after another.
 *
 * The file is: header length (8 bytes, little-endian), header (JSON), data; the tensors' byte ranges cover the data
 * exactly, without gap or overlap (https://huggingface.co/docs/safetensors). Core's `readSafetensors` reads this
 * project's own files, by path and whole; this one reads any source, and only what is asked for.
 */
import { failure } from '@styleclip/core';
import type { ByteSource } from './byte-source.js';
import { quoted } from './pickle/quoted.js';
import {
  elementBytes,
  elementCount,
  isDtype,
  type LazyTensor,
  rawTensor,
  requireShape,
  type StateDict,
} from './tensor.js';

/** The format's own limit; the largest headers in use are below one megabyte. */
const MAX_HEADER_BYTES = 100_000_000;

const BRACE = 0x7b;

type Bad = (what: string) => Error;

/** Whether a file's first bytes, and its size, are those of a safetensors file. */
export function isSafetensors(head: Uint8Array, size: number): boolean {
  return head.byteLength >= 9 && head[8] === BRACE && headerLength(head) <= Math.min(size - 8, MAX_HEADER_BYTES);
}

function headerLength(head: Uint8Array): number {
  return Number(new DataView(head.buffer, head.byteOffset, 8).getBigUint64(0, true));
}

/**
 * The tensors of a safetensors file, in the order of the data. The source must stay open until they are read.
 *
 * @throws UserError for anything that does not fit
 */
export async function readSafetensorsSource(source: ByteSource): Promise<StateDict> {
  const { name, size } = source;
  const bad = (what: string) => failure(`${name}: not a valid safetensors file: ${what}`);
  const head = await source.read(0, Math.min(size, 9));
  if (!isSafetensors(head, size)) throw bad('it does not begin with the length of its header');
  const start = 8 + headerLength(head);
  const header = parse(await source.read(8, start - 8), bad);

  const places = Object.entries(header)
    .filter(([key]) => key !== '__metadata__')
    .map(([key, entry]) => placeOf(key, entry, `${name}: ${quoted(key)}`, bad))
    .sort((a, b) => a.begin - b.begin || a.end - b.end);
  let end = 0;
  for (const { key, begin, end: next } of places) {
    if (begin !== end)
      throw bad(`the data of ${quoted(key)} starts at byte ${begin}, but the tensor before it ends at ${end}`);
    end = next;
  }
  if (end !== size - start) throw bad(`its tensors take ${end} bytes, but ${size - start} bytes of data are there`);

  return new Map<string, LazyTensor>(
    places.map(({ key, dtype, shape, begin, end: stop }) => {
      const read = async () => rawTensor(dtype, shape, await source.read(start + begin, stop - begin));
      return [key, { dtype, shape, read }];
    }),
  );
}

function parse(bytes: Uint8Array, bad: Bad): object {
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw bad('its header is not JSON');
  }
  if (!isObject(header)) throw bad('its header is not a JSON object');
  return header;
}

function placeOf(key: string, entry: unknown, where: string, bad: Bad) {
  if (!isObject(entry)) throw bad(`the entry of ${quoted(key)} is not an object`);
  const { dtype, shape: sizes, data_offsets: offsets } = entry as Record<string, unknown>;
  if (typeof dtype !== 'string' || !isDtype(dtype))
    throw bad(
      `${quoted(key)} has the dtype ${typeof dtype === 'string' ? quoted(dtype) : typeof dtype}, which is not read`,
    );
  if (!Array.isArray(sizes) || !Array.isArray(offsets)) throw bad(`${quoted(key)} lacks a shape or offsets`);
  const shape = requireShape(sizes, where);
  const [begin, end] = offsets as unknown[];
  // Where it lies is held against the file by the sum of all tensors.
  if (!Number.isSafeInteger(begin) || !Number.isSafeInteger(end)) throw bad(`${quoted(key)} has impossible offsets`);
  const bytes = elementCount(shape) * elementBytes(dtype);
  if ((end as number) - (begin as number) !== bytes)
    throw bad(
      `${quoted(key)} takes ${Number(end) - Number(begin)} bytes, but ${dtype} [${shape.join(', ')}] needs ${bytes}`,
    );
  return { key, dtype, shape, begin: begin as number, end: end as number };
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
