/**
 * The additive angular margin loss of ArcFace (Deng et al. 2019) over classes that are combinations of factors.
 *
 *     loss = cross-entropy of s·cos(θ_c + m·[c is the true class]),   cos θ_c = ⟨embedding, centre_c⟩
 *
 * An identity here is one value of each of a few factors, which makes thousands of classes with a handful of pictures
 * each. So a class's centre is not a free vector but the normalised sum of one learnt vector per value: a class that was
 * hardly seen gets its centre from classes that share its values, and two identities that differ in one factor only are
 * the hard negatives that the margin pushes apart.
 *
 * Two things keep everything from falling into one point, where a margin costs least: centres have mean zero, and the
 * margin grows from nothing while the network learns to tell classes apart at all.
 */
import { tf, unitRows } from '@styleclip/core';

export interface ArcFaceOptions {
  /** s: the scale of the cosines. */
  readonly scale?: number;
  /** m: the angular margin in radians; a scalar tensor where it changes from step to step. */
  readonly margin?: number | tf.Tensor;
}

/**
 * @param embeddings [N,E], rows of length 1
 * @param centres [C,E], rows of length 1
 * @param classes [N,C] one-hot rows
 * @returns the mean loss
 */
export function arcFaceLoss(
  embeddings: tf.Tensor2D,
  centres: tf.Tensor2D,
  classes: tf.Tensor2D,
  { scale = 24, margin = 0.2 }: ArcFaceOptions = {},
): tf.Scalar {
  const cosine = tf.matMul(embeddings, centres, false, true); // [N,C]
  const sine = tf.sqrt(tf.maximum(tf.sub(1, tf.square(cosine)), 1e-4));
  const shifted = tf.sub(tf.mul(cosine, tf.cos(margin)), tf.mul(sine, tf.sin(margin))); // cos(θ + m)
  const logits = tf.mul(tf.add(cosine, tf.mul(classes, tf.sub(shifted, cosine))), scale);
  return tf.neg(tf.mean(tf.sum(tf.mul(classes, tf.logSoftmax(logits)), 1))) as tf.Scalar;
}

/**
 * Which values make up each class, as a matrix of zeros and ones: a class is the mixed-radix number of its values, the
 * first factor counting most (as `identityOf` numbers identities).
 * @param sizes how many values each factor has
 * @returns [product of sizes, sum of sizes]
 */
export function classComposition(sizes: readonly number[]): tf.Tensor2D {
  const classes = sizes.reduce((product, size) => product * size, 1);
  const columns = sizes.reduce((sum, size) => sum + size, 0);
  const table = new Float32Array(classes * columns);
  for (let c = 0; c < classes; c++) {
    let rest = c;
    let end = columns;
    for (let f = sizes.length - 1; f >= 0; f--) {
      const size = sizes[f]!;
      end -= size;
      table[c * columns + end + (rest % size)] = 1;
      rest = Math.floor(rest / size);
    }
  }
  return tf.tensor2d(table, [classes, columns]);
}

/** Unit centres [C,E] of all classes from one vector per value [V,E] and `classComposition`: normalised sums, less their mean. */
export function classCentres(composition: tf.Tensor2D, values: tf.Tensor2D): tf.Tensor2D {
  const centred = tf.sub(composition, tf.mean(composition, 0, true)) as tf.Tensor2D;
  return unitRows(tf.matMul(centred, values));
}
