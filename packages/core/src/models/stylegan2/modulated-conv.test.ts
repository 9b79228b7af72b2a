import { tf } from '../../tensors/tf.js';
import { beforeAll, describe, expect, it } from 'vitest';
import { normals, Random } from '../../tensors/random.js';
import { modulatedConv } from './modulated-conv.js';
import type { UpsamplingForm } from './upsampling-conv.js';

beforeAll(() => tf.setBackend('cpu'));

/**
 * The paper's way, slow and literal: every picture has its own weights, w'_{ijk} = s_i·w_{ijk}, divided by their norm;
 * upsampling is a transposed convolution of stride 2 and a depthwise 4×4 convolution with the filter.
 */
function literal(x: tf.Tensor4D, weight: tf.Tensor4D, style: tf.Tensor2D, demodulate: boolean, up: boolean): tf.Tensor4D {
  const [n, h, w, inputs] = x.shape;
  const outputs = weight.shape[3];
  const pictures = Array.from({ length: n }, (_, i) => {
    const s = tf.reshape(tf.slice(style, [i, 0], [1, inputs]), [1, 1, inputs, 1]);
    const modulated = tf.mul(weight, s);
    const norm = tf.sqrt(tf.add(tf.sum(tf.square(modulated), [0, 1, 2], true), 1e-8));
    const own = (demodulate ? tf.div(modulated, norm) : modulated) as tf.Tensor4D;
    const picture = tf.slice(x, [i, 0, 0, 0], [1, h, w, inputs]);
    if (!up) return tf.conv2d(picture, own, 1, 'same');
    const kernel = tf.transpose(own, [0, 1, 3, 2]);
    const t = tf.conv2dTranspose(picture, kernel, [1, 2 * h + 1, 2 * w + 1, outputs], 2, 'valid');
    return blur(tf.pad(t, [[0, 0], [1, 1], [1, 1], [0, 0]]) as tf.Tensor4D);
  });
  return tf.concat(pictures, 0);
}

/** [1,3,3,1]⊗[1,3,3,1]/64 with gain 4 on each channel. */
function blur(x: tf.Tensor4D): tf.Tensor4D {
  const row = tf.tensor1d([1, 3, 3, 1]);
  const filter = tf.reshape(tf.div(tf.outerProduct(row, row), 16), [4, 4, 1, 1]);
  return tf.depthwiseConv2d(x, tf.mul(filter, tf.ones([1, 1, x.shape[3], 1])) as tf.Tensor4D, 1, 'valid');
}

interface Case {
  demodulate: boolean;
  up: boolean;
  kernel: number;
  upsampling?: UpsamplingForm;
}

const cases: Case[] = [
  { demodulate: true, up: false, kernel: 3 },
  { demodulate: false, up: false, kernel: 1 },
  { demodulate: true, up: true, kernel: 3, upsampling: 'literal' },
  { demodulate: true, up: true, kernel: 3, upsampling: 'phases' },
  { demodulate: true, up: true, kernel: 3, upsampling: 'blurred' },
];

describe('modulatedConv', () => {
  it.each(cases)('equals modulated weights, in value and gradients (%o)', ({ demodulate, up, kernel, upsampling }) => {
    const random = new Random(`modulated conv ${kernel}`);
    const x = normals(random, [2, 5, 4, 3]);
    const weight = normals(random, [kernel, kernel, 3, 6]);
    const style = normals(random, [2, 3]);
    const side = up ? 2 : 1;
    const seen = normals(random, [2, 5 * side, 4 * side, 6]); // weighs the outputs, so that no gradient cancels
    const fast = (...[a, b, c]: tf.Tensor[]): tf.Tensor =>
      modulatedConv(a as tf.Tensor4D, b as tf.Tensor4D, c as tf.Tensor2D, { demodulate, up, ...(upsampling && { upsampling }) });
    const slow = (...[a, b, c]: tf.Tensor[]): tf.Tensor =>
      literal(a as tf.Tensor4D, b as tf.Tensor4D, c as tf.Tensor2D, demodulate, up);

    expect(fast(x, weight, style)).toBeAllclose(slow(x, weight, style), { rtol: 1e-5, atol: 1e-5 });
    const gradients = (f: (...inputs: tf.Tensor[]) => tf.Tensor): tf.Tensor[] =>
      tf.grads((...inputs) => tf.sum(tf.mul(f(...inputs), seen)))([x, weight, style]);
    const wanted = gradients(slow);
    for (const [i, gradient] of gradients(fast).entries()) {
      expect(gradient).toBeAllclose(wanted[i] as tf.Tensor, { rtol: 1e-4, atol: 1e-4 });
    }
  });

  it('shares one input among many styles', () => {
    const random = new Random('shared input');
    const x = normals(random, [1, 4, 4, 3]) as tf.Tensor4D;
    const weight = normals(random, [3, 3, 3, 2]) as tf.Tensor4D;
    const style = normals(random, [3, 3]) as tf.Tensor2D;
    const repeated = tf.tile(x, [3, 1, 1, 1]);
    expect(modulatedConv(x, weight, style)).toBeAllclose(modulatedConv(repeated, weight, style));
  });

  it('names the shapes that do not agree', () => {
    const x = tf.zeros([1, 4, 4, 3]) as tf.Tensor4D;
    const weight = tf.zeros([3, 3, 3, 2]) as tf.Tensor4D;
    expect(() => modulatedConv(x, weight, tf.zeros([1, 4]))).toThrow(
      'modulatedConv: input [1,4,4,3], weights [3,3,3,2] and style [1,4] do not agree on the input channels',
    );
    expect(() => modulatedConv(tf.zeros([2, 4, 4, 3]), weight, tf.zeros([3, 3]))).toThrow('2 inputs do not go with 3 styles');
    expect(() => modulatedConv(x, tf.zeros([1, 1, 3, 2]), tf.zeros([1, 3]), { up: true })).toThrow('needs weights [3,3,3,O]');
  });
});
