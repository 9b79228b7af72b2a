/**
 * Picking by index: gather, its gradient (a segment sum), scatter, and the k largest. Indices stay int32, which ONNX's
 * Gather takes; the scatters want int64.
 */
import type { Value } from '../graph.js';
import { reshape } from './arrange.js';
import { cast } from './elementwise.js';
import type { Lowerings } from './lowering.js';

export const selection: Lowerings = {
  GatherV2: (g, { x, indices }, { axis, batchDims }) => {
    if (batchDims) {
      const dims = batchDims as number;
      throw new Error(`gather with batchDims ${dims} is not lowered; gather the flattened tensor`);
    }
    const at = (axis as number) < 0 ? (axis as number) + x!.shape.length : (axis as number);
    const shape = [...x!.shape.slice(0, at), ...indices!.shape, ...x!.shape.slice(at + 1)];
    return g.emit('Gather', [g.full(x!), g.full(cast(g, indices!, 'int32'))], { shape, dtype: x!.dtype }, { axis: at });
  },
  GatherNd: (g, { params, indices }) => {
    const depth = indices!.shape.at(-1)!;
    const shape = [...indices!.shape.slice(0, -1), ...params!.shape.slice(depth)];
    return g.emit('GatherND', [g.full(params!), g.full(cast(g, indices!, 'int64'))], { shape, dtype: params!.dtype });
  },
  ScatterNd: (g, { indices, updates }, { shape }) => {
    const zeros = g.full(g.broadcastTo(g.scalar(0, updates!.dtype), shape as number[]));
    return g.emit(
      'ScatterND',
      [zeros, g.full(cast(g, indices!, 'int64')), g.full(updates!)],
      { shape: shape as number[], dtype: updates!.dtype },
      { reduction: 'add' },
    );
  },
  UnsortedSegmentSum: (g, { x, segmentIds }, { numSegments }) => {
    const rank = segmentIds!.shape.length;
    const shape = [numSegments as number, ...x!.shape.slice(rank)];
    const zeros = g.full(g.broadcastTo(g.scalar(0, x!.dtype), shape));
    const rows = reshape(g, cast(g, segmentIds!, 'int32'), [...segmentIds!.shape, 1]);
    return g.emit(
      'ScatterND',
      [zeros, g.full(cast(g, rows, 'int64')), g.full(x!)],
      { shape, dtype: x!.dtype },
      { reduction: 'add' },
    );
  },
  TopK: (g, { x }, { k, sorted }) => {
    const shape = [...x!.shape.slice(0, -1), k as number];
    const [values, indices] = g.emitMany(
      'TopK',
      [g.full(x!), g.int64s([k as number])],
      [
        { shape, dtype: x!.dtype },
        { shape, dtype: 'int64' },
      ],
      { axis: -1, sorted: sorted ? 1 : 0 },
    ) as [Value, Value];
    return [values, cast(g, indices, 'int32')];
  },
};
