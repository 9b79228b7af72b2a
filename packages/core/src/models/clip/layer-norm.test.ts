import { tf } from '../../tensors/tf.js';
import { beforeAll, expect, it } from 'vitest';
import { normals, Random } from '../../tensors/random.js';
import { layerNorm, layerNormReference } from './layer-norm.js';

beforeAll(() => tf.setBackend('cpu'));

it.each([[[4, 8]], [[2, 3, 16]]])('layerNorm agrees with its reference in value and gradient, shape %j', (shape) => {
  const random = new Random('layer norm');
  const width = shape[shape.length - 1] as number;
  const x = tf.add(tf.mul(normals(random, shape), 3), 1);
  const [scale, bias, dy] = [normals(random, [width]), normals(random, [width]), normals(random, shape)];
  const gradients = (f: typeof layerNorm): tf.Tensor[] =>
    tf.grads((...[a, b, c]: tf.Tensor[]) => tf.sum(tf.mul(f(a as tf.Tensor, b as tf.Tensor, c as tf.Tensor), dy)))([x, scale, bias]);
  expect(layerNorm(x, scale, bias)).toBeAllclose(layerNormReference(x, scale, bias));
  const want = gradients(layerNormReference);
  gradients(layerNorm).forEach((got, i) => expect(got).toBeAllclose(want[i] as tf.Tensor, { rtol: 1e-4, atol: 1e-5 }));
});
