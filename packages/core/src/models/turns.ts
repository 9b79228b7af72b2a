/**
 * How axes turn on the way from a checkpoint to our layouts.
 *
 * A turn says both what becomes of a tensor and what becomes of its shape, so that a table's results are known, and
 * room for them can be laid out in a file, before a number is read. All of them only move numbers.
 */
import tf from '@tensorflow/tfjs';

export interface Turn {
  /** The shape that a tensor of this shape comes out with. */
  readonly shape: (shape: readonly number[]) => number[];
  readonly apply: (tensor: tf.Tensor) => tf.Tensor;
}

/**
 * Reorders axes by name; an axis written `1` has that size and is dropped.
 *
 * @example arrange('1 o i y x -> y x i o')
 */
export function arrange(pattern: string): Turn {
  const [before = [], after = []] = pattern.split('->').map((side) => side.trim().split(/\s+/).filter(Boolean));
  const kept = before.flatMap((axis, i) => (axis === '1' ? [] : [i]));
  const order = after.map((axis) => kept.findIndex((i) => before[i] === axis)); // among the kept ones
  if (order.includes(-1) || order.length !== kept.length) throw new Error(`arrange: "${pattern}" loses an axis`);
  return {
    shape: (shape) => order.map((i) => shape[kept[i] as number] as number),
    apply: (tensor) => {
      const fewer = tf.reshape(
        tensor,
        kept.map((i) => tensor.shape[i] as number),
      );
      return order.every((from, to) => from === to) ? fewer : tf.transpose(fewer, order);
    },
  };
}

/** PyTorch's linear weights. */
export const LINEAR = arrange('out in -> in out');

/** PyTorch's convolutions. */
export const CONV = arrange('o i y x -> y x i o');

/** A convolution turned by half a turn: its taps reversed along both axes. [k,k,I,O] stays. */
export const HALF_TURN: Turn = { shape: (shape) => [...shape], apply: (tensor) => tf.reverse(tensor, [0, 1]) };

/** [out, C·h·w] -> [h·w·C, out]: a linear layer behind a flattened picture, from channels first to channels last. */
export function linearAfterFlatten(channels: number): Turn {
  return {
    shape: ([outputs = 0, inputs = 0]) => [inputs, outputs],
    apply: (tensor) => {
      const [outputs = 0, inputs = 0] = tensor.shape;
      const pixels = inputs / channels;
      return tf.reshape(tf.transpose(tf.reshape(tensor, [outputs, channels, pixels]), [2, 1, 0]), [inputs, outputs]);
    },
  };
}
