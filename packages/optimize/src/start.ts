/** The latents that an optimization starts from, with names that its files can have. */
import { basename, extname } from 'node:path';
import {
  asWPlus,
  failure,
  generatorSize,
  latentsOfSeeds,
  parseSeeds,
  readImage,
  readLatents,
  requireWeight,
  tf,
  usageError,
  UserError,
  type Weights,
  type WPlus,
} from '@styleclip/core';
import type { OptimizeConfig } from './config.js';

/** Latents [N,L,D] on the host. The caller disposes them. */
export interface Start {
  wPlus: WPlus;
  names: string[];
}

/** Drawn when a configuration does not say what to edit. */
const SEEDS = '1-8';

/** @throws UserError when a file is missing or does not fit the generator, or what is asked for is not in it */
export async function openStart(
  generator: Weights,
  { mode, latents }: Pick<OptimizeConfig, 'mode' | 'latents'>,
): Promise<Start> {
  if (mode === 'free') return meanFace(generator);
  if (latents.file !== undefined) return fromFile(generator, latents.file, latents.rows);
  const seeds = numbersOf(String(latents.seeds ?? SEEDS), 'latents.seeds');
  return {
    wPlus: latentsOfSeeds(generator, seeds, latents.truncation),
    names: seeds.map((seed) => named('seed', seed)),
  };
}

/** The mean of W for every layer, where free generation begins. */
function meanFace(generator: Weights): Start {
  const { layers } = generatorSize(generator);
  const wPlus = tf.tidy(() => asWPlus(tf.expandDims(requireWeight(generator, 'wAvg'), 0), layers));
  return { wPlus, names: ['mean'] };
}

/** Latents of inverted pictures, from the file that the inversion left. */
export async function inverted(generator: Weights, file: string, images: readonly string[]): Promise<Start> {
  return { wPlus: await readLatents(file, generator), names: namesOfPictures(images) };
}

/** For a look at what would happen: mean faces in place of latents that are still to be found. @throws UserError for a file that is no picture */
export async function notYetInverted(generator: Weights, images: readonly string[]): Promise<Start> {
  const { resolution } = generatorSize(generator);
  for (const path of images) (await readImage(path, resolution)).dispose();
  const { wPlus: mean } = meanFace(generator);
  const wPlus = tf.tidy(() => tf.concat(images.map(() => mean)) as WPlus);
  mean.dispose();
  return { wPlus, names: namesOfPictures(images) };
}

/** `a/face.png` is `face`; a second one `face-2`. */
export function namesOfPictures(images: readonly string[]): string[] {
  const seen = new Map<string, number>();
  return images.map((path) => {
    const stem = basename(path, extname(path)).replace(/[^\w.-]/g, '_') || 'picture';
    const count = (seen.get(stem) ?? 0) + 1;
    seen.set(stem, count);
    return count === 1 ? stem : `${stem}-${count}`;
  });
}

async function fromFile(generator: Weights, file: string, rows: string | undefined): Promise<Start> {
  const all = await readLatents(file, generator);
  try {
    const count = all.shape[0];
    const chosen = rows === undefined ? Array.from({ length: count }, (_, i) => i) : numbersOf(rows, 'latents.rows');
    const beyond = chosen.find((row) => row >= count);
    if (chosen.length === 0) throw failure(`${file}: holds no latents`);
    if (beyond !== undefined)
      throw failure(`${file}: holds ${count} latents, number 0 to ${count - 1}; latents.rows asks for ${beyond}`);
    const wPlus = tf.tidy(() => tf.gather(all, tf.tensor1d(chosen, 'int32')));
    return { wPlus, names: chosen.map((row) => named('latent', row)) };
  } finally {
    all.dispose();
  }
}

/** Numbers as `parseSeeds` reads them, each once; `key` is what an error names. */
function numbersOf(text: string, key: string): number[] {
  try {
    return [...new Set(parseSeeds(text))];
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw usageError(`${key}: expected numbers and ranges such as 1-8,12, got "${text}"`, error);
  }
}

function named(kind: string, index: number): string {
  return `${kind}-${String(index).padStart(4, '0')}`;
}
