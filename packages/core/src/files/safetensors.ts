/**
 * Safetensors files as typed arrays: reading and writing, nothing about TensorFlow.js (weights-file.ts adds that).
 *
 * The reader is streamed tensor by tensor, so it takes no more memory than the tensors need; sizes are checked
 * first (safetensors-header.ts). The writer orders tensors as the original library does, widest dtype first and then by name,
 * which keeps every tensor aligned, and pads the header with spaces to eight bytes.
 */
import { type FileHandle, open } from 'node:fs/promises';
import { endianness } from 'node:os';
import { writeFileAtomic } from './atomic-file.js';
import { failure, hasCode } from '../errors.js';
import { MAX_HEADER_BYTES, parseHeader } from './safetensors-header.js';
import { DTYPE_ARRAYS, DTYPE_BYTES, type RawTensor, type SafetensorsDtype } from '../tensors/raw-tensor.js';

export interface SafetensorsFile {
  tensors: Record<string, RawTensor>;
  metadata: Record<string, string>;
}

/** One read call takes at most this much; Node refuses 2 GiB and more. */
const READ_BYTES = 1 << 28;

/**
 * Reads a safetensors file whole.
 *
 * @param only reads just the tensors whose names it accepts (all are checked)
 * @throws UserError when the file is missing, cut short or malformed
 */
export async function readSafetensors(
  path: string,
  only: (name: string) => boolean = () => true,
): Promise<SafetensorsFile> {
  if (endianness() !== 'LE') throw failure('safetensors files can be read on little-endian machines only');
  let file: FileHandle;
  try {
    file = await open(path, 'r');
  } catch (error) {
    throw hasCode(error, 'ENOENT')
      ? failure(`${path}: no such file`, error)
      : failure(`${path}: can't be read: ${(error as Error).message}`, error);
  }
  try {
    const stat = await file.stat();
    if (!stat.isFile()) throw failure(`${path}: is not a file`);
    const { size } = stat;
    if (size < 8) throw failure(`${path}: not a valid safetensors file: it has only ${size} bytes`);
    const length = Number(new DataView((await readRange(file, 0, 8, path)).buffer).getBigUint64(0, true));
    if (length > MAX_HEADER_BYTES || length > size - 8) {
      throw failure(
        `${path}: not a valid safetensors file: it claims a header of ${length} bytes (the file has ${size}, the limit is ${MAX_HEADER_BYTES})`,
      );
    }
    const text = new TextDecoder().decode(await readRange(file, 8, length, path));
    const { entries, metadata } = parseHeader(text, size - 8 - length, path);

    const tensors: Record<string, RawTensor> = Object.create(null) as Record<string, RawTensor>;
    for (const { name, dtype, shape, begin, end } of entries) {
      if (!only(name)) continue;
      const bytes = await readRange(file, 8 + length + begin, end - begin, path);
      tensors[name] = { dtype, shape, data: new DTYPE_ARRAYS[dtype](bytes.buffer) };
    }
    return { tensors, metadata };
  } finally {
    await file.close();
  }
}

/**
 * Writes a safetensors file, whole or not at all.
 *
 * @throws Error when a tensor's data does not fit its dtype and shape
 */
export async function writeSafetensors(
  path: string,
  {
    tensors,
    metadata = {},
  }: { tensors: Readonly<Record<string, RawTensor>>; metadata?: Readonly<Record<string, string>> },
): Promise<void> {
  const { start, places } = layOutSafetensors(tensors, metadata);
  const pieces: Uint8Array[] = [];
  for (const name of places.keys()) {
    const { dtype, shape, data } = tensors[name] as RawTensor;
    if (!(data instanceof DTYPE_ARRAYS[dtype]))
      throw new Error(`"${name}": ${dtype} data must be a ${DTYPE_ARRAYS[dtype].name}, got ${data.constructor.name}`);
    const expected = shape.reduce((product, size) => product * size, 1);
    if (data.length !== expected)
      throw new Error(`"${name}": shape [${shape.join(', ')}] needs ${expected} numbers, got ${data.length}`);
    pieces.push(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  }
  await writeFileAtomic(path, [start, ...pieces]);
}

/** How a file with these tensors begins, and where each tensor's bytes lie behind that, in the order of the data. */
export function layOutSafetensors(
  tensors: Readonly<Record<string, { readonly dtype: SafetensorsDtype; readonly shape: readonly number[] }>>,
  metadata: Readonly<Record<string, string>>,
): { start: Uint8Array; places: Map<string, { offset: number; bytes: number }> } {
  if (endianness() !== 'LE') throw failure('safetensors files can be written on little-endian machines only');
  const entry = (name: string) => tensors[name] as { dtype: SafetensorsDtype; shape: readonly number[] };
  const names = Object.keys(tensors).sort((a, b) => {
    const wider = DTYPE_BYTES[entry(b).dtype] - DTYPE_BYTES[entry(a).dtype];
    return wider !== 0 ? wider : a < b ? -1 : 1;
  });
  const header: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  if (Object.keys(metadata).length > 0) header['__metadata__'] = metadata;
  const places = new Map<string, { offset: number; bytes: number }>();
  let offset = 0;
  for (const name of names) {
    if (name === '__metadata__') throw new Error('a tensor can\'t be called "__metadata__"');
    const { dtype, shape } = entry(name);
    const bytes = shape.reduce((product, size) => product * size, DTYPE_BYTES[dtype]);
    header[name] = { dtype, shape, data_offsets: [offset, offset + bytes] };
    places.set(name, { offset, bytes });
    offset += bytes;
  }
  const json = Buffer.from(JSON.stringify(header));
  const start = Buffer.alloc(8 + Math.ceil(json.length / 8) * 8, ' ');
  start.writeBigUInt64LE(BigInt(start.length - 8), 0);
  json.copy(start, 8);
  return { start, places };
}

/** `length` bytes from `position`, in a buffer of their own. */
async function readRange(
  file: FileHandle,
  position: number,
  length: number,
  path: string,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(new ArrayBuffer(length));
  let done = 0;
  while (done < length) {
    const { bytesRead } = await file.read(bytes, done, Math.min(READ_BYTES, length - done), position + done);
    if (bytesRead === 0) throw failure(`${path}: ended while it was read`);
    done += bytesRead;
  }
  return bytes;
}
