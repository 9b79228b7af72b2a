/**
 * Reductions, softmax and cumulative sums. TensorFlow.js passes axes as a number, a list or nothing (all of them);
 * ONNX takes them as an int64 input. Means of int32 are computed in float32.
 */
import type { ElementType, Graph, Value } from '../graph.js';
import { cast } from './elementwise.js';
import type { Attributes, Lowering, Lowerings } from './table.js';

const axesOf = (axis: unknown, rank: number): number[] => {
  const list = axis == null ? Array.from({ length: rank }, (_, i) => i) : [axis].flat().map(Number);
  return list.map((a) => (a < 0 ? a + rank : a));
};

export function reduce(g: Graph, op: string, x: Value, axes: readonly number[], keepDims: boolean): Value {
  const shape = x.shape.flatMap((n, i) => (axes.includes(i) ? (keepDims ? [1] : []) : [n]));
  if (axes.length === 0) return x;
  return g.emit(op, [g.full(x), g.int64s(axes)], { shape, dtype: x.dtype }, { keepdims: keepDims ? 1 : 0 });
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
  Sum: (g, { x }, { axis, keepDims }) =>
    reduce(
      g,
      'ReduceSum',
      x!.dtype === 'bool' ? cast(g, x!, 'int32') : x!,
      axesOf(axis, x!.shape.length),
      Boolean(keepDims),
    ),
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
