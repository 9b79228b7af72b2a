/**
 * How axes turn on the way from a checkpoint to our layouts.
 *
 * A turn says both what becomes of the numbers and what becomes of the shape, so that a table's results are known, and room
 * for them can be laid out in a file, before a number is read. All of them only move numbers. They move them in plain
 * arrays: TensorFlow.js's own `transpose` and `reverse` on the CPU are ten and sixty times slower, which is minutes in a
 * network of full size.
 */

export interface Turn {
  /** The shape that a tensor of this shape comes out with. */
  readonly shape: (shape: readonly number[]) => number[];
  /** The numbers in their new order; `values`, row-major in `shape`, are not changed. */
  readonly move: (values: Float32Array, shape: readonly number[]) => Float32Array;
}

/**
 * Reorders axes by name; an axis written `1` has that size and is dropped.
 *
 * @example arrange('1 o i y x -> y x i o')
 */
export function arrange(pattern: string): Turn {
  const [before = [], after = []] = pattern.split('->').map((side) => side.trim().split(/\s+/).filter(Boolean));
  const kept = before.flatMap((axis, i) => (axis === '1' ? [] : [i]));
  const order = after.map((axis) => before.indexOf(axis));
  if (order.includes(-1) || order.length !== kept.length) throw new Error(`arrange: "${pattern}" loses an axis`);
  const stays = order.every((axis, i) => axis === kept[i]);
  return {
    shape: (shape) => order.map((axis) => shape[axis] as number),
    move: (values, shape) => (stays ? values : permuted(values, shape, order)),
  };
}

/** PyTorch's linear weights. */
export const LINEAR = arrange('out in -> in out');

/** PyTorch's convolutions. */
export const CONV = arrange('o i y x -> y x i o');

/** A convolution [k,k,I,O] turned by half a turn: its taps reversed along both axes. */
export const HALF_TURN: Turn = {
  shape: (shape) => [...shape],
  move: (values, [rows = 0, columns = 0]) => {
    const taps = rows * columns;
    const size = values.length / taps;
    const turned = new Float32Array(values.length);
    for (let tap = 0; tap < taps; tap++) {
      turned.set(values.subarray(tap * size, (tap + 1) * size), (taps - 1 - tap) * size);
    }
    return turned;
  },
};

/** [out, C·h·w] -> [h·w·C, out]: a linear layer behind a flattened picture, from channels first to channels last. */
export function linearAfterFlatten(channels: number): Turn {
  return {
    shape: ([outputs = 0, inputs = 0]) => [inputs, outputs],
    move: (values, [outputs = 0, inputs = 0]) => permuted(values, [outputs, channels, inputs / channels], [2, 1, 0]),
  };
}

/** The numbers of a tensor with its axes in another order; axes that `order` leaves out have size 1. */
function permuted(values: Float32Array, shape: readonly number[], order: readonly number[]): Float32Array {
  const moved = new Float32Array(values.length);
  const sizes = order.map((axis) => shape[axis] as number);
  const steps = order.map((axis) => shape.slice(axis + 1).reduce((product, size) => product * size, 1));
  const inner = order.length - 1; // the axis whose numbers lie side by side in the result
  const [innerSize, innerStep] = [sizes[inner] as number, steps[inner] as number];
  const index = sizes.map(() => 0);
  let from = 0;
  for (let to = 0; to < moved.length; to += innerSize) {
    for (let i = 0, at = from; i < innerSize; i++, at += innerStep) moved[to + i] = values[at] as number;
    for (let axis = inner - 1; axis >= 0; axis--) {
      const [size, step] = [sizes[axis] as number, steps[axis] as number];
      from += step;
      index[axis] = (index[axis] as number) + 1;
      if (index[axis] !== size) break;
      from -= step * size;
      index[axis] = 0;
    }
  }
  return moved;
}
