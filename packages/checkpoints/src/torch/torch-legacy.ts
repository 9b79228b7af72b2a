/**
 * torch.save before version 1.6: several pickles in a row, then the storages.
 *
 *     pickle   the magic number 0x1950a86a20f9469cfc6c
 *     pickle   the protocol, 1001
 *     pickle   sys_info (byte order and sizes of the writing machine; the storages are little-endian whatever it says)
 *     pickle   the object; storages are ('storage', class, key, device, count, view) with view None or (key, offset, count)
 *     pickle   the list of the storages' keys
 *     then, for each key in that order: int64 count, the numbers
 *
 * The numbers' places follow from the counts in the object's pickle, and each count in front of the numbers must
 * agree. A large file is not read whole: the pickles stand at its beginning, and a window over it grows until they
 * are complete. NVIDIA's pickles hold files of this format as bytes, one for each storage (`readTorchBlob`).
 */
import { allowList } from '../pickle/allow-list.js';
import { failure, fits, fromBytes, MAX_READ_BYTES, partOf, quoted, type ByteSource } from '@styleclip/core';
import { readPickle } from '../pickle/read-pickle.js';
import { PyGlobal, PyList, PyTuple, type PyValue } from '../pickle/values.js';
import { reduceTorch } from './rebuild-tensor.js';
import { byteCount, readStorageId, type StorageBytes, TorchStorage } from './storage.js';

const MAGIC = 0x1950a86a20f9469cfc6cn;
const PROTOCOL = 1001;

/** The magic number as a pickle has it: LONG1, ten bytes, little-endian. */
const MAGIC_BYTES = Buffer.from('8a0a6cfc9c46f9206aa85019', 'hex');

/** Names for the object itself; what stands before and after it is plainer still. */
const OBJECT_NAMES = allowList('base', 'numpy', 'torch', 'modules', 'nvidia');
const PLAIN_NAMES = allowList('base');

/** The first window: the pickles of a StyleGAN2 take 30 kB, those of the largest checkpoints some hundred. */
const WINDOW_BYTES = 1 << 20;

/** Whether a file's first bytes are those of this format. */
export function isTorchLegacy(head: Uint8Array): boolean {
  const at = Buffer.from(head.buffer, head.byteOffset, Math.min(head.byteLength, 32)).indexOf(MAGIC_BYTES);
  return head[0] === 0x80 && at > 0;
}

/**
 * Reads the structure of a file in the older format; tensors read their own bytes later.
 *
 * @throws UserError for anything that does not fit
 */
export async function readTorchLegacy(source: ByteSource): Promise<PyValue> {
  const { name } = source;
  const head = await readHead(source);
  for (const { storage, from } of placed(head, source.size, name)) {
    checkCount(storage, await source.read(from - 8, 8), name);
    storage.place.source = partOf(source, name, from, storage.size);
  }
  return head.value;
}

/**
 * Reads a file of the older format that lies in memory, as `torch.storage._load_from_bytes` is given it: in most cases
 * its value is one storage. Tensors and storages are views of `bytes`.
 *
 * @throws UserError for anything that does not fit
 */
export function readTorchBlob(bytes: Uint8Array, name: string): PyValue {
  const source = fromBytes(name, bytes);
  const head = parseHead(bytes, name);
  for (const { storage, from } of placed(head, bytes.byteLength, name)) {
    checkCount(storage, bytes.subarray(from - 8, from), name);
    storage.place.source = partOf(source, name, from, storage.size);
  }
  return head.value;
}

/** Where a storage's numbers are, once that is known: after the pickle that uses them has been read. */
class Place implements StorageBytes {
  readonly bigEndian = false;
  source: ByteSource | undefined;

  async read(offset: number, length: number): Promise<Uint8Array> {
    if (this.source === undefined) throw new Error('a storage is read before it has its place');
    return this.source.read(offset, length);
  }
}

class PlacedStorage extends TorchStorage {
  readonly place: Place;

  constructor(dtype: TorchStorage['dtype'], size: number, place: Place) {
    super(dtype, size, place);
    this.place = place;
  }
}

interface Head {
  readonly value: PyValue;
  readonly storages: ReadonlyMap<string, PlacedStorage>;
  /** In the order of the file. */
  readonly keys: readonly string[];
  /** Where the pickles end. */
  readonly end: number;
}

/** Reads the pickles through a window that grows fourfold, so that at most a third of the bytes is read twice. */
async function readHead(source: ByteSource): Promise<Head> {
  const most = Math.min(source.size, MAX_READ_BYTES);
  for (let window = WINDOW_BYTES; ; window *= 4) {
    const bytes = await source.read(0, Math.min(window, most));
    try {
      return parseHead(bytes, source.name);
    } catch (error) {
      // A pickle that ends in mid-air and one that is damaged look alike: only the whole file can tell.
      if (window >= most) throw error;
    }
  }
}

function parseHead(bytes: Uint8Array, name: string): Head {
  let end = 0;
  const next = (options: Partial<Parameters<typeof readPickle>[1]> = {}): PyValue => {
    const result = readPickle(bytes, { name, allow: PLAIN_NAMES, ...options, offset: end });
    end = result.end;
    return result.value;
  };
  if (next() !== MAGIC) throw failure(`${name}: not a torch file: it does not begin with torch's magic number`);
  if (next() !== PROTOCOL)
    throw failure(`${name}: written in another protocol of torch than ${PROTOCOL}, which is not read`);
  next(); // sys_info

  const storages = new Map<string, PlacedStorage>();
  const value = next({
    allow: OBJECT_NAMES,
    persistentLoad: (id) => loadStorage(id, storages, name),
    reduce: (callable, args) => reduceTorch(name, callable, args),
  });
  const list = next();
  const keys = list instanceof PyList ? list.items : [null];
  if (!keys.every((key) => typeof key === 'string'))
    throw failure(`${name}: not a torch file: the list of its storages is missing or holds other things`);
  return { value, storages, keys, end };
}

function loadStorage(id: PyValue, storages: Map<string, PlacedStorage>, name: string): PyValue {
  // A layer's class, with its source text beside it; the text stays where it is.
  if (id instanceof PyTuple && id.items[0] === 'module' && id.items[1] instanceof PyGlobal) return id.items[1];
  const { dtype, key, size, view } = readStorageId(id, name);
  let root = storages.get(key);
  if (root === undefined) {
    root = new PlacedStorage(dtype, size, new Place());
    storages.set(key, root);
  } else if (root.dtype !== dtype || root.size !== size) {
    throw failure(`${name}: the storage ${quoted(key)} is described twice, and differently`);
  }
  if (view === undefined) return root;

  const [, offset, count] = view instanceof PyTuple ? view.items : [];
  const from = byteCount(offset, dtype);
  const length = byteCount(count, dtype);
  if (from === undefined || length === undefined || !fits(root.size, from, length))
    throw failure(`${name}: a part of the storage ${quoted(key)} leaves it`);
  const { place } = root;
  return new TorchStorage(dtype, length, { bigEndian: false, read: (at, n) => place.read(from + at, n) });
}

/** Where each storage's numbers begin. Each has eight bytes before it: its count. */
function placed(head: Head, size: number, name: string): { storage: PlacedStorage; from: number }[] {
  const left = new Map(head.storages);
  let end = head.end;
  const places = head.keys.map((key) => {
    const storage = left.get(key);
    if (storage === undefined)
      throw failure(`${name}: lists the storage ${quoted(key)}, which no tensor uses or which came before`);
    left.delete(key);
    const from = end + 8;
    if (!fits(size, from, storage.size))
      throw failure(
        `${name}: cut short: the storage ${quoted(key)} needs ${storage.size} bytes from byte ${from}, but it has ${size} bytes`,
      );
    end = from + storage.size;
    return { storage, from };
  });
  const [missing] = left.keys();
  if (missing !== undefined) throw failure(`${name}: does not list the storage ${quoted(missing)} that a tensor uses`);
  return places;
}

function checkCount(storage: PlacedStorage, field: Uint8Array, name: string): void {
  const count = Number(new DataView(field.buffer, field.byteOffset, 8).getBigInt64(0, true));
  if (byteCount(count, storage.dtype) !== storage.size)
    throw failure(`${name}: a storage of ${storage.size} bytes says that it holds ${count} numbers`);
}
