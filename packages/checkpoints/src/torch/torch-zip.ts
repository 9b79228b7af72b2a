/**
 * torch.save since version 1.6: a zip archive of a pickle and its storages.
 *
 *     <any folder>/data.pkl        the object, its storages named by persistent ids
 *     <any folder>/data/<key>      one storage, stored (not deflated) and aligned to 64 bytes
 *     <any folder>/byteorder       `little` or `big`; absent before torch 2.1, which wrote the machine's own
 *     <any folder>/version, …      not needed
 *
 * Only the directory and data.pkl are read here; a tensor's bytes come from the archive when the tensor is read.
 * Archives of torch.jit.save have the same storages under a different kind of pickle (torchscript.ts).
 */
import { allowList } from '../pickle/allow-list.js';
import { failure, quoted, type ByteSource } from '@styleclip/core';
import { readPickle } from '../pickle/read-pickle.js';
import type { PyValue } from '../pickle/values.js';
import type { ZipArchive } from '../zip.js';
import { reduceTorch } from './rebuild-tensor.js';
import { readStorageId, TorchStorage } from './storage.js';
import { modulesAsDicts, reduceTorchScript } from './torchscript.js';

export interface TorchTree {
  readonly format: 'torch-zip' | 'torch-legacy' | 'torchscript';
  readonly tree: PyValue;
}

/** The folder of an archive that torch wrote; undefined for archives of others. */
export function torchRoot(archive: ZipArchive): string | undefined {
  return [...archive.keys()].find((name) => /^[^/]+\/data\.pkl$/.test(name))?.slice(0, -'/data.pkl'.length);
}

/**
 * Reads the structure of an archive of torch.save or torch.jit.save.
 *
 * @throws UserError when there is no data.pkl, or anything in it does not fit
 */
export async function readTorchZip(source: ByteSource, archive: ZipArchive): Promise<TorchTree> {
  const { name } = source;
  const root = torchRoot(archive);
  if (root === undefined) throw failure(`${name}: not a torch archive: it holds no <folder>/data.pkl`);
  const script = archive.has(`${root}/constants.pkl`);
  const bigEndian = (await record(archive, `${root}/byteorder`)) === 'big';

  const storages = new Map<string, TorchStorage>();
  const persistentLoad = (id: PyValue): PyValue => {
    const { dtype, key, size } = readStorageId(id, name);
    const known = storages.get(key);
    if (known?.dtype === dtype && known.size === size) return known;
    const entry = archive.get(`${root}/data/${key}`);
    if (entry === undefined)
      throw failure(`${name}: the numbers of storage ${quoted(key)} are missing from the archive`);
    if (size > entry.size)
      throw failure(
        `${name}: the storage ${quoted(key)} claims ${size} bytes, but the archive holds ${entry.size} of it`,
      );
    const read = async (offset: number, length: number) => (await entry.open()).read(offset, length);
    const storage = new TorchStorage(dtype, size, { bigEndian, read });
    storages.set(key, storage);
    return storage;
  };

  const pickle = await whole(archive, `${root}/data.pkl`);
  const { value } = readPickle(pickle, {
    name,
    allow: script
      ? allowList('base', 'torch', 'torchscript')
      : allowList('base', 'numpy', 'torch', 'modules', 'nvidia'),
    persistentLoad,
    reduce: (callable, args) =>
      reduceTorch(name, callable, args) ?? (script ? reduceTorchScript(name, callable, args) : undefined),
  });
  return script ? { format: 'torchscript', tree: modulesAsDicts(value) } : { format: 'torch-zip', tree: value };
}

async function whole(archive: ZipArchive, entry: string): Promise<Uint8Array> {
  const source = await archive.get(entry)?.open();
  return source ? source.read(0, source.size) : new Uint8Array(0);
}

/** A short text record of the archive. */
async function record(archive: ZipArchive, entry: string): Promise<string> {
  const source = await archive.get(entry)?.open();
  return source ? new TextDecoder().decode(await source.read(0, Math.min(source.size, 64))).trim() : '';
}
