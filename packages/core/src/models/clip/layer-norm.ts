/**
 * Layer normalisation over the last dimension, CLIP's `LayerNorm` (eps 1e-5).
 *
 * The plain form follows the definition, and TensorFlow.js differentiates it into some twenty kernels with full-size
 * constants of ones. The fast form states the gradient itself:
 *
 *     x^ = (x - mean) / sqrt(var + eps)        y = x^ * weight + bias
 *     dx = (g - mean(g) - x^ * mean(g * x^)) / sqrt(var + eps),   g = dy * weight
 *
 * and leaves weight and bias to ordinary multiplication and addition. Both forms are tested against each other.
 */
import { tf } from '../../tensors/tf.js';

/** The constant that CLIP adds to the variance. */
export const LAYER_NORM_EPSILON = 1e-5;

/** Standardises the last dimension: [..., C] -> [..., C] with mean 0 and variance 1, with a closed-form gradient. */
function standardize(x: tf.Tensor): tf.Tensor {
  const op = tf.customGrad((...args: unknown[]) => {
    const input = args[0] as tf.Tensor;
    const save = args[1] as (tensors: tf.Tensor[]) => void;
    const centred = tf.sub(input, tf.mean(input, -1, true)); // [..., C]
    const variance = tf.mean(tf.square(centred), -1, true); // [..., 1]
    const inverse = tf.rsqrt(tf.add(variance, LAYER_NORM_EPSILON)); // [..., 1]
    const normal = tf.mul(centred, inverse); // [..., C]
    save([normal, inverse]);
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor => {
      const [y, scale] = saved as [tf.Tensor, tf.Tensor];
      const meanGradient = tf.mean(dy, -1, true); // [..., 1]
      const meanProjection = tf.mean(tf.mul(dy, y), -1, true); // [..., 1]
      return tf.mul(tf.sub(tf.sub(dy, meanGradient), tf.mul(y, meanProjection)), scale);
    };
    return { value: normal, gradFunc };
  });
  return op(x);
}

/**
 * Layer normalisation with a closed-form gradient.
 *
 * @param x [..., C]
 * @param weight [C]
 * @param bias [C]
 * @returns [..., C]
 */
export function layerNorm<T extends tf.Tensor>(x: T, weight: tf.Tensor, bias: tf.Tensor): T {
  return tf.add(tf.mul(standardize(x), weight), bias) as T;
}

/** The definition, differentiated operation by operation: the slow reference of {@link layerNorm}. */
export function layerNormReference<T extends tf.Tensor>(x: T, weight: tf.Tensor, bias: tf.Tensor): T {
  const centred = tf.sub(x, tf.mean(x, -1, true));
  const variance = tf.mean(tf.square(centred), -1, true);
  const normal = tf.div(centred, tf.sqrt(tf.add(variance, LAYER_NORM_EPSILON)));
  return tf.add(tf.mul(normal, weight), bias) as T;
}
