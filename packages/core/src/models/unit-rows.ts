/** Vectors of length 1, as every cosine in CLIP and ArcFace wants them. */
import { tf } from '../tensors/tf.js';

/** Keeps a zero row finite, in value and in gradient. */
const EPSILON = 1e-12;

/** Each row divided by its length. [N,E] -> [N,E] */
export function unitRows(x: tf.Tensor2D): tf.Tensor2D {
  return tf.mul(x, tf.rsqrt(tf.add(tf.sum(tf.square(x), -1, true), EPSILON)));
}

/** Cosine between matching rows; one side may have a single row. [N,E], [N,E] -> [N] */
export function cosineRows(a: tf.Tensor2D, b: tf.Tensor2D): tf.Tensor1D {
  return tf.sum(tf.mul(unitRows(a), unitRows(b)), -1);
}
