/**
 * Latents by seed: a number that anybody can write down and draw again. Seed n is the first z ~ N(0, I) that
 * `new Random(n)` draws, through mapping network and truncation.
 */
import { usageError } from '../errors.js';
import { generatorSize } from '../models/stylegan2/index.js';
import { normals, Random } from '../tensors/random.js';
import { tf } from '../tensors/tf.js';
import type { Weights } from '../tensors/weights.js';
import { latentsOfZ } from './sampled.js';

/** W+ of seeds, [N,L,D]: seed n is the first z that `new Random(n)` draws. */
export function latentsOfSeeds(generator: Weights, seeds: readonly number[], truncation: number): tf.Tensor3D {
  const { zDim } = generatorSize(generator);
  return tf.tidy(() => {
    const z = tf.concat(seeds.map((seed) => normals(new Random(seed), [1, zDim]) as tf.Tensor2D));
    return latentsOfZ(generator, z, truncation);
  });
}

/**
 * Seeds as they are written on a command line: `7`, `1-8`, `1-4,9`.
 * @throws UserError for anything else
 */
export function parseSeeds(text: string): number[] {
  return text.split(',').flatMap((part) => {
    const [, first, last] = /^\s*(\d+)(?:-(\d+))?\s*$/.exec(part) ?? [];
    const from = Number(first);
    const to = Number(last ?? first);
    if (first === undefined || to < from || to - from >= 10_000) {
      throw usageError(`--seeds: expected numbers and ranges such as 1-8,12, got "${text}"`);
    }
    return Array.from({ length: to - from + 1 }, (_, i) => from + i);
  });
}
