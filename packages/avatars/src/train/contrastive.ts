/**
 * CLIP's symmetric contrastive loss (Radford et al. 2021, figure 3) for captions that fit many pictures.
 *
 * In CLIP each picture of a batch has one caption and every other pair is a negative. Here "a person with purple hair"
 * fits a tenth of the batch, so a row's target is spread evenly over all that match. Captions come in *groups*: one
 * group per factor, with a caption for each of its values, and one of whole descriptions. Pictures choose among the
 * captions of a group (which is the zero-shot question itself), captions choose among all pictures of the batch.
 */
import { tf } from '@styleclip/core';

/**
 * @param images [B,E], rows of length 1
 * @param texts [T,E], rows of length 1, the groups one after another
 * @param matches [B,T], 1 where the caption fits the picture and 0 where it does not
 * @param scale the factor on cosines, a scalar
 * @param groups sizes of the groups; their sum is T
 * @returns (picture → caption, mean over groups + caption → picture, mean over captions) / 2; a row without any match counts 0
 */
export function contrastiveLoss(
  images: tf.Tensor2D,
  texts: tf.Tensor2D,
  matches: tf.Tensor2D,
  scale: tf.Tensor,
  groups: readonly number[],
): tf.Scalar {
  const [batch, captions] = matches.shape;
  const total = groups.reduce((sum, size) => sum + size, 0);
  if (total !== captions)
    throw new Error(`contrastiveLoss: groups of ${groups.join(' + ')} are ${total} captions, matches have ${captions}`);
  const logits = tf.mul(tf.matMul(images, texts, false, true), scale) as tf.Tensor2D; // [B,T]

  let toCaptions: tf.Tensor = tf.scalar(0);
  let first = 0;
  for (const size of groups) {
    const part = (x: tf.Tensor2D): tf.Tensor2D => tf.slice(x, [0, first], [batch, size]);
    toCaptions = tf.add(toCaptions, softCrossEntropy(part(logits), part(matches)));
    first += size;
  }
  const toImages = softCrossEntropy(tf.transpose(logits), tf.transpose(matches));
  return tf.mul(tf.add(tf.div(toCaptions, groups.length), toImages), 0.5) as tf.Scalar;
}

/** Mean over rows of the cross-entropy with the row's matches in equal shares. [R,C], [R,C] → scalar */
function softCrossEntropy(logits: tf.Tensor2D, matches: tf.Tensor2D): tf.Scalar {
  const shares = tf.div(matches, tf.maximum(tf.sum(matches, 1, true), 1));
  return tf.neg(tf.div(tf.sum(tf.mul(shares, tf.logSoftmax(logits))), logits.shape[0])) as tf.Scalar;
}
