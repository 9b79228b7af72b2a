/**
 * Safetensors files as lazy tensors: Hugging Face's checkpoints are read one tensor after another.
 *
 * The file is: header length (8 bytes, little-endian), header (JSON), data; the tensors' byte ranges cover the data
 * exactly, without gap or overlap (https://huggingface.co/docs/safetensors). Core's `readSafetensors` reads this
 * project's own files, by path and whole; this one reads any source, and only what is asked for.
 */
import { failure, MAX_SAFETENSORS_HEADER_BYTES, parseSafetensorsHeader, type ByteSource } from '@styleclip/core';
import { type LazyTensor, rawTensor, requireShape, type StateDict } from './tensor.js';

const BRACE = 0x7b;

/** Whether a file's first bytes, and its size, are those of a safetensors file. */
export function isSafetensors(head: Uint8Array, size: number): boolean {
  const longest = Math.min(size - 8, MAX_SAFETENSORS_HEADER_BYTES);
  return head.byteLength >= 9 && head[8] === BRACE && headerLength(head) <= longest;
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
  const head = await source.read(0, Math.min(size, 9));
  if (!isSafetensors(head, size)) {
    throw failure(`${name}: not a valid safetensors file: it does not begin with the length of its header`);
  }
  const start = 8 + headerLength(head);
  const text = new TextDecoder().decode(await source.read(8, start - 8));
  const { entries } = parseSafetensorsHeader(text, size - start, name);
  return new Map<string, LazyTensor>(
    entries.map(({ name: key, dtype, shape, begin, end }) => {
      requireShape(shape, `${name}: "${key}"`);
      const read = async () => rawTensor(dtype, shape, await source.read(start + begin, end - begin));
      return [key, { dtype, shape, read }];
    }),
  );
}
