/**
 * Moves groups of channels into 2×2 pixels and back, with one transpose of four dimensions.
 *
 * Channels are ordered (row phase, column phase, channel). Since (column phase, channel) already lie side by side as
 * (column, channel) of the doubled picture, only the row phase has to pass the columns: rank 4 is enough.
 */
import { tf } from '../../tensors/tf.js';

/** [N,H,W,4·C] → [N,2H,2W,C] with out[2i+a, 2j+b, c] = x[i, j, (2a+b)·C + c]. */
export function depthToSpace(x: tf.Tensor4D): tf.Tensor4D {
  const [n, h, w, c4] = x.shape;
  if (c4 % 4 !== 0) throw new Error(`depthToSpace: channels must be a multiple of 4, got [${x.shape.join(',')}]`);
  const c = c4 / 4;
  const rows = tf.reshape(x, [n * h, w, 2, 2 * c]); // [NH,W,2,2C]
  const swapped = tf.transpose(rows, [0, 2, 1, 3]); // [NH,2,W,2C]
  return tf.reshape(swapped, [n, 2 * h, 2 * w, c]);
}
