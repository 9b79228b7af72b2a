/**
 * A text has no opinion on what it does not speak of.
 *
 * Words drag things along: "dark" in "dark lenses" also stands in "dark clothes", so a text about one asks a little for
 * the other, and an edit by such a text changes both. Here each value of each factor has a direction among the picture
 * features, its mean picture minus the mean of its factor's values. A text that does not mention a factor is asked to be
 * at right angles to the directions of all that factor's values.
 */
import { tf } from '@styleclip/core';

/**
 * @param texts [T,E], rows of length 1
 * @param directions [V,E], one row for each value of each factor, factor after factor
 * @param spoken [T,V], 1 for each value that a text is true of
 * @param scale the factor on cosines, a scalar
 * @param groups how many values each factor has; their sum is V
 * @returns mean of (scale · text · direction)² over the values of all factors that a text does not mention
 */
export function silenceLoss(
  texts: tf.Tensor2D,
  directions: tf.Tensor2D,
  spoken: tf.Tensor2D,
  scale: tf.Tensor,
  groups: readonly number[],
): tf.Scalar {
  const sameFactor = blocks(groups); // [V,V]
  const mentioned = tf.minimum(tf.matMul(spoken, sameFactor), 1); // [T,V], 1 for all values of a mentioned factor
  const silent = tf.sub(1, mentioned);
  const leaks = tf.mul(tf.square(tf.mul(tf.matMul(texts, directions, false, true), scale)), silent);
  return tf.div(tf.sum(leaks), tf.maximum(tf.sum(silent), 1)) as tf.Scalar;
}

/** [V,V], 1 where two values belong to the same factor. */
function blocks(groups: readonly number[]): tf.Tensor2D {
  const owner = groups.flatMap((size, group) => new Array<number>(size).fill(group));
  return tf.tensor2d(owner.map((a) => owner.map((b) => (a === b ? 1 : 0))));
}
