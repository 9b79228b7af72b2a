/**
 * Doubles the skip picture with the filter [1,3,3,1] (StyleGAN2 `upsample_2d`, zeros beyond the border).
 *
 * With zeros inserted between pixels only two taps of the filter ever meet a pixel, so along each axis
 *
 *     out[2q] = ¼·x[q−1] + ¾·x[q],   out[2q+1] = ¾·x[q] + ¼·x[q+1].
 *
 * Even and odd lines are woven by concatenating them along the axis behind and reshaping: no transpose.
 */
import { tf } from '../../tensors/tf.js';

/** [N,H,W,C] → [N,2H,2W,C] */
export function upsampleRgb(x: tf.Tensor4D): tf.Tensor4D {
  const [n, h, w, c] = x.shape;
  const rows = doubleAxis1(tf.reshape(x, [n, h, w * c])); // [N,2H,WC]
  const columns = doubleAxis1(tf.reshape(rows, [n * 2 * h, w, c])); // [N2H,2W,C]
  return tf.reshape(columns, [n, 2 * h, 2 * w, c]);
}

/** [A,L,B] → [A,2L,B] */
function doubleAxis1(x: tf.Tensor3D): tf.Tensor3D {
  const [a, length, b] = x.shape;
  const quarter = tf.pad(tf.mul(x, 0.25) as tf.Tensor3D, [[0, 0], [1, 1], [0, 0]]); // zero border
  const main = tf.mul(x, 0.75);
  const even = tf.add(main, tf.slice(quarter, [0, 0, 0], [a, length, b]));
  const odd = tf.add(main, tf.slice(quarter, [0, 2, 0], [a, length, b]));
  return tf.reshape(tf.concat([even, odd], 2), [a, 2 * length, b]) as tf.Tensor3D;
}
