/**
 * .npz files: zip archives of .npy files, as numpy.savez and numpy.savez_compressed write them.
 *
 * Stored arrays are read in place. Deflated ones are inflated twice, once for the header and once for the numbers:
 * time is spent so that no more than one array is in memory.
 */
import { failure, type ByteSource } from '@styleclip/core';
import { readNpy } from './npy.js';
import type { LazyTensor, StateDict } from './tensor.js';
import { openZip, type ZipArchive } from './zip.js';

/**
 * The arrays of a .npz file by name (without `.npy`). The source must stay open until they are read.
 *
 * @throws UserError when the archive or one of its arrays is damaged, or holds other things than numbers
 */
export async function readNpz(source: ByteSource): Promise<StateDict> {
  return arraysOf(source.name, await openZip(source));
}

/** Whether an archive holds arrays and nothing else. */
export function isNpz(archive: ZipArchive): boolean {
  return archive.size > 0 && [...archive.keys()].every((name) => name.endsWith('.npy'));
}

/** The arrays of an archive that is open already; `name` is the file's. */
export async function arraysOf(name: string, archive: ZipArchive): Promise<StateDict> {
  if (!isNpz(archive)) throw failure(`${name}: not a .npz file: it holds other things than .npy files, or nothing`);
  const arrays = new Map<string, LazyTensor>();
  for (const entry of archive.values()) {
    const { dtype, shape } = await readNpy(await entry.open());
    arrays.set(entry.name.slice(0, -'.npy'.length), {
      dtype,
      shape,
      read: async () => (await readNpy(await entry.open())).read(),
    });
  }
  return arrays;
}
