import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { disposeNetworks, loadNetworks, openDevice, Random, type Networks } from '@styleclip/core';
import { writeTinyBundle } from '@styleclip/core/testing';
import { loadStatistics, measureStatistics, Moments, saveStatistics } from './statistics.js';
import { openStyleSource } from './style-source.js';

let dir: string;
let networks: Networks;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'statistics-'));
  await writeTinyBundle(join(dir, 'bundle'));
  networks = await loadNetworks(join(dir, 'bundle'));
});
afterAll(async () => {
  disposeNetworks(networks);
  await rm(dir, { recursive: true });
});

/** Mean and population standard deviation in two passes, column by column. */
function slowly(rows: Float32Array, width: number): { mean: number[]; std: number[] } {
  const columns = Array.from({ length: width }, (_, c) => [...rows].filter((_, i) => i % width === c));
  const mean = columns.map((column) => column.reduce((sum, x) => sum + x, 0) / column.length);
  const std = columns.map((column, c) =>
    Math.sqrt(column.reduce((sum, x) => sum + (x - mean[c]!) ** 2, 0) / column.length),
  );
  return { mean, std };
}

describe('Moments', () => {
  it('are those of two passes, also for values far from 0, in pieces of any size', () => {
    const random = new Random(1);
    const rows = Float32Array.from({ length: 3000 }, (_, i) => [1e5, 0, -3][i % 3]! + random.normal());
    const moments = new Moments(3);
    for (const [from, to] of [
      [0, 3],
      [3, 1500],
      [1500, 3000],
    ] as const)
      moments.add(rows.subarray(from, to));
    const { mean, std, samples } = moments.result();
    expect(samples).toBe(1000);
    expect(mean).toBeAllclose(slowly(rows, 3).mean, { rtol: 1e-6 });
    expect(std).toBeAllclose(slowly(rows, 3).std, { rtol: 1e-5 });
  });

  it('say 0 of a channel that never varies', () => {
    const moments = new Moments(1);
    moments.add(Float32Array.of(0.1, 0.1, 0.1));
    expect([...moments.result().std]).toEqual([0]);
  });
});

describe('measureStatistics', () => {
  it('counts the styles of the stream, and its file comes back', async () => {
    const source = openStyleSource(networks, await openDevice('cpu'), { seed: 3, truncation: 1 });
    const statistics = await measureStatistics(source, 30);
    const expected = slowly(await source.styles('train', 0, 30), source.width);
    expect(statistics.mean).toBeAllclose(expected.mean, { atol: 1e-5 });
    expect(statistics.std).toBeAllclose(expected.std, { atol: 1e-5 });
    await source.dispose();

    const file = join(dir, 'statistics.safetensors');
    await saveStatistics(file, networks.generator, statistics, { seed: '3' });
    expect(await loadStatistics(file, networks.generator)).toEqual(statistics);
    await expect(loadStatistics(join(dir, 'bundle', 'clip.safetensors'), networks.generator)).rejects.toThrow(
      /not the statistics of this generator/,
    );
  });
});
