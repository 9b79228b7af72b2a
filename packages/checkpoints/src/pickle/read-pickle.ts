/**
 * Reads a pickle as data.
 */
import type { AllowList } from './allow-list.js';
import type { PyGlobal, PyTuple, PyValue } from './values.js';

export interface ReadPickleOptions {
  /** What messages begin with: the file's name. */
  readonly name: string;
  readonly allow: AllowList;
  /** What a persistent id stands for (torch puts storages there). Without it such ids are refused. */
  readonly persistentLoad?: (id: PyValue) => PyValue;
  /**
   * Interprets a call of an allowed name (REDUCE, NEWOBJ, OBJ, INST): the value that stands for its result, or
   * undefined to leave it to the reader, which knows the base classes, numpy and NVIDIA's and makes a PyObject of
   * all others. Compound arguments may be incomplete and are not yet checked for depth or cycles: look at what is
   * needed, don't walk.
   */
  readonly reduce?: (callable: PyGlobal, args: PyTuple) => PyValue | undefined;
  /** Where the pickle begins; 0 by default. */
  readonly offset?: number;
}

export interface PickleResult {
  readonly value: PyValue;
  /** The offset after the pickle's last byte: where the next one begins, in files that hold several. */
  readonly end: number;
}

/**
 * Reads one pickle.
 *
 * @throws UserError, on one line that begins with `name`, for everything that is wrong with the bytes
 */
export function readPickle(bytes: Uint8Array, options: ReadPickleOptions): PickleResult {
  void bytes;
  throw new Error(`${options.name}: not yet`);
}
