/**
 * Opens any file that a user may hold, by what is in it.
 *
 * Names say little: `.pt`, `.pth`, `.bin` and `.pkl` are four formats in all combinations. The first bytes decide,
 * and where they are none of a checkpoint's, the message says what they look like: most "damaged" files are web pages
 * that a download got in place of the file. Whatever the format, the result is a tree of Python's values with
 * PyTensors as leaves, whose numbers are still in the file.
 */
import { failure, MAX_READ_BYTES, type ByteSource } from '@styleclip/core';
import { isNpy } from './npy-header.js';
import { isObjectNpy, npyPickle, readNpy } from './npy.js';
import { arraysOf, isNpz } from './npz.js';
import { allowList } from './pickle/allow-list.js';
import { readPickle } from './pickle/read-pickle.js';
import { PyDict, PyTensor, type PyValue } from './pickle/values.js';
import { isSafetensors, readSafetensorsSource } from './safetensors-source.js';
import type { StateDict } from './tensor.js';
import { reducePlain } from './torch/nested-blobs.js';
import { isTorchLegacy, readTorchLegacy } from './torch/torch-legacy.js';
import { readTorchZip, torchRoot } from './torch/torch-zip.js';
import { unlikely } from './unlikely-files.js';
import { isZip, openZip } from './zip.js';

export type CheckpointFormat = 'torch-zip' | 'torch-legacy' | 'torchscript' | 'pickle' | 'npy' | 'npz' | 'safetensors';

export interface OpenedCheckpoint {
  readonly format: CheckpointFormat;
  readonly tree: PyValue;
}

export interface OpenCheckpointOptions {
  /** Names of arrays: where a .npz file has one of them, its other arrays are not opened. */
  readonly arrays?: readonly string[];
}

/** Enough for every mark, tar's (at byte 257) included. */
const HEAD_BYTES = 512;

/** Pickles of protocol 0 and 1 have no mark; they begin with one of these opcodes and end with a full stop. */
const OLD_PICKLE_STARTS = '(]}cN';

/**
 * The tree in a checkpoint. The source must stay open until the tensors that are wanted have been read.
 *
 * @throws UserError when the file is none that can be read (the message says what it looks like), when it is damaged,
 *   or when it wants more than data
 */
export async function openCheckpoint(
  source: ByteSource,
  { arrays }: OpenCheckpointOptions = {},
): Promise<OpenedCheckpoint> {
  const { name, size } = source;
  if (size === 0) throw failure(`${name}: is empty; download it again`);
  const head = await source.read(0, Math.min(size, HEAD_BYTES));
  if (isZip(head)) return openArchive(source, arrays);
  if (isTorchLegacy(head)) return { format: 'torch-legacy', tree: await readTorchLegacy(source) };
  if (isNpy(head)) return { format: 'npy', tree: await openNpy(source) };
  if (isSafetensors(head, size)) return { format: 'safetensors', tree: asDict(await readSafetensorsSource(source)) };
  if (await isPickle(source, head)) return { format: 'pickle', tree: await openPickle(source) };
  throw failure(`${name}: ${unlikely(head)}`);
}

async function openArchive(source: ByteSource, arrays?: readonly string[]): Promise<OpenedCheckpoint> {
  const archive = await openZip(source);
  if (torchRoot(archive) !== undefined) return readTorchZip(source, archive);
  if (isNpz(archive)) return { format: 'npz', tree: await arraysOf(source.name, archive, arrays) };
  throw failure(
    `${source.name}: a zip archive without a checkpoint: neither torch's data.pkl nor numpy's arrays are in it; unpack it if the checkpoint is inside`,
  );
}

async function openNpy(source: ByteSource): Promise<PyValue> {
  return (await isObjectNpy(source)) ? npyPickle(source) : new PyTensor(await readNpy(source));
}

/**
 * A pickle of NVIDIA's networks, of numpy arrays, or of plain values. It is read whole; tensors are views of its
 * bytes.
 */
async function openPickle(source: ByteSource): Promise<PyValue> {
  const { name, size } = source;
  if (size > MAX_READ_BYTES)
    throw failure(`${name}: a pickle of ${size} bytes is more than can be read (${MAX_READ_BYTES})`);
  return readPickle(await source.read(0, size), {
    name,
    allow: allowList('base', 'numpy', 'torch', 'nvidia'),
    reduce: reducePlain(name),
  }).value;
}

async function isPickle(source: ByteSource, head: Uint8Array): Promise<boolean> {
  const [first = 0, second = 0] = head;
  if (first === 0x80) return second >= 2 && second <= 5;
  const [last] = await source.read(source.size - 1, 1);
  return OLD_PICKLE_STARTS.includes(String.fromCharCode(first)) && last === '.'.charCodeAt(0);
}

function asDict(tensors: StateDict): PyDict {
  return new PyDict([...tensors].map(([name, tensor]) => [name, new PyTensor(tensor)] as const));
}
