/** Latents in every form that other programs write, made by oracle/latents.py. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { importLatents } from '../commands/import-latents.js';
import { fromBytes, openFile, readSafetensors, UserError, writeSafetensors, type RawTensor } from '@styleclip/core';
import { type LatentSize, type LatentSpace, readLatents } from './latents.js';

const fixture = (name: string) => new URL(`../../fixtures/${name}`, import.meta.url).pathname;
let expected: RawTensor;
let folder: string;

beforeAll(async () => {
  expected = (await readSafetensors(fixture('latents.safetensors'))).tensors['w_plus'] as RawTensor;
  folder = await mkdtemp(join(tmpdir(), 'latents-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function read(path: string, size?: LatentSize, as?: LatentSpace) {
  const source = await openFile(path);
  try {
    return await readLatents(source, { size, as });
  } finally {
    await source.close();
  }
}

/** A safetensors file of F32 zeros with these shapes. */
async function file(shapes: Record<string, number[]>, fill = 0): Promise<string> {
  const path = join(folder, `${Object.keys(shapes).join('-')}.safetensors`);
  const tensors = Object.entries(shapes).map(([name, shape]) => {
    const data = new Float32Array(shape.reduce((product, size) => product * size, 1)).fill(fill);
    return [name, { dtype: 'F32' as const, shape, data }] as const;
  });
  await writeSafetensors(path, { tensors: Object.fromEntries(tensors) });
  return path;
}

describe('readLatents', () => {
  it.each([
    ['latents.pt', 'torch-zip'],
    ['latents-stacked-dict.pt', 'torch-zip'],
    ['latents.npz', 'npz'],
    ['latents.safetensors', 'safetensors'],
  ])('reads %s (%s)', async (name, format) => {
    const latents = await read(fixture(name), { layers: 10, wDim: 64 });
    expect(latents).toMatchObject({ shape: [2, 10, 64], format });
    expect(latents.data).toEqual(expected.data);
  });

  it('reads one code, in float64, as a batch of one', async () => {
    const latents = await read(fixture('latents-one.npy'), undefined, 'w+');
    expect(latents.shape).toEqual([1, 10, 64]);
    expect(latents.data).toEqual((expected.data as Float32Array).subarray(0, 640));
  });

  it('reads float16 of the older torch format', async () => {
    const latents = await read(fixture('latents-half-legacy.pt'));
    expect(latents).toMatchObject({ shape: [2, 10, 64], format: 'torch-legacy' });
    expect(Array.from(latents.data)).toBeAllclose(Array.from(expected.data as Float32Array), {
      rtol: 5e-4,
      atol: 1e-4,
    });
  });

  it('refuses the latents of another generator', async () => {
    await expect(read(fixture('latents.pt'), { layers: 18, wDim: 512 })).rejects.toThrow(
      /latents\.pt: latents \[2, 10, 64\] don't fit this generator, which takes \[N, 18, 512\]/,
    );
  });

  it.each([
    [{ w: [1000, 64] }, /\[1000, 64\] looks like W, not W\+; accepted are/],
    [{ w: [3, 1, 64] }, /\[3, 1, 64\] looks like W/],
    [{ x: [2, 9, 64] }, /with an even L/],
    [{ x: [2, 2, 10, 64] }, /accepted are/],
    [{ x: [0, 10, 64] }, /holds no latents/],
    [
      { a: [1, 2], b: [1, 2] },
      /holds 2 tensors \("a", "b"\), none called latents, w_plus, wPlus; is it a checkpoint\?/,
    ],
    [{}, /holds no latents: a dict with 0 entries and no tensor/],
  ])('refuses %o', async (shapes, words) => {
    const error: unknown = await read(await file(shapes)).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UserError);
    expect((error as UserError).message).toMatch(words);
  });

  it('refuses whole networks, other dtypes, and what is not finite', async () => {
    await expect(read(fixture('stylegan2-small.pt'))).rejects.toThrow(/is it a checkpoint\?/);
    await expect(read(await file({ w_plus: [1, 10, 4] }, NaN))).rejects.toThrow(/number 0 is NaN/);
    const path = join(folder, 'int.safetensors');
    await writeSafetensors(path, { tensors: { w: { dtype: 'I32', shape: [1, 10, 4], data: new Int32Array(40) } } });
    await expect(read(path)).rejects.toThrow(/holds I32, expected floating-point numbers/);
    await expect(readLatents(fromBytes('x.pt', Buffer.from('<!doctype html>')))).rejects.toThrow(/^x\.pt: /);
  });
});

describe('importLatents', () => {
  it('writes what train-mapper reads, with where it is from', async () => {
    const to = join(folder, 'sub', 'out.safetensors');
    const done = await importLatents({ from: fixture('latents.pt'), to });
    expect(done).toEqual({ file: to, shape: [2, 10, 64], format: 'torch-zip' });
    const { tensors, metadata } = await readSafetensors(to);
    expect(tensors).toEqual({ w_plus: { ...expected, dtype: 'F32' } });
    expect(metadata).toMatchObject({ source: 'latents.pt', sourceSha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
  });

  it('holds the codes against a bundle', async () => {
    const bundle = new URL('../../../../models/avatars', import.meta.url).pathname;
    const to = join(folder, 'never.safetensors');
    await expect(importLatents({ from: fixture('latents.pt'), to, bundle })).rejects.toThrow(
      /don't fit this generator/,
    );
    await expect(importLatents({ from: fixture('latents.pt'), to, bundle: folder })).rejects.toThrow(/no bundle there/);
  });

  it('wants a name that says what it is', async () => {
    await expect(importLatents({ from: fixture('latents.pt'), to: 'x.pt' })).rejects.toMatchObject({ exitCode: 2 });
  });
});
