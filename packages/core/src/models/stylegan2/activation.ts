/**
 * StyleGAN's activation: leaky ReLU of slope 0.2 times √2, so that variance is kept.
 *
 * The gain is folded in front: √2·lrelu(x) = lrelu(√2·x), and √2 can join a factor that is there anyway (demodulation,
 * bias, noise strength). `lrelu` here is therefore without the gain.
 */
import { tf } from '../../tensors/tf.js';

/** √2, StyleGAN's activation gain. */
export const ACTIVATION_GAIN = Math.SQRT2;

/** Slope for negative numbers. */
export const LRELU_SLOPE = 0.2;

/** Leaky ReLU without the gain; any shape. */
export function lrelu<T extends tf.Tensor>(x: T): T {
  return tf.leakyRelu(x, LRELU_SLOPE);
}
