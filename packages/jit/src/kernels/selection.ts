/**
 * Picking by index: gather, its gradient (a segment sum), scatter, and the k largest. Indices stay int32, which ONNX's
 * Gather takes; the scatters want int64.
 */
import { sizeOf, type Graph, type Value } from '../graph.js';
import { reshape, slice } from './arrange.js';
import { cast, requireNumbers } from './cast.js';
import { where } from './choice.js';
import type { Lowerings } from './lowering.js';

/** Indices that are sure to fail where they point nowhere: to ONNX, −1 is the last element. */
function insideOnly(g: Graph, indices: Value, dims: readonly number[]): Value {
  const whole = cast(g, indices, 'int32');
  const known = whole.splat === undefined ? whole.elements : [whole.splat];
  if (known && ![...known].some((i) => Number(i) < 0)) return whole;
  const beyond = g.constant(Int32Array.from(dims), dims.length === 1 ? [] : [dims.length], 'int32');
  return where(g, g.elementwise('Less', [whole, g.scalar(0, 'int32')], 'bool'), beyond, whole);
}

export const selection: Lowerings = {
  GatherV2: (g, { x, indices }, { axis, batchDims }) => {
    if (batchDims) {
      const dims = batchDims as number;
      throw new Error(`gather with batchDims ${dims} is not lowered; gather the flattened tensor`);
    }
    const at = (axis as number) < 0 ? (axis as number) + x!.shape.length : (axis as number);
    const shape = [...x!.shape.slice(0, at), ...indices!.shape, ...x!.shape.slice(at + 1)];
    return g.emit(
      'Gather',
      [g.full(x!), g.full(insideOnly(g, indices!, [x!.shape[at]!]))],
      { shape, dtype: x!.dtype },
      { axis: at },
    );
  },
  GatherNd: (g, { params, indices }) => {
    const depth = indices!.shape.at(-1)!;
    const shape = [...indices!.shape.slice(0, -1), ...params!.shape.slice(depth)];
    return g.emit(
      'GatherND',
      [g.full(params!), g.full(cast(g, insideOnly(g, indices!, params!.shape.slice(0, depth)), 'int64'))],
      { shape, dtype: params!.dtype },
    );
  },
  ScatterNd: (g, { indices, updates }, { shape }) => {
    const into = shape as number[];
    const depth = indices!.shape.at(-1)!;
    requireNumbers(updates!);
    return scatterAdd(g, insideOnly(g, indices!, into.slice(0, depth)), updates!, into);
  },
  UnsortedSegmentSum: (g, { x, segmentIds }, { numSegments }) => {
    const count = numSegments as number;
    if (segmentIds!.shape.length !== 1)
      throw new Error(
        `segment ids have one dimension, got [${segmentIds!.shape}]; flatten them and the tensor's first axes`,
      );
    // Ids out of range belong to no segment: they all go to one more, which is cut off.
    const ids = cast(g, segmentIds!, 'int32');
    const bound = g.scalar(count, 'int32');
    const tooLow = g.elementwise('Less', [ids, g.scalar(0, 'int32')], 'bool');
    const segments = g.elementwise('Min', [where(g, tooLow, bound, ids), bound], 'int32');
    const rows = reshape(g, segments, [...segmentIds!.shape, 1]);
    const sums = scatterAdd(g, rows, cast(g, x!, 'float32'), [count + 1, ...x!.shape.slice(1)]);
    return slice(g, sums, [{ axis: 0, begin: 0, size: count }]);
  },
  TopK: (g, { x }, { k, sorted }) => {
    const shape = [...x!.shape.slice(0, -1), k as number];
    const numbers = x!.dtype === 'bool' ? cast(g, x!, 'int32') : x!;
    const [values, indices] = g.emitMany(
      'TopK',
      [g.full(numbers), g.int64s([k as number])],
      [
        { shape, dtype: numbers.dtype },
        { shape, dtype: 'int64' },
      ],
      { axis: -1, sorted: sorted ? 1 : 0 },
    ) as [Value, Value];
    return [cast(g, values, x!.dtype), cast(g, indices, 'int32')];
  },
};

/** Zeros of `shape` with `updates` added at `indices`. */
function scatterAdd(g: Graph, indices: Value, updates: Value, shape: readonly number[]): Value {
  const zeros = g.full(g.broadcastTo(g.scalar(0, updates.dtype), shape));
  if (sizeOf(updates.shape) === 0) return zeros;
  const where = g.full(cast(g, indices, 'int64'));
  return g.emit('ScatterND', [zeros, where, g.full(updates)], { shape, dtype: updates.dtype }, { reduction: 'add' });
}
