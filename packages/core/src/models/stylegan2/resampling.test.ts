import { tf } from '../../tensors/tf.js';
import { beforeAll, describe, expect, it } from 'vitest';
import { normals, Random } from '../../tensors/random.js';
import { depthToSpace } from './depth-to-space.js';
import { upsampleRgb } from './upsample-rgb.js';
import { upsamplingConv, type UpsamplingForm } from './upsampling-conv.js';

beforeAll(() => tf.setBackend('cpu'));

describe('depthToSpace', () => {
  it('is TensorFlow’s operation', () => {
    const x = normals(new Random(1), [2, 3, 5, 12]) as tf.Tensor4D;
    expect(depthToSpace(x)).toBeAllclose(tf.depthToSpace(x, 2, 'NHWC'));
  });

  it('refuses channels that are no multiple of four', () => {
    expect(() => depthToSpace(tf.zeros([1, 2, 2, 6]))).toThrow('multiple of 4, got [1,2,2,6]');
  });
});

describe('upsampleRgb', () => {
  it('is zeros between the pixels, then the 4×4 filter with gain 4', () => {
    const [n, h, w, c] = [2, 3, 4, 3] as const;
    const x = normals(new Random(2), [n, h, w, c]) as tf.Tensor4D;
    const columns = tf.reshape(tf.concat([x, tf.zerosLike(x)], 3), [n, h, 2 * w * c]); // a zero after every pixel
    const zeroed = tf.reshape(tf.concat([columns, tf.zerosLike(columns)], 2), [n, 2 * h, 2 * w, c]); // and after every row
    const padded = tf.pad(zeroed, [[0, 0], [2, 1], [2, 1], [0, 0]]) as tf.Tensor4D;
    const row = tf.tensor1d([1, 3, 3, 1]);
    const filter = tf.reshape(tf.div(tf.outerProduct(row, row), 16), [4, 4, 1, 1]);
    const wanted = tf.depthwiseConv2d(padded, tf.mul(filter, tf.ones([1, 1, c, 1])) as tf.Tensor4D, 1, 'valid');
    expect(upsampleRgb(x)).toBeAllclose(wanted, { rtol: 1e-5, atol: 1e-6 });
  });
});

describe('upsamplingConv', () => {
  it.each(['phases', 'blurred'] as UpsamplingForm[])('%s equals the literal form in value and gradients', (form) => {
    const random = new Random(3);
    const x = normals(random, [2, 4, 3, 2]);
    const weight = normals(random, [3, 3, 2, 3]);
    const seen = normals(random, [2, 8, 6, 3]);
    const run = (f: UpsamplingForm) => (a: tf.Tensor, b: tf.Tensor) => upsamplingConv(a as tf.Tensor4D, b as tf.Tensor4D, f);
    expect(run(form)(x, weight)).toBeAllclose(run('literal')(x, weight), { rtol: 1e-5, atol: 1e-5 });
    const gradients = (f: UpsamplingForm): tf.Tensor[] =>
      tf.grads((a: tf.Tensor, b: tf.Tensor) => tf.sum(tf.mul(run(f)(a, b), seen)))([x, weight]);
    const wanted = gradients('literal');
    for (const [i, gradient] of gradients(form).entries()) {
      expect(gradient).toBeAllclose(wanted[i] as tf.Tensor, { rtol: 1e-5, atol: 1e-5 });
    }
  });
});
