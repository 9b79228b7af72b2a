/**
 * Checkpoints: everything a run needs to go on as if it had never stopped.
 *
 *     checkpoints/step-000400/params.safetensors     one file a record of tensors (parameters, optimizer moments …), float32
 *     checkpoints/step-000400/state.json             step, length of metrics.jsonl, and the caller's state (random state …)
 *
 * A checkpoint is written into a temporary folder that is renamed when all is on the disk, so a folder with the
 * right name is a whole checkpoint; anything else is ignored, and swept away by the next save. Older checkpoints are
 * removed when a new one is safe.
 */
import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { writeJsonAtomic } from '../files/atomic-file.js';
import { hasCode, oneLine } from '../errors.js';
import { disposeAll, type Weights } from '../tensors/weights.js';
import { loadWeights, saveWeights } from '../files/weights-file.js';

/** A value that JSON can hold (undefined fields are left out). */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined };

export interface Checkpoint {
  /** Steps done when it was saved. */
  readonly step: number;
  readonly dir: string;
  /** The records of tensors, under the names they were saved with. The caller disposes them. */
  readonly weights: Record<string, Weights>;
  /** What the caller gave besides tensors. */
  readonly state: unknown;
  /** Length of metrics.jsonl at that time. */
  readonly metricsBytes: number;
}

interface StateFile {
  step: number;
  metricsBytes: number;
  records: string[];
  state: unknown;
}

const FOLDER = /^step-(\d{6,})$/;

/** Writes a checkpoint under `dir`, then removes all but the newest `keep`. @returns its folder */
export async function writeCheckpoint(
  dir: string,
  {
    step,
    weights,
    state,
    metricsBytes,
    keep,
  }: { step: number; weights: Readonly<Record<string, Weights>>; state: unknown; metricsBytes: number; keep: number },
): Promise<string> {
  if (!Number.isSafeInteger(step) || step < 0)
    throw new Error(`a checkpoint's step must be a whole number ≥ 0, got ${step}`);
  const final = join(dir, `step-${String(step).padStart(6, '0')}`);
  const temporary = join(dir, `.${basename(final)}.${process.pid}.tmp`);
  await mkdir(dir, { recursive: true });
  await sweep(dir);
  await mkdir(temporary);
  const records = Object.keys(weights).sort();
  for (const name of records) {
    if (!/^[\w-]+$/.test(name)) throw new Error(`a checkpoint's record needs a plain name, got "${name}"`);
    await saveWeights(join(temporary, `${name}.safetensors`), weights[name] as Weights);
  }
  await writeJsonAtomic(join(temporary, 'state.json'), { step, metricsBytes, records, state } satisfies StateFile);
  await rm(final, { recursive: true, force: true }); // the same step saved twice holds the same numbers
  await rename(temporary, final);

  const older = (await listCheckpoints(dir)).filter((other) => other !== final).slice(Math.max(0, keep - 1));
  for (const other of older) await rm(other, { recursive: true, force: true });
  return final;
}

/**
 * Reads the newest checkpoint under `dir` that is whole; a damaged one is passed over with a word on stderr.
 *
 * @returns undefined when there is none
 */
export async function readLatestCheckpoint(dir: string): Promise<Checkpoint | undefined> {
  for (const folder of await listCheckpoints(dir)) {
    const weights: Record<string, Weights> = {};
    try {
      const { step, metricsBytes, records, state } = JSON.parse(
        await readFile(join(folder, 'state.json'), 'utf8'),
      ) as StateFile;
      for (const name of records) weights[name] = await loadWeights(join(folder, `${name}.safetensors`));
      return { step, dir: folder, weights, state, metricsBytes };
    } catch (error) {
      disposeAll(weights);
      process.stderr.write(`passing over a damaged checkpoint: ${folder}: ${oneLine(error)}\n`);
    }
  }
  return undefined;
}

/** Folders of finished checkpoints, newest first. */
async function listCheckpoints(dir: string): Promise<string[]> {
  const stepOf = (name: string): number => Number(FOLDER.exec(name)?.[1]);
  const names = (await entries(dir)).filter((name) => FOLDER.test(name));
  return names.sort((a, b) => stepOf(b) - stepOf(a)).map((name) => join(dir, name));
}

/** Removes what an interrupted save left behind. */
async function sweep(dir: string): Promise<void> {
  for (const name of await entries(dir)) {
    if (name.endsWith('.tmp')) await rm(join(dir, name), { recursive: true, force: true });
  }
}

async function entries(dir: string): Promise<string[]> {
  try {
    return await readdir(dir);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return [];
    throw error;
  }
}
