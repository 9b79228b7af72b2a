/** The measurement against plain loops, stopped, resumed, and shared among shards, on tiny networks. */
import { mkdtemp, readFile, rm, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  disposeNetworks,
  loadNetworks,
  openDevice,
  openFile,
  readRelevance,
  tf,
  type Networks,
  type Relevance,
} from '@styleclip/core';
import { writeTinyBundle } from '@styleclip/core/testing';
import { precomputeSchema, type PrecomputeConfig } from './config.js';
import { layoutOf } from './layout.js';
import { mergeShards } from './merge.js';
import { precompute, RELEVANCE_FILE, STATISTICS_FILE, type PrecomputeOptions } from './precompute.js';
import { loadStatistics } from './statistics.js';
import { openStyleSource } from './style-source.js';
import { slowDirections } from './testing-reference.js';

let dir: string;
let networks: Networks;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'precompute-'));
  await writeTinyBundle(join(dir, 'bundle'));
  networks = await loadNetworks(join(dir, 'bundle'));
});
afterAll(async () => {
  disposeNetworks(networks);
  await rm(dir, { recursive: true });
});

const configOf = (changes: Partial<PrecomputeConfig>): PrecomputeConfig =>
  precomputeSchema.parse({
    bundle: join(dir, 'bundle'),
    images: 2,
    statistics: 50,
    device: 'cpu',
    threads: 1,
    ...changes,
  });

async function measure(changes: Partial<PrecomputeConfig>, options: PrecomputeOptions = {}) {
  const config = configOf(changes);
  const { dir: folder, summary } = await precompute(config, { root: dir, ...options });
  return { config, folder, summary, bytes: await readFile(join(folder, RELEVANCE_FILE)) };
}

async function read(folder: string): Promise<Relevance> {
  const file = await openFile(join(folder, RELEVANCE_FILE));
  const relevance = await readRelevance(file);
  await file.close();
  return relevance;
}

/** What plain loops say of the same latents. */
async function reference(config: PrecomputeConfig, folder: string) {
  const source = openStyleSource(networks, await openDevice('cpu'), config);
  const wPlus = await source.latents('train', 0, config.images);
  const statistics = await loadStatistics(join(folder, STATISTICS_FILE), networks.generator);
  const slow = slowDirections(networks, wPlus, statistics, layoutOf(networks.generator), config);
  wPlus.dispose();
  await source.dispose();
  return { statistics, slow };
}

describe('finite differences', () => {
  it.each([
    ['around each sample', { name: 'sample', upTo: 16 }],
    ['around the mean', { name: 'mean', around: 'mean', upTo: 16 }],
    ["with the official code's aliasing", { name: 'aliasing', around: 'mean', aliasing: true, upTo: 16 }],
    ['up to a lower resolution', { name: 'low', upTo: 8 }],
  ] as const)('are those of plain loops, %s', async (_, changes) => {
    const { config, folder, summary } = await measure(changes);
    const relevance = await read(folder);
    const { statistics, slow } = await reference(config, folder);
    const layout = layoutOf(networks.generator);
    expect(relevance.layer).toHaveLength(layout.channels);
    expect(relevance.mean).toBeAllclose([...layout.columns].map((c) => statistics.mean[c]!));
    expect(relevance.std).toBeAllclose([...layout.columns].map((c) => statistics.std[c]!));
    expect(relevance.magnitude!).toBeAllclose(slow.magnitude, { rtol: 1e-2, atol: 1e-5 });
    // Directions of channels that hardly do anything are rounding.
    for (const [row, expected] of slow.direction.entries()) {
      if (slow.magnitude[row]! < 1e-3 && slow.magnitude[row]! !== 0) continue;
      expect(relevance.direction.slice(row * 8, (row + 1) * 8)).toBeAllclose(expected, { atol: 5e-3 });
    }
    expect(summary).toMatchObject({ channels: layout.channels, images: 2, naivePasses: 4 * layout.channels });
    expect(summary.generatorPasses).toBeLessThan(summary.naivePasses);
    expect(relevance.metadata).toMatchObject({
      generatorSha256: networks.info.generator!.sha256,
      clipSha256: networks.info.clip!.sha256,
      ...{ images: '2', amplitude: '5', method: 'finite-difference', seed: '1' },
    });
  });

  it('are the same whatever the batch', async () => {
    const [large, small] = [await measure({ name: 'large' }), await measure({ name: 'small', batch: 6 })];
    expect((await read(small.folder)).magnitude!).toBeAllclose([...(await read(large.folder)).magnitude!], {
      rtol: 1e-2,
      atol: 1e-5,
    });
  });

  it('go on where they were stopped, and share the work, to the same bytes', async () => {
    const whole = await measure({ name: 'whole', batch: 8 });
    const kept = tf.memory().numTensors;
    // As after a kill: some parts are there, others and the end are not.
    for (const file of [
      'parts/b4.conv1-0.safetensors',
      'parts/b16.conv1-0.safetensors',
      RELEVANCE_FILE,
      'summary.json',
    ])
      await unlink(join(whole.folder, file));
    const resumed = await measure({ name: 'whole', batch: 8 }, { resume: true });
    expect(resumed.bytes.equals(whole.bytes)).toBe(true);
    expect(tf.memory().numTensors).toBe(kept);
    const again = await precompute(whole.config, { root: dir, resume: true });
    expect(again).toMatchObject({ finished: true, summary: resumed.summary });

    const config = configOf({ name: 'shared', batch: 8 });
    await precompute(config, { root: dir, shard: { index: 2, of: 2 } });
    await expect(mergeShards(config, 2, { root: dir })).rejects.toThrow(/shard 1\/2 is not there/);
    await precompute(config, { root: dir, shard: { index: 1, of: 2 } });
    const merged = await mergeShards(config, 2, { root: dir });
    expect((await readFile(join(merged.dir, RELEVANCE_FILE))).equals(whole.bytes)).toBe(true);
    expect(merged.summary.naivePasses).toBe(whole.summary.naivePasses);
    await expect(mergeShards({ ...config, images: 3 }, 2, { root: dir, force: true })).rejects.toThrow(
      /images was 2, is 3/,
    );
  });

  it('refuse the alias for derivatives, which have none', async () => {
    await expect(measure({ method: 'jacobian', aliasing: true })).rejects.toThrow(/aliasing: a fault of the finite/);
  });
});

describe('the Jacobian', () => {
  /** A channel's mean cosine with the derivative that small finite differences give. */
  async function likeness(changes: Partial<PrecomputeConfig>) {
    const { config, folder } = await measure({ method: 'jacobian', upTo: 16, ...changes });
    const { slow } = await reference({ ...config, amplitude: 0.02 }, folder);
    const { direction, magnitude } = await read(folder);
    const rows = slow.magnitude.flatMap((length, row) => (length > 1e-5 ? [row] : []));
    const cosines = rows.map((row) => slow.direction[row]!.reduce((sum, x, i) => sum + x * direction[row * 8 + i]!, 0));
    const ratios = rows.map((row) => magnitude![row]! / (slow.magnitude[row]! * (config.amplitude / 0.02)));
    return { cosines, ratios };
  }

  it('by every dimension is the derivative', async () => {
    const { cosines, ratios } = await likeness({ name: 'exact', batch: 6 });
    expect(cosines.length).toBeGreaterThan(10);
    expect(Math.min(...cosines)).toBeGreaterThan(0.98);
    expect(ratios).toBeAllclose(
      ratios.map(() => 1),
      { atol: 0.1 },
    );
  });

  it('by random projections comes near it', async () => {
    // One picture, since several are joined otherwise than exact ones; noise of √(8/64) leaves a cosine of about 0.94.
    const { cosines } = await likeness({ name: 'random', images: 1, projections: 64 });
    expect(cosines.reduce((sum, x) => sum + x, 0) / cosines.length).toBeGreaterThan(0.85);
  });

  it('along the way comes nearer to finite differences of large steps than in place', async () => {
    const away = async (name: string, groups: number): Promise<number> => {
      const { config, folder } = await measure({ name, method: 'jacobian', groups, upTo: 16, images: 8, amplitude: 5 });
      const { slow } = await reference({ ...config, images: 2 }, folder);
      const { direction } = await read(folder);
      const cosines = slow.direction.map((row, c) => row.reduce((sum, x, i) => sum + x * direction[c * 8 + i]!, 0));
      const strong = cosines.filter((_, c) => slow.magnitude[c]! > 0.01);
      return strong.reduce((sum, x) => sum + x, 0) / strong.length;
    };
    const [place, way] = [await away('place', 0), await away('way', 12)];
    expect(place).toBeGreaterThan(0.2);
    expect(way).toBeGreaterThan(place - 0.05);
  });

  it('is the same in shards', async () => {
    const whole = await measure({ name: 'j', method: 'jacobian', images: 6 });
    const config = configOf({ name: 'j-shared', method: 'jacobian', images: 6 });
    for (const index of [1, 2]) await precompute(config, { root: dir, shard: { index, of: 2 } });
    const merged = await mergeShards(config, 2, { root: dir });
    expect((await readFile(join(merged.dir, RELEVANCE_FILE))).equals(whole.bytes)).toBe(true);
  });
});
