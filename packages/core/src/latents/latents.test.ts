import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadBundle } from '../experiment/bundle.js';
import { openDevice } from '../experiment/device.js';
import { saveWeights } from '../files/weights-file.js';
import { normals, Random } from '../tensors/random.js';
import { tf } from '../tensors/tf.js';
import type { Weights } from '../tensors/weights.js';
import { writeTinyBundle } from '../testing/tiny-bundle.js';
import { fileLatents, parseSeeds, readLatents, sampledLatents, type LatentSource } from './index.js';

let dir: string;
let generator: Weights;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'latents-'));
  await writeTinyBundle(join(dir, 'bundle'));
  ({ generator } = await loadBundle(join(dir, 'bundle'), { parts: ['generator'] }));
});
afterAll(() => rm(dir, { recursive: true }));

const sampled = async (options: Partial<{ seed: number; truncation: number; mixing: number }> = {}) =>
  sampledLatents(generator, await openDevice('cpu'), [2, 4], { seed: 1, truncation: 1, mixing: 0, ...options });

async function take(source: LatentSource, position: number, batch: number, count: number): Promise<number[]> {
  const batches = await source.batches(position, batch);
  const numbers: number[] = [];
  for (let i = 0; i < count; i++) {
    const value = await batches.next();
    numbers.push(...value.dataSync());
    value.dispose();
  }
  return numbers;
}

describe('sampledLatents', () => {
  it('gives the same latents for the same seed, whatever the batch size, and goes on at a position', async () => {
    const source = await sampled();
    const all = await take(source, 0, 2, 3);
    expect(await take(await sampled(), 0, 3, 2)).toEqual(all);
    expect(await take(source, 4, 2, 1)).toEqual(all.slice((all.length / 6) * 4));
    expect(await take(await sampled({ seed: 2 }), 0, 2, 3)).not.toEqual(all);
    await source.dispose();
  });

  it('keeps the streams apart', async () => {
    const source = await sampled();
    const [train, validation, heldOut] = [
      await source.rows('train', 0, 2),
      await source.rows('validation', 0, 2),
      await source.rows('heldOut', 0, 2),
    ];
    expect(train.dataSync()).not.toEqual(validation.dataSync());
    expect(validation.dataSync()).not.toEqual(heldOut.dataSync());
  });

  it('repeats w for all layers, unless groups are mixed', async () => {
    const plain = (await (await sampled()).rows('train', 0, 1)).arraySync()[0]!;
    expect(plain[5]).toEqual(plain[0]);
    const mixed = (await (await sampled({ mixing: 1 })).rows('train', 0, 1)).arraySync()[0]!;
    expect(mixed[1]).toEqual(mixed[0]); // coarse: rows 0 and 1
    expect(mixed[3]).toEqual(mixed[2]);
    expect(mixed[2]).not.toEqual(mixed[0]);
    expect(mixed[4]).not.toEqual(mixed[2]);
  });

  it('is the average at truncation 0', async () => {
    const [row] = (await (await sampled({ truncation: 0 })).rows('train', 0, 1)).arraySync();
    expect(row![0]).toEqual([...generator['wAvg']!.dataSync()]);
  });
});

describe('fileLatents', () => {
  it('holds rows out and deals the others anew in each epoch', async () => {
    const file = join(dir, 'latents.safetensors');
    const rows = tf
      .range(0, 10)
      .reshape([10, 1, 1])
      .mul(tf.ones([10, 6, 8])) as tf.Tensor3D; // row i holds i
    await saveWeights(file, { w_plus: rows });
    const source = await fileLatents(file, generator, { seed: 1, validation: 2, heldOut: 3 });
    const first = (numbers: number[]) => numbers.filter((_, i) => i % 48 === 0);
    expect(first([...(await source.rows('validation', 0, 2)).dataSync()])).toEqual([5, 6]);
    expect(first([...(await source.rows('heldOut', 0, 3)).dataSync()])).toEqual([7, 8, 9]);
    const dealt = first(await take(source, 0, 5, 3));
    const epochs = [dealt.slice(0, 5), dealt.slice(5, 10), dealt.slice(10)];
    for (const epoch of epochs) expect([...epoch].sort()).toEqual([0, 1, 2, 3, 4]);
    expect(new Set(epochs.map(String)).size).toBeGreaterThan(1);
    expect(first(await take(source, 7, 2, 2))).toEqual(dealt.slice(7, 11));
  });

  it('takes w [N,D] and says what it takes instead of anything else', async () => {
    const file = join(dir, 'w.safetensors');
    await saveWeights(file, { w: normals(new Random(1), [3, 8]) });
    expect((await readLatents(file, generator)).shape).toEqual([3, 6, 8]);
    await saveWeights(file, { w_plus: tf.zeros([3, 18, 512]) });
    await expect(readLatents(file, generator)).rejects.toThrow(/\[3,18,512\].*\[N,6,8\]/);
    await saveWeights(file, { latent: tf.zeros([3, 6, 8]) });
    await expect(readLatents(file, generator)).rejects.toThrow(/there is latent/);
    await saveWeights(file, { w: tf.zeros([3, 8]) });
    await expect(fileLatents(file, generator, { seed: 1, validation: 1, heldOut: 2 })).rejects.toThrow(
      /none to train on/,
    );
  });
});

describe('parseSeeds', () => {
  it('reads numbers and ranges', () => expect(parseSeeds('1-3, 9,12')).toEqual([1, 2, 3, 9, 12]));
  it.each(['', 'a', '3-1', '1,,2', '-4'])('refuses "%s"', (text) => expect(() => parseSeeds(text)).toThrow(/--seeds/));
});
