import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  applyMapper,
  initMapper,
  loadBundle,
  loadWeights,
  normals,
  Random,
  saveWeights,
  type tf,
  type Weights,
} from '@styleclip/core';
import { writeTinyBundle } from '@styleclip/core/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { edit } from './edit.js';
import { loadMapper, saveMapper, type MapperHeader } from './mapper-file.js';

let dir: string;
let mapper: Weights;
const strength = 0.1;
const layerGroups: [number, number] = [2, 4];

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'edit-'));
  await writeTinyBundle(join(dir, 'bundle'));
  await writeTinyBundle(join(dir, 'other'), { seed: 2 });
  const { info } = await loadBundle(join(dir, 'bundle'), { parts: ['generator'] });
  mapper = initMapper({ wDim: 8 }, new Random(1));
  const header: MapperHeader = {
    formatVersion: 1,
    prompt: 'purple hair',
    bundle: join(dir, 'bundle'),
    generatorSha256: info.generator!.sha256,
    pixelNorm: 'features',
    strength,
    layerGroups,
    truncation: 1,
    step: 1,
    heldOutLoss: 1,
  };
  await saveMapper(join(dir, 'mapper.safetensors'), mapper, header);
  expect((await loadMapper(join(dir, 'mapper.safetensors'))).header).toEqual(header);
});
afterAll(() => rm(dir, { recursive: true }));

describe('edit', () => {
  it('edits a file of latents at each strength', async () => {
    const wPlus = normals(new Random(2), [3, 6, 8]) as tf.Tensor3D;
    await saveWeights(join(dir, 'latents.safetensors'), { w_plus: wPlus });
    const out = join(dir, 'file');
    const options = {
      mapper: join(dir, 'mapper.safetensors'),
      latents: join(dir, 'latents.safetensors'),
      strengths: [-1, 1, 2.5],
      out,
    };
    expect((await edit(options)).count).toBe(3);

    const saved = await loadWeights(join(out, 'latents.safetensors'));
    expect(saved['w_plus']!.dataSync()).toEqual(wPlus.dataSync());
    const expected = applyMapper(mapper, wPlus, { strength: 2.5 * strength, layerGroups });
    expect([...saved['edited/x2.5']!.dataSync()]).toBeAllclose([...expected.dataSync()], { rtol: 1e-4, atol: 1e-5 });
    const pictures = (await readdir(out)).filter((file) => file.endsWith('.png'));
    expect(pictures).toHaveLength(3 * 4 + 1); // before and three strengths of each, and the sheet
    expect(pictures).toContain('latent-0002-x-1.png');
  });

  it('draws the same latents for the same seeds', async () => {
    const latentsOf = async (seeds: number[], out: string) => {
      await edit({ mapper: join(dir, 'mapper.safetensors'), seeds, strengths: [1], out: join(dir, out) });
      return [...(await loadWeights(join(dir, out, 'latents.safetensors')))['w_plus']!.dataSync()];
    };
    const both = await latentsOf([7, 8], 'both');
    expect(await latentsOf([8], 'one')).toEqual(both.slice(48));
  });

  it('refuses another generator, a file that is no mapper, and nothing to edit', async () => {
    const options = { mapper: join(dir, 'mapper.safetensors'), seeds: [1], out: join(dir, 'never') };
    await expect(edit({ ...options, bundle: join(dir, 'other') })).rejects.toThrow(/trained for another generator/);
    await expect(edit({ ...options, mapper: join(dir, 'bundle/clip.safetensors') })).rejects.toThrow(/not a mapper/);
    await expect(edit({ mapper: options.mapper, out: options.out })).rejects.toThrow(/either --seeds or --latents/);
    expect(await readdir(dir)).not.toContain('never');
  });
});
