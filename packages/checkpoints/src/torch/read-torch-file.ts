/**
 * Files of torch.save and torch.jit.save, whichever of the formats they have.
 *
 * The first bytes tell. Those of torch before 0.1.10 (tar archives, 2017) are not read; nothing that this project uses
 * was published in them.
 */
import { failure, type ByteSource } from '@styleclip/core';
import type { PyValue } from '../pickle/values.js';
import { isZip, openZip } from '../zip.js';
import { isTorchLegacy, readTorchLegacy } from './torch-legacy.js';
import { readTorchZip } from './torch-zip.js';

/**
 * The object in a torch file: dicts, lists and numbers, with PyTensors as leaves. A TorchScript archive gives the
 * dict of the root module's attributes. The source must stay open while tensors are read.
 *
 * @throws UserError when the file is no torch file, or damaged
 */
export async function readTorchFile(source: ByteSource): Promise<PyValue> {
  const head = await source.read(0, Math.min(source.size, 64));
  if (isZip(head)) return (await readTorchZip(source, await openZip(source))).tree;
  if (isTorchLegacy(head)) return readTorchLegacy(source);
  throw failure(`${source.name}: not a torch file (neither a zip archive nor torch's older format)`);
}
