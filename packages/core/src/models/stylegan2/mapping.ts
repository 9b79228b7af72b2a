/**
 * z → w: the mapping network (StyleGAN §2), PixelNorm and a stack of dense layers, each followed by √2·lrelu.
 *
 * Weights are effective: rosinality's `weight·lr_mul/√in` and `bias·lr_mul` are multiplied in already.
 * Truncation is not here (truncation.ts); class labels are not supported.
 */
import { tf } from '../../tensors/tf.js';
import { requireWeight, type Weights } from '../../tensors/weights.js';
import { ACTIVATION_GAIN, lrelu } from './activation.js';
import { countMappingLayers } from './architecture.js';
import { expectShape } from './shapes.js';

/** x / √(mean(x²) + 1e-8) along `axis` (the last unless told otherwise). Any shape. */
export function pixelNorm<T extends tf.Tensor>(x: T, axis = -1): T {
  return tf.mul(x, tf.rsqrt(tf.add(tf.mean(tf.square(x), axis, true), 1e-8))) as T;
}

/**
 * @param g generator weights with `mapping.*`
 * @param z [N,zDim], drawn from a standard normal distribution
 * @returns w [N,wDim], not truncated
 */
export function mapping(g: Weights, z: tf.Tensor2D): tf.Tensor2D {
  const layers = countMappingLayers(g);
  if (layers === 0) throw new Error('this generator has no mapping network (mapping.0.weight is missing)');
  expectShape('mapping: z', z, ['N', requireWeight(g, 'mapping.0.weight').shape[0] as number]);
  let x = pixelNorm(z); // [N,zDim]
  for (let i = 0; i < layers; i++) {
    const y = tf.matMul(x, requireWeight(g, `mapping.${i}.weight`) as tf.Tensor2D);
    x = lrelu(tf.mul(tf.add(y, requireWeight(g, `mapping.${i}.bias`)), ACTIVATION_GAIN)); // [N,width]
  }
  return x;
}
