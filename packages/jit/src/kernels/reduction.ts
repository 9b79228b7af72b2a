/**
 * Reductions, softmax and cumulative sums. TensorFlow.js passes axes as a number, a list or nothing (all of them);
 * ONNX takes them as an int64 input. Means of int32 are computed in float32.
 */
import { sizeOf, type ElementType, type Graph, type Value } from '../graph.js';
import { axesOf } from './axes.js';
import { cast } from './cast.js';
import { isNaN, where } from './choice.js';
import type { Lowering, Lowerings } from './lowering.js';

/** What a reduction of no elements gives; others give NaN. */
const ofNothing: Readonly<Record<string, number>> = { ReduceSum: 0, ReduceMean: 0, ReduceProd: 1 };

export function reduce(g: Graph, op: string, x: Value, axes: readonly number[], keepDims: boolean): Value {
  const shape = x.shape.flatMap((n, i) => (axes.includes(i) ? (keepDims ? [1] : []) : [n]));
  if (axes.length === 0) return x;
  if (sizeOf(x.shape) === 0) return g.broadcastTo(g.scalar(ofNothing[op] ?? NaN, x.dtype), shape);
  return g.emit(op, [g.full(x), g.int64s(axes)], { shape, dtype: x.dtype }, { keepdims: keepDims ? 1 : 0 });
}

/** Reductions of fewer elements than this stay a ReduceSum. */
const WORTH_A_PRODUCT = 1024;

/**
 * The sum of a picture's rows and columns, [.., H, W, C] → [.., C], as a product with ones over W and a short ReduceSum over
 * H. ONNX Runtime's ReduceSum over middle axes runs on one thread, four times slower than memory.
 * @returns undefined where the sum has another form
 */
function spatialSum(g: Graph, op: string, x: Value, axes: readonly number[], keepDims: boolean): Value | undefined {
  const rank = x.shape.length;
  const [h, w, c] = x.shape.slice(-3) as [number, number, number];
  const spatial = rank >= 3 && axes.length === 2 && axes.includes(rank - 3) && axes.includes(rank - 2);
  if (op !== 'ReduceSum' || !spatial || h * w < WORTH_A_PRODUCT || c < 8) return undefined;
  const { dtype } = x;
  const outer = x.shape.slice(0, -3);
  const n = outer.reduce((a, b) => a * b, 1);
  const reshape = (value: Value, shape: readonly number[]) =>
    g.emit('Reshape', [value, g.int64s(shape)], { shape, dtype });
  const ones = g.full(g.broadcastTo(g.scalar(1), [1, 1, w]));
  const rows = g.emit('MatMul', [ones, reshape(g.full(x), [n * h, w, c])], { shape: [n * h, 1, c], dtype });
  const sums = reduce(g, 'ReduceSum', reshape(rows, [n, h, c]), [1], false);
  return reshape(sums, [...outer, ...(keepDims ? [1, 1] : []), c]);
}

/** Reductions of int32 that may leave its range: as in TensorFlow.js, computed in double precision and stored. */
function reduceWide(g: Graph, op: string, x: Value, axes: readonly number[], keepDims: boolean): Value {
  const whole = x.dtype === 'bool' ? cast(g, x, 'int32') : x;
  if (whole.dtype === 'float32')
    return spatialSum(g, op, whole, axes, keepDims) ?? reduce(g, op, whole, axes, keepDims);
  return cast(g, reduce(g, op, cast(g, whole, 'float64'), axes, keepDims), 'int32');
}

/** The largest or smallest element; NaN where one is, which ONNX Runtime passes over. */
const extreme =
  (op: 'ReduceMax' | 'ReduceMin', axisName: string): Lowering =>
  (g, { x }, attributes) => {
    const axes = axesOf(attributes[axisName], x!.shape.length);
    const keepDims = Boolean(attributes.keepDims);
    const found = reduceThrough(g, op, x!, 'int32', axes, keepDims);
    if (x!.dtype !== 'float32' || axes.length === 0 || sizeOf(x!.shape) === 0) return found;
    const nothing = reduceThrough(g, 'ReduceMax', isNaN(g, x!), 'float32', axes, keepDims);
    return where(g, nothing, g.scalar(NaN), found);
  };

/** A reduction that ONNX Runtime does not have for booleans, which go through another type. */
function reduceThrough(
  g: Graph,
  op: string,
  x: Value,
  type: ElementType,
  axes: readonly number[],
  keepDims: boolean,
): Value {
  if (x.dtype !== 'bool') return reduce(g, op, x, axes, keepDims);
  return cast(g, reduce(g, op, cast(g, x, type), axes, keepDims), 'bool');
}

const overBools =
  (op: string): Lowering =>
  (g, { x }, { axis, keepDims }) =>
    reduceThrough(g, op, cast(g, x!, 'bool'), 'int32', axesOf(axis, x!.shape.length), Boolean(keepDims));

const argument =
  (op: string): Lowering =>
  (g, { x }, { axis }) => {
    const [a] = axesOf(axis, x!.shape.length) as [number];
    const shape = x!.shape.filter((_, i) => i !== a);
    if (sizeOf(x!.shape) === 0) return g.broadcastTo(g.scalar(0, 'int32'), shape);
    return cast(
      g,
      g.emit(
        op,
        [g.full(x!.dtype === 'bool' ? cast(g, x!, 'int32') : x!)],
        { shape, dtype: 'int64' },
        { axis: a, keepdims: 0 },
      ),
      'int32',
    );
  };

export const reduction: Lowerings = {
  Sum: (g, { x }, { axis, keepDims }) =>
    reduceWide(g, 'ReduceSum', x!, axesOf(axis, x!.shape.length), Boolean(keepDims)),
  Prod: (g, { x }, { axis, keepDims }) =>
    reduceWide(g, 'ReduceProd', x!, axesOf(axis, x!.shape.length), Boolean(keepDims)),
  Mean: (g, { x }, { axis, keepDims }) =>
    reduce(g, 'ReduceMean', cast(g, x!, 'float32'), axesOf(axis, x!.shape.length), Boolean(keepDims)),
  Max: extreme('ReduceMax', 'reductionIndices'),
  Min: extreme('ReduceMin', 'axis'),
  All: overBools('ReduceMin'),
  Any: overBools('ReduceMax'),
  ArgMax: argument('ArgMax'),
  ArgMin: argument('ArgMin'),
  Softmax: (g, { logits }, { dim }) => g.emit('Softmax', [g.full(logits!)], logits!, { axis: dim as number }),
  Cumsum: (g, { x }, { axis, exclusive, reverse }) => {
    if (x!.shape.length === 0) throw new Error('a scalar has no axis to add up along');
    const [a] = axesOf(axis, x!.shape.length) as [number];
    const whole = x!.dtype === 'bool' ? cast(g, x!, 'int32') : x!;
    const attributes = { exclusive: exclusive ? 1 : 0, reverse: reverse ? 1 : 0 };
    return g.emit('CumSum', [g.full(whole), g.scalar(a, 'int64')], whole, attributes);
  },
};
