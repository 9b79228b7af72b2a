/**
 * The parts of a measurement on the disk: `parts/<id>.safetensors` in the run's folder, each whole or not there, with how long
 * it took in its header. A part is written once; what is there when a run goes on is not done again.
 */
import { join } from 'node:path';
import { mkdir, readdir } from 'node:fs/promises';
import { failure, oneLine, readSafetensors, toFloats, writeSafetensors, type RawTensor } from '@styleclip/core';
import type { Arrays, Part } from './probe/prober.js';

/** The folder of a run's parts. */
export const partsOf = (dir: string): string => join(dir, 'parts');

const fileOf = (dir: string, part: Part): string => join(partsOf(dir), `${part.id}.safetensors`);

/** Ids of the parts that are there. */
export async function finishedParts(dir: string): Promise<Set<string>> {
  await mkdir(partsOf(dir), { recursive: true });
  const names = await readdir(partsOf(dir));
  return new Set(names.filter((name) => name.endsWith('.safetensors')).map((name) => name.slice(0, -12)));
}

/** Writes a part, whole or not at all. */
export async function savePart(dir: string, part: Part, arrays: Arrays, seconds: number): Promise<void> {
  const tensors: Record<string, RawTensor> = {};
  for (const [name, { shape, data }] of Object.entries(arrays))
    tensors[name] = { dtype: 'F32', shape: [...shape], data };
  await writeSafetensors(fileOf(dir, part), { tensors, metadata: { seconds: String(seconds) } });
}

/** Reads a part. @throws UserError when it is damaged */
export async function loadPart(dir: string, part: Part): Promise<{ arrays: Arrays; seconds: number }> {
  const path = fileOf(dir, part);
  try {
    const { tensors, metadata } = await readSafetensors(path);
    const arrays: Arrays = {};
    for (const [name, raw] of Object.entries(tensors)) arrays[name] = toFloats(raw);
    return { arrays, seconds: Number(metadata['seconds'] ?? 0) };
  } catch (error) {
    throw failure(`${oneLine(error)}; delete ${path}, and --resume measures that part again`, error);
  }
}
