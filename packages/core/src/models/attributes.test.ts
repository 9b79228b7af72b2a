/** The attribute probe: shapes, heads, and that a compiled reading equals the plain one. */
import { compile } from '@styleclip/jit';
import { tf } from '../tensors/tf.js';
import { describe, expect, it } from 'vitest';
import { normals, Random } from '../tensors/random.js';
import type { Weights } from '../tensors/weights.js';
import { attributeFactors, attributeShapes, readAttributes } from './attributes.js';

const size = { resolution: 8, stages: [{ patch: 2, channels: 4 }, { patch: 2, channels: 6 }], hidden: 5, factors: { hair: 3, eyes: 2 } };
const random = new Random('probe');
const weights: Weights = Object.fromEntries(
  Object.entries(attributeShapes(size)).map(([name, shape]) => [name, normals(random.fork(name), shape, { std: 0.3 })]),
);
const images = normals(random.fork('images'), [2, 8, 8, 3]) as tf.Tensor4D;

describe('readAttributes', () => {
  it('gives a row of logits for each picture and head', () => {
    const logits = readAttributes(weights, images);
    expect(Object.keys(logits)).toEqual(['eyes', 'hair']);
    expect(logits['hair']!.shape).toEqual([2, 3]);
    expect(attributeFactors(weights)).toEqual(['eyes', 'hair']);
  });

  it('merges patches as a convolution whose stride is its kernel', () => {
    const one: Weights = {
      ...weights,
      'conv.0.weight': tf.zerosLike(weights['conv.0.weight']!),
      'conv.0.bias': tf.zerosLike(weights['conv.0.bias']!),
    };
    const merged = tf.add(tf.conv2d(images, one['patch.0.weight'] as tf.Tensor4D, 2, 'valid'), one['patch.0.bias']!) as tf.Tensor4D;
    const second = tf.add(tf.conv2d(merged, one['patch.1.weight'] as tf.Tensor4D, 2, 'valid'), one['patch.1.bias']!) as tf.Tensor4D;
    const detail = tf.relu(tf.add(tf.conv2d(second, one['conv.1.weight'] as tf.Tensor4D, 1, 'same'), one['conv.1.bias']!));
    const flat = tf.reshape(tf.add(second, detail), [2, 24]) as tf.Tensor2D;
    const hidden = tf.relu(tf.add(tf.matMul(flat, one['dense.weight'] as tf.Tensor2D), one['dense.bias']!)) as tf.Tensor2D;
    const expected = tf.add(tf.matMul(hidden, one['head.hair.weight'] as tf.Tensor2D), one['head.hair.bias']!);
    expect(Array.from(readAttributes(one, images)['hair']!.dataSync())).toBeAllclose(Array.from(expected.dataSync()), { rtol: 1e-5, atol: 1e-5 });
  });

  it('reads the same compiled', async () => {
    const compiled = compile((pictures: tf.Tensor4D) => readAttributes(weights, pictures));
    const fast = await compiled(images);
    expect(Array.from(fast['eyes']!.dataSync())).toBeAllclose(Array.from(readAttributes(weights, images)['eyes']!.dataSync()), { rtol: 1e-4, atol: 1e-5 });
    await compiled.dispose();
  });

  it('says which size it was made for', () => {
    expect(() => readAttributes(weights, tf.zeros([1, 16, 16, 3]))).toThrow(/expects 24 features/);
  });

  it('refuses patches that do not fit', () => {
    expect(() => attributeShapes({ ...size, resolution: 6 })).toThrow('stage 1 cannot cut 3 pixels into patches of 2');
  });
});
