import tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { normals, Random } from '../../random.js';
import { prelu } from './prelu.js';

beforeAll(() => tf.setBackend('cpu'));

it('agrees with the kernel of TensorFlow.js in value and gradients', () => {
  const random = new Random('prelu');
  const [x, slope, dy] = [normals(random, [2, 3, 3, 4]), normals(random, [4]), normals(random, [2, 3, 3, 4])];
  expect(prelu(x, slope)).toBeAllclose(tf.prelu(x, slope));
  const gradients = (f: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor): tf.Tensor[] =>
    tf.grads((...[a, b]: tf.Tensor[]) => tf.sum(tf.mul(f(a as tf.Tensor, b as tf.Tensor), dy)))([x, slope]);
  const want = gradients(tf.prelu);
  gradients(prelu).forEach((got, i) => expect(got).toBeAllclose(want[i] as tf.Tensor));
});
