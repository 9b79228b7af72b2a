import { tf } from '../tensors/tf.js';
import { beforeAll, describe, expect, it } from 'vitest';
import { normals, Random } from '../tensors/random.js';
import { resample, resamplingMatrix } from './resample.js';

beforeAll(() => tf.setBackend('cpu'));

describe('resampling', () => {
  it.each([[256, 224], [188, 112], [64, 32], [32, 224], [5, 3]])('weights sum to 1, %i to %i', (from, to) => {
    for (const kind of ['area', 'adaptive'] as const) {
      const columns = tf.sum(tf.tensor2d(resamplingMatrix(from, to, kind), [from, to]), 0);
      expect(columns).toBeAllclose(tf.ones([to]));
    }
  });

  it('is average pooling where the sizes divide', () => {
    const image = normals(new Random(1), [2, 12, 12, 3]) as tf.Tensor4D;
    const want = tf.avgPool(image, 3, 3, 'valid');
    expect(resample(image, 4, 'area')).toBeAllclose(want);
    expect(resample(image, 4, 'adaptive')).toBeAllclose(want);
  });

  it("area is the original's nearest x7 and average pool, 64 to 224", () => {
    const image = normals(new Random(2), [1, 64, 64, 1]) as tf.Tensor4D;
    const nearest = tf.image.resizeNearestNeighbor(image, [448, 448]);
    expect(resample(image, 224, 'area')).toBeAllclose(tf.avgPool(nearest, 2, 2, 'valid'));
  });

  it('adaptive takes every pixel that is touched with equal weight', () => {
    const row = tf.tensor([1, 2, 4, 8, 16]);
    const square = tf.mul(tf.reshape(row, [1, 1, 5, 1]), tf.ones([1, 5, 1, 1])) as tf.Tensor4D;
    const got = resample(square, 3, 'adaptive').dataSync().slice(0, 3);
    expect(got).toBeAllclose([1.5, 14 / 3, 12]);
  });

  it('keeps rows and columns apart and returns an image of the right size as it is', () => {
    const image = normals(new Random(3), [1, 6, 4, 2]) as tf.Tensor4D;
    expect(resample(image, 2, 'area')).toBeAllclose(tf.avgPool(image, [3, 2], [3, 2], 'valid'));
    const square = tf.zeros([1, 4, 4, 3]) as tf.Tensor4D;
    expect(resample(square, 4, 'area')).toBe(square);
  });
});
