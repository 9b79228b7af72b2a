import { fileURLToPath } from 'node:url';
import tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadWeights } from '../../weights-file.js';
import type { Weights } from '../../weights.js';
import { broadcastW, fromRosinality, mapping, styles, synthesize, truncate } from './index.js';

const fixture = (name: string): string => fileURLToPath(new URL(`../../../fixtures/${name}`, import.meta.url));

let g: Weights;
let io: Weights;

const nhwc = (x: tf.Tensor): tf.Tensor => tf.transpose(x, [0, 2, 3, 1]);

/** Largest difference over the largest value of what is expected. */
function relativeError(got: tf.Tensor, want: tf.Tensor): number {
  expect(got.shape).toEqual(want.shape);
  const difference = tf.max(tf.abs(tf.sub(got, want))).dataSync()[0] as number;
  return difference / (tf.max(tf.abs(want)).dataSync()[0] as number);
}

beforeAll(async () => {
  await tf.setBackend('cpu');
  const { latent_avg: latentAvg, ...state } = await loadWeights(fixture('stylegan2-small.safetensors'));
  g = fromRosinality(state, { latentAvg: latentAvg as tf.Tensor1D });
  io = await loadWeights(fixture('stylegan2-small.io.safetensors'));
});

describe('StyleGAN2 64² against the original', () => {
  it('maps z to w', () => {
    expect(relativeError(mapping(g, io['z'] as tf.Tensor2D), io['w'] as tf.Tensor)).toBeLessThan(1e-5);
  });

  it('truncates', () => {
    const w = truncate(io['w'] as tf.Tensor2D, g['wAvg'] as tf.Tensor1D, 0.7);
    expect(relativeError(w, io['w_trunc_0.7'] as tf.Tensor)).toBeLessThan(1e-5);
    const image = synthesize(g, styles(g, broadcastW(w, 10)));
    expect(relativeError(image, nhwc(io['image_trunc_0.7'] as tf.Tensor))).toBeLessThan(1e-4);
  });

  it('makes every style vector', () => {
    for (const [i, { style }] of styles(g, io['w_plus'] as tf.Tensor3D).entries()) {
      expect(relativeError(style, io[`s.${String(i).padStart(2, '0')}`] as tf.Tensor)).toBeLessThan(1e-5);
    }
  });

  it.each(['literal', 'phases', 'blurred'] as const)('draws the picture (%s)', (upsampling) => {
    const image = synthesize(g, styles(g, io['w_plus'] as tf.Tensor3D), { upsampling });
    expect(relativeError(image, nhwc(io['image'] as tf.Tensor))).toBeLessThan(1e-4);
  });

  it('has the gradient of the original', () => {
    const loss = (wPlus: tf.Tensor): tf.Scalar =>
      tf.mean(tf.square(synthesize(g, styles(g, wPlus as tf.Tensor3D)))) as tf.Scalar;
    const { value, grad } = tf.valueAndGrad(loss)(io['w_plus'] as tf.Tensor);
    expect(relativeError(tf.reshape(value, [1]), io['loss_mean_square'] as tf.Tensor)).toBeLessThan(1e-5);
    expect(relativeError(grad, io['grad_w_plus'] as tf.Tensor)).toBeLessThan(1e-4);
  });
});
