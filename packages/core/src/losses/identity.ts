/**
 * The identity loss: 1 - <f(edited), f(source)> with the unit vectors of a face recognition network, averaged over the
 * batch (StyleCLIP eq. 2 and `criteria/id_loss.py`). The source's embedding is a constant: compute it once.
 */
import { tf } from '../tensors/tf.js';
import type { Weights } from '../tensors/weights.js';
import { identity } from '../models/identity/ir-se.js';
import { type IdentityInput, prepareForIdentity } from '../models/identity/prepare.js';

/** Identity embeddings of generator pictures [N,H,W,3] in [-1,1]: [N,E], unit rows. */
export function identityFeatures(arcface: Weights, image: tf.Tensor4D, input: IdentityInput): tf.Tensor2D {
  return identity(arcface, prepareForIdentity(image, input));
}

/** Mean of 1 - <a, b> over matching unit rows [N,E]. */
export function embeddingLoss(a: tf.Tensor2D, b: tf.Tensor2D): tf.Scalar {
  return tf.mean(embeddingRows(a, b));
}

/** 1 - <a, b> of matching unit rows [N,E]: [N]. */
export function embeddingRows(a: tf.Tensor2D, b: tf.Tensor2D): tf.Tensor1D {
  return tf.sub(1, tf.sum(tf.mul(a, b), -1));
}

/**
 * @param image edited pictures [N,H,W,3] in [-1,1]
 * @param source embeddings of the pictures before, [N,E], unit rows
 */
export function identityLoss(
  arcface: Weights,
  image: tf.Tensor4D,
  source: tf.Tensor2D,
  input: IdentityInput,
): tf.Scalar {
  return embeddingLoss(identityFeatures(arcface, image, input), source);
}
