/** Every kind of generator file, imported and run: the numbers of the programs that made the files, to 1e-4. */
import { readFile } from 'node:fs/promises';
import {
  broadcastW,
  loadBundle,
  mapping,
  styles,
  synthesize,
  tf,
  truncate,
  type Weights,
  type WPlus,
} from '@styleclip/core';
import { describe, expect, it } from 'vitest';
import { importBundle } from './import-bundle.js';
import { expectGolden, fixture, golden, inTemporaryFolder } from './testing-golden.js';

const at = inTemporaryFolder();

/** Imports a file and loads the generator from the bundle. */
async function imported(file: string, half = false, convClamp?: number | 'none'): Promise<Weights> {
  const to = at(`${file}${half ? '-half' : ''}${convClamp ?? ''}`);
  await importBundle({ files: { generator: fixture(file) }, to, half, ...(convClamp !== undefined && { convClamp }) });
  const { generator } = await loadBundle(to, { parts: ['generator'] });
  return generator;
}

const draw = (g: Weights, wPlus: tf.Tensor): tf.Tensor4D => synthesize(g, styles(g, wPlus as WPlus));

describe.each(['stylegan2-small.pt', 'stylegan2-small-legacy.pt'])('%s', (file) => {
  it('gives the golden w, styles, pictures and truncation', async () => {
    const g = await imported(file);
    const io = await golden('stylegan2-small.io.safetensors', 'core');
    const w = mapping(g, io['z'] as tf.Tensor2D);
    expectGolden(w, io['w']);
    expectGolden(g['wAvg'] as tf.Tensor, io['w_avg']);
    const near = truncate(w, g['wAvg'] as tf.Tensor1D, 0.7);
    expectGolden(near, io['w_trunc_0.7']);
    for (const [i, { style }] of styles(g, io['w_plus'] as WPlus).entries()) {
      expectGolden(style, io[`s.${String(i).padStart(2, '0')}`]);
    }
    expectGolden(draw(g, io['w_plus'] as tf.Tensor), io['image']);
    expectGolden(draw(g, broadcastW(near, 10)), io['image_trunc_0.7']);
  });
});

it('imports a safetensors file of the same names', async () => {
  const to = at('safetensors');
  const file = fixture('../../core/fixtures/stylegan2-small.safetensors');
  await importBundle({ files: { generator: file }, to });
  const { generator } = await loadBundle(to, { parts: ['generator'] });
  const io = await golden('stylegan2-small.io.safetensors', 'core');
  expectGolden(mapping(generator, io['z'] as tf.Tensor2D), io['w']);
});

describe('nvidia-ada-small.pkl', () => {
  it('gives the golden pictures, with noise and without', async () => {
    const g = await imported('nvidia-ada-small.pkl');
    const io = await golden('nvidia-ada-small.io.safetensors');
    const w = mapping(g, io['z'] as tf.Tensor2D);
    expectGolden(broadcastW(w, 8), io['w_plus']);
    expectGolden(broadcastW(truncate(w, g['wAvg'] as tf.Tensor1D, 0.7), 8), io['w_plus_trunc_0.7']);
    expectGolden(draw(g, io['w_plus'] as tf.Tensor), io['image_noise_const']);
    const silent = synthesize(g, styles(g, io['w_plus'] as WPlus), { noise: 'none' });
    expectGolden(silent, io['image_noise_none']);
  });
});

describe('nvidia-ada-clamp.pkl', () => {
  it('takes the mapping depth and conv_clamp along: golden pictures and gradient', async () => {
    const g = await imported('nvidia-ada-clamp.pkl');
    const io = await golden('nvidia-ada-clamp.io.safetensors');
    expect(g['convClamp']?.dataSync()).toEqual(Float32Array.of(1.5));
    expectGolden(mapping(g, io['z'] as tf.Tensor2D), io['w']);
    expectGolden(g['wAvg'] as tf.Tensor, io['w_avg']);
    expectGolden(draw(g, io['w_plus'] as tf.Tensor), io['image']);
    const grad = tf.grad((x: tf.Tensor) => tf.mean(tf.square(draw(g, x))))(io['w_plus'] as tf.Tensor);
    expectGolden(grad, io['grad_w_plus']);
    const { convClamp: _clamp, ...free } = g; // it acts: without it the pictures are others
    const far = tf.max(tf.abs(tf.sub(draw(free, io['w_plus'] as tf.Tensor), draw(g, io['w_plus'] as tf.Tensor))));
    expect(far.dataSync()[0]).toBeGreaterThan(0.5);
  });
});

describe('nvidia-tf-small.pkl', () => {
  it('turns Conv0_up, adds one to the styles and takes Gs: golden w, styles and pictures', async () => {
    const g = await imported('nvidia-tf-small.pkl');
    const io = await golden('nvidia-tf-small.io.safetensors');
    expectGolden(mapping(g, io['z'] as tf.Tensor2D), io['w']);
    expectGolden(g['wAvg'] as tf.Tensor, io['w_avg']);
    for (const [i, { style }] of styles(g, io['w_plus'] as WPlus).entries()) {
      expectGolden(style, io[`s.${String(i).padStart(2, '0')}`]);
    }
    expectGolden(draw(g, io['w_plus'] as tf.Tensor), io['image']);
  });
});

describe('stylegan2-training.pt', () => {
  it('takes g_ema, and computes the average w that training checkpoints lack', async () => {
    const g = await imported('stylegan2-training.pt');
    const io = await golden('stylegan2-training.io.safetensors');
    expectGolden(mapping(g, io['z'] as tf.Tensor2D), io['w']);
    expectGolden(draw(g, io['w_plus'] as tf.Tensor), io['image']);
    // a mean of 4096 against one of 100,000
    const off = tf.max(tf.abs(tf.sub(g['wAvg'] as tf.Tensor, io['w_mean'] as tf.Tensor))).dataSync()[0];
    expect(off).toBeLessThan(0.1);
    const { info } = await loadBundle(at('stylegan2-training.pt'), { parts: [] });
    expect(JSON.stringify(info.provenance)).toContain('the mean of 4096 w (seed 0)');
  });
});

describe('NVIDIA\u2019s modules and state dicts in torch files', () => {
  const expectNumbers = async (g: Weights): Promise<void> => {
    const io = await golden('nvidia-ada-state.io.safetensors');
    expectGolden(mapping(g, io['z'] as tf.Tensor2D), io['w']);
    expectGolden(g['wAvg'] as tf.Tensor, io['w_avg']);
    expectGolden(draw(g, io['w_plus'] as tf.Tensor), io['image']);
  };

  it('imports a module that torch.save wrote', async () => {
    await expectNumbers(await imported('nvidia-ada-module.pt'));
  });

  it('imports a state dict, told that nothing was clamped, and says so in the card', async () => {
    await expect(imported('nvidia-ada-state.pth')).rejects.toThrow('say --conv-clamp N or --conv-clamp none');
    await expectNumbers(await imported('nvidia-ada-state.pth', false, 'none'));
    expect(await readFile(at('nvidia-ada-state.pthnone/README.md'), 'utf8')).toContain('as --conv-clamp says');
  });

  it('clamps where it is told to', async () => {
    const g = await imported('nvidia-ada-state.pth', false, 0.1);
    expect(g['convClamp']?.dataSync()).toEqual(Float32Array.of(0.1));
    const io = await golden('nvidia-ada-state.io.safetensors');
    const image = tf.transpose(draw(g, io['w_plus'] as tf.Tensor), [0, 3, 1, 2]);
    expect(tf.max(tf.abs(tf.sub(image, io['image'] as tf.Tensor))).dataSync()[0]).toBeGreaterThan(1e-3);
  });

  it('refuses --conv-clamp where the file says it, or can not need it', async () => {
    await expect(imported('nvidia-ada-clamp.pkl', false, 'none')).rejects.toThrow(
      '--conv-clamp none contradicts the file, which says 1.5',
    );
    await expect(imported('stylegan2-training.pt', false, 256)).rejects.toThrow(
      /--conv-clamp is for state dicts of NVIDIA's generators; .* is rosinality StyleGAN2: leave it out/,
    );
  });

  it('gives the same picture from rosinality\u2019s layout, its names behind module.', async () => {
    const g = await imported('stylegan2-module.pt');
    const io = await golden('nvidia-ada-state.io.safetensors');
    expectGolden(draw(g, io['w_plus'] as tf.Tensor), io['image']);
  });
});

it('keeps pictures close in float16', async () => {
  const g = await imported('nvidia-tf-small.pkl', true);
  const io = await golden('nvidia-tf-small.io.safetensors');
  const image = tf.transpose(draw(g, io['w_plus'] as tf.Tensor), [0, 3, 1, 2]);
  expect(image).toBeAllclose(io['image'] as tf.Tensor, { rtol: 0, atol: 0.05 });
  const { info } = await loadBundle(at('nvidia-tf-small.pkl-half'), { parts: [] });
  expect(info.generator).toMatchObject({ resolution: 16, zDim: 12, wDim: 16, layerGroups: [4, 8], dtype: 'F16' });
});
