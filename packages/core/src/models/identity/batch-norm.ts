/**
 * Batch normalisation in its two forms.
 *
 * A finished network uses its stored statistics: y = x·scale + shift per channel. In training the batch's own mean and
 * variance take their place, and the caller collects them to keep running averages. The network takes either as a
 * function, {@link BatchNorm}, so that there is one network and not two.
 */
import { tf } from '../../tensors/tf.js';
import { requireWeight, type Weights } from '../../tensors/weights.js';

/** PyTorch's default constant beside the variance. */
export const BATCH_NORM_EPSILON = 1e-5;

/** Normalises the last dimension of x with the parameters called `<name>.weight`, `.bias`, `.running_mean`, `.running_var`. */
export type BatchNorm = (weights: Weights, name: string, x: tf.Tensor) => tf.Tensor;

/** Per-channel scale and shift of stored statistics, both [C]. */
export function storedScale(weights: Weights, name: string): { scale: tf.Tensor; shift: tf.Tensor } {
  const inverse = tf.rsqrt(tf.add(requireWeight(weights, `${name}.running_var`), BATCH_NORM_EPSILON));
  const scale = tf.mul(requireWeight(weights, `${name}.weight`), inverse);
  const shift = tf.sub(requireWeight(weights, `${name}.bias`), tf.mul(requireWeight(weights, `${name}.running_mean`), scale));
  return { scale, shift };
}

/** With stored statistics: inference. */
export const storedBatchNorm: BatchNorm = (weights, name, x) => {
  const { scale, shift } = storedScale(weights, name);
  return tf.add(tf.mul(x, scale), shift);
};

/**
 * With the batch's statistics: training. Writes `<name>.running_mean` and `<name>.running_var` of this batch (variance
 * unbiased, as PyTorch stores it) into `collected`; mix them into the running values outside of the gradient.
 */
export function trainingBatchNorm(collected: Weights): BatchNorm {
  return (weights, name, x) => {
    const axes = x.shape.slice(0, -1).map((_, i) => i);
    const count = x.shape.slice(0, -1).reduce((product, size) => product * size, 1);
    const mean = tf.mean(x, axes, true);
    const centred = tf.sub(x, mean);
    const variance = tf.mean(tf.square(centred), axes, true);
    const channels = [x.shape[x.shape.length - 1] ?? 0];
    collected[`${name}.running_mean`] = tf.reshape(mean, channels);
    collected[`${name}.running_var`] = tf.mul(tf.reshape(variance, channels), count / Math.max(1, count - 1));
    const normal = tf.mul(centred, tf.rsqrt(tf.add(variance, BATCH_NORM_EPSILON)));
    return tf.add(tf.mul(normal, requireWeight(weights, `${name}.weight`)), requireWeight(weights, `${name}.bias`));
  };
}
