/**
 * Torch's tensors in plain pickles.
 *
 * Outside of torch.save a tensor's storage is pickled as a call, `torch.storage._load_from_bytes(b'…')`, whose bytes
 * are a whole file of torch's older format; NVIDIA's networks are full of them. Such a file is read where it lies, so
 * the tensors are views of the pickle's bytes. One within another would only be made by hand and is refused.
 */
import { failure } from '@styleclip/core';
import { kindOf, type PyGlobal, type PyTuple, type PyValue } from '../pickle/values.js';
import { reduceTorch } from './rebuild-tensor.js';
import { readTorchBlob } from './torch-legacy.js';

/** The networks in use have some hundred storages; each costs five small pickles to read, far more than its bytes. */
export const MAX_BLOBS = 20_000;

/**
 * Interprets the calls of a plain pickle, for `readPickle`'s `reduce`.
 *
 * @param name the file's name, for messages
 */
export function reducePlain(name: string): (callable: PyGlobal, args: PyTuple) => PyValue | undefined {
  // The memo can name the same bytes in thousands of calls; they are read once.
  const known = new Map<Uint8Array, PyValue>();
  return (callable, args) => {
    if (callable.qualified !== 'torch.storage._load_from_bytes') return reduceTorch(name, callable, args);
    const [bytes] = args.items;
    if (!(bytes instanceof Uint8Array))
      throw failure(`${name}: a storage is read from ${kindOf(bytes)}, not from bytes`);
    if (!known.has(bytes)) {
      if (known.size >= MAX_BLOBS) throw failure(`${name}: holds more than ${MAX_BLOBS} storages`);
      known.set(bytes, readTorchBlob(bytes, name));
    }
    return known.get(bytes);
  };
}
