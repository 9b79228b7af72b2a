/**
 * Prototypes: what lets two encoders that know nothing find each other quickly.
 *
 * Contrastive training from nothing is slow at first, because each encoder chases the other's random features. Here every
 * value of every factor has one learnt vector in the shared space. Pictures are told which values they show and texts
 * which values they speak of, both against the same vectors, so the two meet there while the contrastive loss does the
 * rest. Prototypes are parameters of the training alone and are not part of the finished network.
 */
import { tf } from '@styleclip/core';

/**
 * @param images [B,E], rows of length 1
 * @param texts [T,E], rows of length 1
 * @param prototypes [V,E], one row for each value of each factor, factor after factor; any length
 * @param shown [B,V], 1 for the value that a picture shows of each factor that is visible
 * @param spoken [T,V], 1 for each value that a text is true of
 * @param scale the factor on cosines, a scalar
 * @param groups how many values each factor has; their sum is V
 * @returns (pictures choose among the values of each factor + texts choose among all values) / 2
 */
export function prototypeLoss(
  images: tf.Tensor2D,
  texts: tf.Tensor2D,
  prototypes: tf.Tensor2D,
  shown: tf.Tensor2D,
  spoken: tf.Tensor2D,
  scale: tf.Tensor,
  groups: readonly number[],
): tf.Scalar {
  const unit = tf.mul(prototypes, tf.rsqrt(tf.add(tf.sum(tf.square(prototypes), 1, true), 1e-9)));
  const batch = images.shape[0];
  const logits = tf.mul(tf.matMul(images, unit, false, true), scale) as tf.Tensor2D; // [B,V]
  let pictures: tf.Tensor = tf.scalar(0);
  let first = 0;
  for (const size of groups) {
    const part = (x: tf.Tensor2D): tf.Tensor2D => tf.slice(x, [0, first], [batch, size]);
    pictures = tf.sub(pictures, tf.mean(tf.sum(tf.mul(part(shown), tf.logSoftmax(part(logits))), 1)));
    first += size;
  }
  const shares = tf.div(spoken, tf.maximum(tf.sum(spoken, 1, true), 1));
  const choices = tf.logSoftmax(tf.mul(tf.matMul(texts, unit, false, true), scale) as tf.Tensor2D); // [T,V]
  const sentences = tf.neg(tf.mean(tf.sum(tf.mul(shares, choices), 1)));
  return tf.mul(tf.add(tf.div(pictures, groups.length), sentences), 0.5) as tf.Scalar;
}
