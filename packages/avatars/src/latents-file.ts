/**
 * Files of W+ codes: what edits are trained and judged on when everybody should use the same.
 *
 *     w_plus [N, layers, D] float32,   metadata: bundle, generator (the SHA-256 of its file), count, seed, truncation
 *
 * Code number i is truncate(mapping(z_i), ψ) for all layers, z_i ~ N(0, I) a function of (seed, i) alone. Codes belong to
 * one generator: when its hash is another, the file is made anew.
 */
import { stat } from 'node:fs/promises';
import {
  broadcastW,
  disposeAll,
  generatorSize,
  loadBundle,
  mapping,
  normals,
  Random,
  readSafetensors,
  requireWeight,
  saveWeights,
  tf,
  truncate,
  type Device,
} from '@styleclip/core';
import type { LatentsSpec } from './dataset-spec.js';

/** Latents mapped at a time. */
const BATCH = 500;

/**
 * Makes the file that the description asks for; leaves one alone that is so already.
 * @returns whether it was made
 * @throws UserError when the bundle has no generator
 */
export async function makeLatentsFile(device: Device, path: string, spec: LatentsSpec): Promise<boolean> {
  const { bundle, count, seed, truncation } = spec;
  const { info, generator } = await loadBundle(bundle, { parts: ['generator'] });
  const metadata = {
    bundle,
    generator: info.generator!.sha256,
    count: String(count),
    seed: String(seed),
    truncation: String(truncation),
  };
  try {
    if (await holds(path, metadata)) return false;
    const { zDim, layers } = generatorSize(generator);
    const random = new Random(seed);
    const toWPlus = device.compile(
      (z: tf.Tensor2D) =>
        broadcastW(
          truncate(mapping(generator, z), requireWeight(generator, 'wAvg') as tf.Tensor1D, truncation),
          layers,
        ),
      { name: 'latents' },
    );
    const parts: tf.Tensor[] = [];
    for (let first = 0; first < count; first += BATCH) {
      const rows = Array.from({ length: Math.min(BATCH, count - first) }, (_, i) => first + i);
      const z = tf.tidy(
        () => tf.concat(rows.map((i) => normals(random.fork(`latent/${i}`), [1, zDim]) as tf.Tensor2D)) as tf.Tensor2D,
      ); // [N,Z]
      parts.push(await toWPlus(z)); // [N,L,D]
      z.dispose();
    }
    await toWPlus.dispose();
    const wPlus = tf.concat(parts, 0);
    await saveWeights(path, { w_plus: wPlus }, { metadata });
    disposeAll(parts, wPlus);
    return true;
  } finally {
    disposeAll(generator);
  }
}

/** Whether the file is there and was made from the same. */
async function holds(path: string, wanted: Readonly<Record<string, string>>): Promise<boolean> {
  const there = await stat(path).then(
    () => true,
    () => false,
  );
  if (!there) return false;
  const { metadata } = await readSafetensors(path);
  return Object.entries(wanted).every(([key, value]) => metadata?.[key] === value);
}
