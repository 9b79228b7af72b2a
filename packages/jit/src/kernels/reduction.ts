/**
 * Reductions, softmax and cumulative sums. TensorFlow.js passes axes as a number, a list or nothing (all of them);
 * ONNX takes them as an int64 input. Means of int32 are computed in float32.
 */
import type { ElementType, Graph, Value } from '../graph.js';
import { cast } from './elementwise.js';
import type { Attributes, Lowering, Lowerings } from './lowering.js';

const axesOf = (axis: unknown, rank: number): number[] => {
  const list = axis == null ? Array.from({ length: rank }, (_, i) => i) : [axis].flat().map(Number);
  return list.map((a) => (a < 0 ? a + rank : a));
};

export function reduce(g: Graph, op: string, x: Value, axes: readonly number[], keepDims: boolean): Value {
  const shape = x.shape.flatMap((n, i) => (axes.includes(i) ? (keepDims ? [1] : []) : [n]));
  if (axes.length === 0) return x;
  return g.emit(op, [g.full(x), g.int64s(axes)], { shape, dtype: x.dtype }, { keepdims: keepDims ? 1 : 0 });
}

/** Reductions of fewer elements than this stay a ReduceSum. */
const WORTH_A_PRODUCT = 1024;

/**
 * The sum of a picture's rows and columns, [.., H, W, C] → [.., C], as a product with ones over W and a short ReduceSum over
 * H. ONNX Runtime's ReduceSum over middle axes runs on one thread, four times slower than memory.
 * @returns undefined where the sum has another form
 */
function spatialSum(g: Graph, x: Value, axes: readonly number[], keepDims: boolean): Value | undefined {
  const rank = x.shape.length;
  const [h, w, c] = x.shape.slice(-3) as [number, number, number];
  const spatial = rank >= 3 && axes.length === 2 && axes.includes(rank - 3) && axes.includes(rank - 2);
  if (!spatial || x.dtype !== 'float32' || h * w < WORTH_A_PRODUCT || c < 8) return undefined;
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

const axisReduction =
  (op: string, axisName = 'axis', as?: ElementType): Lowering =>
  (g, { x }, attributes: Attributes) => {
    const axes = axesOf(attributes[axisName], x!.shape.length);
    const reduced = reduce(g, op, as ? cast(g, x!, as) : x!, axes, Boolean(attributes.keepDims));
    return x!.dtype === 'bool' ? cast(g, reduced, 'bool') : reduced;
  };

const argument =
  (op: string): Lowering =>
  (g, { x }, { axis }) => {
    const [a] = axesOf(axis, x!.shape.length) as [number];
    const shape = x!.shape.filter((_, i) => i !== a);
    return cast(
      g,
      g.emit(op, [g.full(cast(g, x!, 'float32'))], { shape, dtype: 'int64' }, { axis: a, keepdims: 0 }),
      'int32',
    );
  };

export const reduction: Lowerings = {
  Sum: (g, { x }, { axis, keepDims }) => {
    const axes = axesOf(axis, x!.shape.length);
    const whole = x!.dtype === 'bool' ? cast(g, x!, 'int32') : x!;
    return spatialSum(g, whole, axes, Boolean(keepDims)) ?? reduce(g, 'ReduceSum', whole, axes, Boolean(keepDims));
  },
  Mean: (g, { x }, { axis, keepDims }) =>
    reduce(g, 'ReduceMean', cast(g, x!, 'float32'), axesOf(axis, x!.shape.length), Boolean(keepDims)),
  Max: axisReduction('ReduceMax', 'reductionIndices'),
  Min: axisReduction('ReduceMin'),
  Prod: axisReduction('ReduceProd'),
  All: axisReduction('ReduceMin', 'axis', 'int32'),
  Any: axisReduction('ReduceMax', 'axis', 'int32'),
  ArgMax: argument('ArgMax'),
  ArgMin: argument('ArgMin'),
  Softmax: (g, { logits }, { dim }) => g.emit('Softmax', [g.full(logits!)], logits!, { axis: dim as number }),
  Cumsum: (g, { x }, { axis, exclusive, reverse }) => {
    const [a] = axesOf(axis, x!.shape.length) as [number];
    return g.emit('CumSum', [g.full(x!), g.scalar(a, 'int64')], x!, {
      exclusive: exclusive ? 1 : 0,
      reverse: reverse ? 1 : 0,
    });
  },
};
