/**
 * Storages: the flat blocks of numbers that torch's tensors are views of.
 *
 * A checkpoint's pickle names each storage by a persistent id, ('storage', class, key, device, count), and tells
 * tensors apart from it: several may share one storage, each with its own offset, shape and strides. What is kept
 * here is where the bytes are, not the bytes. The device is ignored: numbers are numbers wherever they were.
 */
import { failure, quoted, type SafetensorsDtype } from '@styleclip/core';
import { kindOf, PyGlobal, PyObject, PyTuple, type PyValue } from '../pickle/values.js';
import { elementBytes } from '../tensor.js';
import { storageType } from './dtypes.js';

/** Where a storage's bytes are. */
export interface StorageBytes {
  /** Whether each number's most significant byte comes first. */
  readonly bigEndian: boolean;
  /** Memory of its own, or a view that nobody may change. */
  read(offset: number, length: number): Promise<Uint8Array>;
}

/** A storage in a tree of pickle values. */
export class TorchStorage extends PyObject {
  readonly dtype: SafetensorsDtype | 'untyped';
  /** Bytes that the storage has, proved against the file (or about to be, in the older format). */
  readonly size: number;
  readonly bytes: StorageBytes;

  constructor(dtype: SafetensorsDtype | 'untyped', size: number, bytes: StorageBytes) {
    super(new PyGlobal('torch.storage', 'TypedStorage'));
    this.dtype = dtype;
    this.size = size;
    this.bytes = bytes;
  }
}

/** A persistent id, taken apart and checked for its kind. */
export interface StorageId {
  readonly dtype: SafetensorsDtype | 'untyped';
  readonly key: string;
  /** Bytes, by the id's count and the size of its type. */
  readonly size: number;
  /** The older format's part of another storage, as it stands in the file. */
  readonly view: PyValue | undefined;
}

/**
 * Reads a persistent id.
 *
 * @param name the file's name, for messages
 * @throws UserError when it is none of a storage
 */
export function readStorageId(id: PyValue, name: string): StorageId {
  const [kind, type, key, , count, view] = id instanceof PyTuple ? id.items : [];
  if (kind !== 'storage' || typeof key !== 'string')
    throw failure(
      `${name}: not a torch file that can be read: a persistent id is ${kindOf(id)}, not that of a storage`,
    );
  const dtype = storageType(type, name);
  const bytes = byteCount(count, dtype);
  if (bytes === undefined)
    throw failure(`${name}: the storage ${quoted(key)} claims ${kindOf(count)} as its size, or one that is impossible`);
  return { dtype, key, size: bytes, view: view ?? undefined };
}

/** `count` numbers in bytes; undefined unless it is a whole number ≥ 0 and the product is below 2^53. */
export function byteCount(count: PyValue | undefined, dtype: SafetensorsDtype | 'untyped'): number | undefined {
  if (typeof count !== 'number' || !Number.isSafeInteger(count) || count < 0) return undefined;
  const bytes = count * (dtype === 'untyped' ? 1 : elementBytes(dtype));
  return Number.isSafeInteger(bytes) ? bytes : undefined;
}
