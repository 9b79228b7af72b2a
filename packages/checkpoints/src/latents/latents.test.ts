/** Latents in every form that other programs write, made by oracle/latents.py. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { importLatents } from '../commands/import-latents.js';
import { fromBytes, openFile, readSafetensors, UserError, writeSafetensors, type RawTensor } from '@styleclip/core';
import { forgeCheckpoint, type Saved } from '../testing/forge-checkpoint.js';
import { type ForgedEntry, forgeZip } from '../testing/forge-zip.js';
import { openZip } from '../zip.js';
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

  it('knows codes by their names beside other numbers', async () => {
    for (const name of ['latents', 'w_plus', 'wPlus', 'w']) {
      expect((await read(await file({ z: [3, 4], [name]: [2, 10, 4] }))).shape).toEqual([2, 10, 4]);
    }
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
      /holds 2 tensors \("a", "b"\), none called latents, w_plus, wPlus, w; is it a checkpoint\?/,
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

describe('W or W+', () => {
  const size = { layers: 10, wDim: 128 };
  const ten = fixture('w-ten.pt');

  it('is asked for where both fit, whether the generator is known or not', async () => {
    for (const generator of [undefined, size, { layers: 18, wDim: 128 }]) {
      const error: unknown = await read(ten, generator).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ exitCode: 2 });
      expect((error as UserError).message).toMatch(
        /w-ten\.pt: F32 \[10, 128\] may be 10 codes of W, or one code of W\+ with 10 layers; say which by --as w or --as w\+$/,
      );
    }
  });

  it('is what the user says', async () => {
    const plus = await read(ten, size, 'w+');
    expect(plus).toMatchObject({ shape: [1, 10, 128], space: 'w+' });
    const w = await read(ten, size, 'w');
    expect(w).toMatchObject({ shape: [10, 10, 128], space: 'w' });
    for (const [person, layer] of [
      [0, 0],
      [3, 9],
      [9, 4],
    ] as const) {
      const at = (person * 10 + layer) * 128;
      expect(w.data.subarray(at, at + 128)).toEqual(plus.data.subarray(person * 128, (person + 1) * 128));
    }
  });

  it('is W where nothing else fits and the generator says for how many layers', async () => {
    for (const shape of [[1000, 128], [7, 128], [128], [5, 1, 128], [1, 128], [26, 128]]) {
      const codes = shape.length === 1 ? 1 : shape[0];
      const found = await read(await file({ [`s${shape.join('x')}`]: shape }), size);
      expect(found).toMatchObject({ shape: [codes, 10, 128], space: 'w' });
    }
  });

  it('needs the generator for W, and codes that fit it', async () => {
    await expect(read(ten, undefined, 'w')).rejects.toThrow('--as w needs --bundle');
    await expect(read(ten, { layers: 18, wDim: 128 }, 'w+')).rejects.toThrow("[1, 10, 128] don't fit this generator");
    await expect(read(ten, { layers: 10, wDim: 512 })).rejects.toThrow("[1, 10, 128] don't fit this generator");
    await expect(read(ten, { layers: 10, wDim: 512 }, 'w')).rejects.toThrow('which takes [N, 512] as W');
    await expect(read(await file({ odd: [3, 4, 128] }), size, 'w')).rejects.toThrow('accepted are');
    await expect(read(await file({ many: [1000, 128] }), size, 'w+')).rejects.toThrow('accepted are');
  });

  it('does not take more memory than one file may have', async () => {
    const path = join(folder, 'wide.npy');
    const header = "{'descr': '<f2', 'fortran_order': False, 'shape': (1000001, 1), }".padEnd(117) + '\n';
    const start = Buffer.from([0x93, ...Buffer.from('NUMPY'), 1, 0, header.length, 0]);
    await writeFile(path, Buffer.concat([start, Buffer.from(header), Buffer.alloc(2_000_002)]));
    await expect(read(path, { layers: 1000, wDim: 1 }, 'w')).rejects.toThrow('too many for one file of W+');
  });
});

describe('projections', () => {
  const tensor = (shape: number[], fill: number): RawTensor => ({
    dtype: 'F32',
    shape,
    data: new Float32Array(shape.reduce((product, length) => product * length, 1)).fill(fill),
  });
  const forged = async (name: string, tree: Saved): Promise<string> => {
    const path = join(folder, `${name}.pt`);
    await writeFile(path, forgeCheckpoint(tree));
    return path;
  };

  it('give their latents with the pictures\u2019 names', async () => {
    const to = join(folder, 'projection.safetensors');
    const done = await importLatents({ from: fixture('projection.pt'), to });
    expect(done).toMatchObject({ shape: [1, 6, 16], space: 'w+', names: ['img1.png'] });
    const { tensors, metadata } = await readSafetensors(to);
    expect(tensors['w_plus']?.shape).toEqual([1, 6, 16]);
    expect(JSON.parse(metadata['names'] as string)).toEqual(['img1.png']);
  });

  it('may be several, of W too', async () => {
    const noise = [tensor([1, 1, 4, 4], 0)];
    const of = (shape: number[], fill: number): Saved => ({
      img: tensor([3, 8, 8], 0),
      latent: tensor(shape, fill),
      noise,
    });
    const plus = await read(await forged('plus', { 'b.png': of([10, 4], 1), 'a.png': of([10, 4], 2) }));
    expect(plus).toMatchObject({ shape: [2, 10, 4], names: ['b.png', 'a.png'], space: 'w+' });
    expect([plus.data[0], plus.data[40]]).toEqual([1, 2]);
    const w = await forged('w', Object.fromEntries(Array.from({ length: 10 }, (_, i) => [`p${i}`, of([4], i)])));
    expect(await read(w, { layers: 10, wDim: 4 })).toMatchObject({ shape: [10, 10, 4], space: 'w' });
    await expect(read(w)).rejects.toThrow('--as w needs --bundle');
    await expect(read(w, { layers: 10, wDim: 4 }, 'w+')).rejects.toThrow(
      'its latents are [4] each, of W; leave --as out',
    );
    const uneven = await forged('uneven', { a: of([10, 4], 1), b: of([8, 4], 1) });
    await expect(read(uneven)).rejects.toThrow('the latent of "b" has shape [8, 4], the first one [10, 4]');
  });
});

describe('arrays that nobody asked for', () => {
  it('are not read: names of people', async () => {
    const latents = await read(fixture('latents-and-names.npz'));
    expect(latents).toMatchObject({ shape: [4, 6, 16], format: 'npz' });
  });

  it('are in nobody\u2019s way, whatever they are', async () => {
    const entries = [...(await openZip(fromBytes('x', await readFile(fixture('latents-and-names.npz')))))];
    const latents = await (await entries[0]![1].open()).read(0, entries[0]![1].size);
    const junk = Buffer.from('\x93NUMPY\x01\x00v\x00{'.padEnd(200), 'latin1');
    const npz = (...files: ForgedEntry[]) => readLatents(fromBytes('x.npz', forgeZip(files)));
    const found = { name: 'latents.npy', data: latents };
    expect((await npz({ name: 'junk.npy', data: junk }, found)).shape).toEqual([4, 6, 16]);
    expect((await npz({ name: 'bomb.npy', data: 'x', deflate: true, size: 2 ** 30 }, found)).shape).toEqual([4, 6, 16]);
    // Under another name it is the only array of numbers.
    expect((await npz({ name: 'junk.npy', data: junk }, { name: 'x.npy', data: latents })).shape).toEqual([4, 6, 16]);
    await expect(npz({ name: 'latents.npy', data: junk }, { name: 'x.npy', data: latents })).rejects.toThrow(
      /^x\.npz: latents\.npy: not a valid \.npy file/,
    );
    await expect(npz({ name: 'junk.npy', data: junk })).rejects.toThrow(/^x\.npz: junk\.npy: not a valid/);
  });
});

describe('importLatents', () => {
  it('writes what train-mapper reads, with where it is from', async () => {
    const to = join(folder, 'sub', 'out.safetensors');
    const done = await importLatents({ from: fixture('latents.pt'), to });
    expect(done).toEqual({ file: to, shape: [2, 10, 64], format: 'torch-zip', space: 'w+' });
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
