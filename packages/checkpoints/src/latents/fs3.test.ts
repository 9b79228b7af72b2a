/** The original's directions and statistics: small files by oracle/latents.py, and the row counts of 1024². */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { importDirections } from '../commands/import-directions.js';
import { readDirections, readStatistics, rowCounts, type StyleLayer, type StyleStatistics } from './fs3.js';
import {
  fromBytes,
  openFile,
  readRelevance,
  readSafetensors,
  synthesisLayers,
  toHalf,
  UserError,
  type RawTensor,
} from '@styleclip/core';

const fixture = (name: string) => new URL(`../../fixtures/${name}`, import.meta.url).pathname;
const metadata = {
  formatVersion: '1',
  generatorSha256: 'unknown',
  clipSha256: 'unknown',
  images: '100',
  amplitude: '5',
  method: 'finite-difference',
  seed: '5',
  source: 'a test',
} as const;

let folder: string;
let expected: Record<string, RawTensor>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fs3-'));
  expected = (await readSafetensors(fixture('directions-small.io.safetensors'))).tensors;
});
afterAll(() => rm(folder, { recursive: true }));

async function withFile<T>(
  path: string,
  work: (source: Awaited<ReturnType<typeof openFile>>) => Promise<T>,
): Promise<T> {
  const source = await openFile(path);
  try {
    return await work(source);
  } finally {
    await source.close();
  }
}

/** The style layers of a config-f generator: `channels(r)` = min(32768 / r, 512), a layer's style as wide as its input. */
function configF(resolution: number): StyleLayer[] {
  const channels = (r: number) => Math.min(32768 / r, 512);
  return synthesisLayers(resolution).map(({ index, name, resolution: r, toRGB, up }) => ({
    index,
    name,
    resolution: r,
    toRGB,
    channels: channels(up ? r / 2 : r),
  }));
}

function statisticsOf(layers: StyleLayer[]): StyleStatistics {
  const vectors = (value: number) => layers.map(({ channels }) => new Float32Array(channels).fill(value));
  return { layers, means: vectors(0.5), stds: vectors(2) };
}

/** A .npy file of unit rows: row i points along axis i modulo the width. */
function npy(rows: number, width: number, half: boolean): Uint8Array {
  const numbers = new Float32Array(rows * width);
  for (let row = 0; row < rows; row++) numbers[row * width + (row % width)] = 1;
  const data = half ? toHalf(numbers) : numbers;
  const header =
    `{'descr': '<f${half ? 2 : 4}', 'fortran_order': False, 'shape': (${rows}, ${width}), }`.padEnd(117) + '\n';
  return Buffer.concat([
    Buffer.from([0x93, ...Buffer.from('NUMPY'), 1, 0, header.length, 0]),
    Buffer.from(header),
    Buffer.from(data.buffer),
  ]);
}

describe('row counts', () => {
  it('follow from the layers: 6048 and 5376 at 1024²', () => {
    expect(rowCounts(configF(1024))).toEqual([
      { rows: 512, resolution: 4 },
      { rows: 1536, resolution: 8 },
      { rows: 2560, resolution: 16 },
      { rows: 3584, resolution: 32 },
      { rows: 4608, resolution: 64 },
      { rows: 5376, resolution: 128 },
      { rows: 5760, resolution: 256 },
      { rows: 5952, resolution: 512 },
      { rows: 6048, resolution: 1024 },
    ]);
    expect(rowCounts(configF(512)).at(-1)).toEqual({ rows: 5952, resolution: 512 });
    expect(rowCounts(configF(256)).at(-1)).toEqual({ rows: 5760, resolution: 256 });
    expect(configF(1024).reduce((sum, { channels }) => sum + channels, 0)).toBe(9088);
  });

  it.each([
    [6048, true],
    [6048, false],
    [5376, true],
    [5376, false],
  ])('of %i (float16: %s) are taken at 1024², the tail zero', async (rows, half) => {
    const relevance = await readDirections(
      fromBytes('fs3.npy', npy(rows, 512, half)),
      statisticsOf(configF(1024)),
      metadata,
    );
    expect(relevance.layer).toHaveLength(6048);
    expect([...new Set(relevance.layer)]).toEqual([0, 2, 3, 5, 6, 8, 9, 11, 12, 14, 15, 17, 18, 20, 21, 23, 24]);
    expect(relevance.direction[(rows - 1) * 512 + ((rows - 1) % 512)]).toBe(1);
    expect(relevance.direction.subarray(rows * 512).every((value) => value === 0)).toBe(true);
    expect(relevance.resolution[5375]).toBe(128);
    expect(relevance.name[6047]).toBe('b1024.conv1');
  });

  it('that fit no layer are refused with those that would', async () => {
    const read = (rows: number, width: number) =>
      readDirections(fromBytes('fs3.npy', npy(rows, width, true)), statisticsOf(configF(1024)), metadata);
    await expect(read(6000, 512)).rejects.toThrow(
      /^fs3\.npy: F16 \[6000, 512\]; .* rows one of 512 \(up to 4²\), .* 5376 \(up to 128²\), .* 6048 \(up to 1024²\)$/,
    );
    await expect(read(9088, 512)).rejects.toThrow(/6048/);
  });
});

describe('S_mean_std', () => {
  it('gives the layers of its generator', async () => {
    const { layers, means, stds } = await withFile(fixture('S_mean_std-small'), (source) => readStatistics(source, 64));
    expect(layers.map(({ channels }) => channels)).toEqual([32, 32, 32, 32, 32, 32, 24, 24, 24, 16, 16, 16, 8, 8]);
    expect(layers.filter(({ toRGB }) => toRGB).map(({ index }) => index)).toEqual([1, 4, 7, 10, 13]);
    expect(means[0]).toEqual((expected['mean']!.data as Float32Array).subarray(0, 32));
    expect(stds[13]).toHaveLength(8);
  });

  it('is refused for a generator of another size, and when it is something else', async () => {
    const read = (name: string, resolution?: number) =>
      withFile(fixture(name), (source) => readStatistics(source, resolution));
    await expect(read('S_mean_std-small', 1024)).rejects.toThrow(
      /14 arrays are those of a generator of 64², not of 1024²/,
    );
    await expect(read('fs3-small-f16.npy')).rejects.toThrow(/holds a tensor; expected a pickle \[means, stds\]/);
    await expect(read('latents-stacked-dict.pt')).rejects.toThrow(/holds a dict/);
  });

  it('is refused when it has an odd number of arrays, or odd ones', async () => {
    // Pickles by hand: [[None] * 16, [None] * 16] and the like.
    const none16 = Buffer.from(`(](${'N'.repeat(16)}e](${'N'.repeat(16)}el.`);
    await expect(readStatistics(fromBytes('S', none16))).rejects.toThrow(
      /^S: 16 arrays; a StyleGAN2 has one .* 26 at 1024²$/,
    );
    const none2 = Buffer.from('(](NNe](NNel.');
    await expect(readStatistics(fromBytes('S', none2))).rejects.toThrow(/means of style layer 0: None where an array/);
    const uneven = Buffer.from('(](NNe](Nel.');
    await expect(readStatistics(fromBytes('S', uneven))).rejects.toThrow(/2 arrays of means but 1 of standard/);
  });
});

describe('importDirections', () => {
  it.each([
    ['fs3-small-f16.npy', 'direction', 216],
    ['fs3-small-32px-f32.npy', 'direction_32px', 192],
  ])('makes %s into a relevance file', async (name, key, measured) => {
    const to = join(folder, `${name}.arrow`);
    const done = await importDirections({ fs3: fixture(name), statistics: fixture('S_mean_std-small'), to });
    expect(done).toEqual({ file: to, rows: 216, measured, width: 16 });
    const relevance = await withFile(to, readRelevance);
    for (const column of ['layer', 'channel', 'resolution', 'mean', 'std'] as const)
      expect(relevance[column]).toEqual(expected[column]!.data);
    expect(relevance.direction).toEqual(expected[key]!.data);
    expect(relevance.metadata).toMatchObject({
      generatorSha256: 'unknown',
      method: 'finite-difference',
      images: '100',
    });
    expect(relevance.metadata.source).toMatch(
      /^imported from fs3-small.*\(SHA-256 [0-9a-f]{64}\) and S_mean_std-small/,
    );
  });

  it('refuses rows that are no unit vectors, and what is not finite', async () => {
    const statistics = fixture('S_mean_std-small');
    const broken = async (change: (numbers: DataView) => void) => {
      const bytes = new Uint8Array(npy(216, 16, false));
      change(new DataView(bytes.buffer, 128));
      const fs3 = join(folder, 'broken.npy');
      await writeFile(fs3, bytes);
      return importDirections({ fs3, statistics, to: join(folder, 'x.arrow') });
    };
    await expect(broken((view) => view.setFloat32(0, 2, true))).rejects.toThrow(
      /row 0 of the directions has length 2.000/,
    );
    await expect(broken((view) => view.setFloat32(64, NaN, true))).rejects.toThrow(/number 16 is NaN/);
    await expect(
      importDirections({ fs3: fixture('latents.safetensors'), statistics, to: join(folder, 'x.arrow') }),
    ).rejects.toBeInstanceOf(UserError);
    await expect(importDirections({ fs3: 'a', statistics, to: 'x.npy' })).rejects.toMatchObject({ exitCode: 2 });
  });
});
