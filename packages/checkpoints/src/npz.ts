/**
 * .npz files: zip archives of .npy files, as numpy.savez and numpy.savez_compressed write them.
 *
 * Stored arrays are read in place. Deflated ones are inflated twice, once for the header and once for the numbers:
 * time is spent so that no more than one array is in memory. People put names, dates and settings beside their numbers; an
 * array that can't be read is kept as such, with the reason, and is in nobody's way until it is asked for.
 */
import { failure, UserError, type ByteSource } from '@styleclip/core';
import { readNpy } from './npy.js';
import { PyDict, PyGlobal, PyObject, PyTensor, type PyValue } from './pickle/values.js';
import { openZip, type ZipArchive, type ZipEntry } from './zip.js';

/** An array that holds other things than numbers, or is damaged. */
export class UnreadArray extends PyObject {
  /** The error of whoever wants it. */
  readonly reason: UserError;

  constructor(reason: UserError) {
    super(new PyGlobal('numpy', 'ndarray'));
    this.reason = reason;
  }
}

/**
 * The arrays of a .npz file by name (without `.npy`), as PyTensors and UnreadArrays. The source must stay open until they
 * are read.
 *
 * @throws UserError when the archive is damaged, or holds other things than arrays
 */
export async function readNpz(source: ByteSource): Promise<PyDict> {
  return arraysOf(source.name, await openZip(source));
}

/** Whether an archive holds arrays and nothing else. */
export function isNpz(archive: ZipArchive): boolean {
  return archive.size > 0 && [...archive.keys()].every((name) => name.endsWith('.npy'));
}

/**
 * The arrays of an archive that is open already.
 *
 * @param name the file's
 * @param wanted where one of these is there, the others are not even opened
 */
export async function arraysOf(name: string, archive: ZipArchive, wanted: readonly string[] = []): Promise<PyDict> {
  if (!isNpz(archive)) throw failure(`${name}: not a .npz file: it holds other things than .npy files, or nothing`);
  const asked = wanted.flatMap((array) => archive.get(`${array}.npy`) ?? []);
  const arrays: [string, PyValue][] = [];
  for (const entry of asked.length > 0 ? asked : archive.values()) {
    arrays.push([entry.name.slice(0, -'.npy'.length), await arrayOf(entry)]);
  }
  return new PyDict(arrays);
}

async function arrayOf(entry: ZipEntry): Promise<PyValue> {
  try {
    const { dtype, shape } = await readNpy(await entry.open());
    return new PyTensor({ dtype, shape, read: async () => (await readNpy(await entry.open())).read() });
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return new UnreadArray(error);
  }
}
