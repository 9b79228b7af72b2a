/**
 * Kernels that move elements without computing: reshape, transpose, slice, pad, concatenate, split, tile, reverse,
 * and tensors made from nothing (fill, range). All are differentiable in TensorFlow.js by one another.
 */
import { tf } from '#tf';
import { sameShape, sizeOf, type ElementType, type Graph, type Value } from '../graph.js';
import { cast } from './elementwise.js';
import type { Lowerings } from './lowering.js';

export function reshape(g: Graph, x: Value, shape: readonly number[]): Value {
  if (sameShape(x.shape, shape)) return x;
  if (x.splat !== undefined) return g.broadcastTo(g.scalar(x.splat, x.dtype), shape);
  return g.emit('Reshape', [g.full(x), g.int64s(shape)], { shape, dtype: x.dtype });
}

export function transpose(g: Graph, x: Value, perm: readonly number[]): Value {
  if (perm.every((p, i) => p === i)) return x;
  const shape = perm.map((p) => x.shape[p]!);
  if (x.splat !== undefined) return g.broadcastTo(g.scalar(x.splat, x.dtype), shape);
  return g.emit('Transpose', [g.full(x)], { shape, dtype: x.dtype }, { perm: [...perm] });
}

/** Elements `begin, begin + stride, …` (`size` of them) along each listed axis; a negative stride walks backwards. */
export function slice(
  g: Graph,
  x: Value,
  parts: readonly { axis: number; begin: number; size: number; stride?: number }[],
): Value {
  const shape = [...x.shape];
  const kept = parts.filter(
    ({ axis, begin, size, stride = 1 }) => !(begin === 0 && stride === 1 && size === x.shape[axis]),
  );
  for (const { axis, size } of parts) shape[axis] = size;
  if (kept.length === 0) return x;
  const end = ({ begin, size, stride = 1 }: (typeof kept)[number]) => {
    const last = begin + stride * size;
    return last < 0 ? -(2 ** 31) : last; // past the front end, which -1 would not mean
  };
  return g.emit(
    'Slice',
    [
      g.full(x),
      g.int64s(kept.map((p) => p.begin)),
      g.int64s(kept.map(end)),
      g.int64s(kept.map((p) => p.axis)),
      g.int64s(kept.map((p) => p.stride ?? 1)),
    ],
    { shape, dtype: x.dtype },
  );
}

export function pad(
  g: Graph,
  x: Value,
  paddings: readonly (readonly [number, number])[],
  value: number,
  mode = 'constant',
): Value {
  if (paddings.every(([before, after]) => before === 0 && after === 0)) return x;
  const shape = x.shape.map((n, i) => n + paddings[i]![0] + paddings[i]![1]);
  const pads = g.int64s([...paddings.map((p) => p[0]), ...paddings.map((p) => p[1])]);
  const fill = mode === 'constant' ? g.scalar(value, x.dtype) : undefined;
  return g.emit(
    'Pad',
    [g.full(x), pads, fill].filter((v) => v !== undefined),
    { shape, dtype: x.dtype },
    { mode },
  );
}

export function concat(g: Graph, list: readonly Value[], axis: number): Value {
  const [first] = list as readonly [Value];
  const parts = list.filter((v) => sizeOf(v.shape) > 0);
  if (parts.length === 1) return parts[0]!;
  const shape = [...first.shape];
  shape[axis] = list.reduce((n, v) => n + v.shape[axis]!, 0);
  return g.emit(
    'Concat',
    parts.map((v) => g.full(v)),
    { shape, dtype: first.dtype },
    { axis },
  );
}

function split(g: Graph, x: Value, sizes: readonly number[], axis: number): Value[] {
  const outs = sizes.map((size) => ({ shape: x.shape.map((n, i) => (i === axis ? size : n)), dtype: x.dtype }));
  return g.emitMany('Split', [g.full(x), g.int64s(sizes)], outs, { axis });
}

const positive = (axis: number, rank: number): number => (axis < 0 ? axis + rank : axis);
const list = (inputs: object): Value[] => Object.values(inputs) as Value[];

export const arrange: Lowerings = {
  Reshape: (g, { x }, { shape }) => {
    const known = shape as number[];
    const rest = sizeOf(x!.shape) / known.reduce((a, b) => (b < 0 ? a : a * b), 1);
    return reshape(
      g,
      x!,
      known.map((n) => (n < 0 ? rest : n)),
    );
  },
  ExpandDims: (g, { input }, { dim }) => {
    const at = positive(dim as number, input!.shape.length + 1);
    return reshape(g, input!, [...input!.shape.slice(0, at), 1, ...input!.shape.slice(at)]);
  },
  Transpose: (g, { x }, { perm }) => transpose(g, x!, perm as number[]),
  Slice: (g, { x }, { begin, size }) => {
    const [starts, sizes] = tf.slice_util.parseSliceParams(
      { shape: [...x!.shape] } as tf.TensorInfo,
      begin as number[],
      size as number[],
    );
    return slice(
      g,
      x!,
      starts!.map((b, axis) => ({ axis, begin: b, size: sizes![axis]! })),
    );
  },
  StridedSlice: (g, { x }, attributes) => {
    const a = attributes as unknown as tf.StridedSliceAttrs;
    const info = tf.slice_util.sliceInfo(
      [...x!.shape],
      a.begin,
      a.end,
      a.strides,
      a.beginMask,
      a.endMask,
      a.ellipsisMask,
      a.newAxisMask,
      a.shrinkAxisMask,
    );
    const sizes = tf.slice_util.computeOutShape(info.begin, info.end, info.strides);
    const parts = info.begin.map((begin, axis) => ({ axis, begin, size: sizes[axis]!, stride: info.strides[axis]! }));
    return reshape(g, slice(g, x!, parts), info.finalShape);
  },
  Reverse: (g, { x }, { dims }) => {
    const rank = x!.shape.length;
    return slice(
      g,
      x!,
      [dims as number | number[]].flat().map((d) => {
        const axis = positive(d, rank);
        return { axis, begin: x!.shape[axis]! - 1, size: x!.shape[axis]!, stride: -1 };
      }),
    );
  },
  PadV2: (g, { x }, { paddings, constantValue }) => pad(g, x!, paddings as [number, number][], constantValue as number),
  MirrorPad: (g, { x }, { paddings, mode }) => {
    if (mode !== 'reflect') throw new Error(`mirror padding in mode "${String(mode)}" has no ONNX form; use "reflect"`);
    return pad(g, x!, paddings as [number, number][], 0, 'reflect');
  },
  Concat: (g, inputs, { axis }) => concat(g, list(inputs), positive(axis as number, list(inputs)[0]!.shape.length)),
  SplitV: (g, { x }, { numOrSizeSplits, axis }) => {
    const at = positive(axis as number, x!.shape.length);
    return split(
      g,
      x!,
      tf.backend_util.prepareSplitSize({ shape: [...x!.shape] } as tf.Tensor, numOrSizeSplits as number | number[], at),
      at,
    );
  },
  Pack: (g, inputs, { axis }) => {
    const parts = list(inputs);
    const at = positive(axis as number, parts[0]!.shape.length + 1);
    const shape = [...parts[0]!.shape.slice(0, at), 1, ...parts[0]!.shape.slice(at)];
    return concat(
      g,
      parts.map((v) => reshape(g, v, shape)),
      at,
    );
  },
  Unpack: (g, { value }, { axis }) => {
    const at = positive(axis as number, value!.shape.length);
    const shape = value!.shape.filter((_, i) => i !== at);
    const count = value!.shape[at]!;
    if (count === 1) return [reshape(g, value!, shape)];
    return split(
      g,
      value!,
      Array.from({ length: count }, () => 1),
      at,
    ).map((v) => reshape(g, v, shape));
  },
  Tile: (g, { x }, { reps }) => {
    const repeats = reps as number[];
    const shape = x!.shape.map((n, i) => n * repeats[i]!);
    if (x!.shape.every((n, i) => n === 1 || repeats[i] === 1)) return g.broadcastTo(x!, shape);
    return g.emit('Tile', [g.full(x!), g.int64s(repeats)], { shape, dtype: x!.dtype });
  },
  Fill: (g, _, { shape, value, dtype }) =>
    g.broadcastTo(g.scalar(value as number, (dtype as ElementType | undefined) ?? 'float32'), shape as number[]),
  ZerosLike: (g, { x }) => g.broadcastTo(g.scalar(0, x!.dtype), x!.shape),
  OnesLike: (g, { x }) => g.broadcastTo(g.scalar(1, x!.dtype), x!.shape),
  Range: (g, _, { start, stop, step, dtype }) => {
    const count = Math.max(0, Math.ceil(((stop as number) - (start as number)) / (step as number)));
    const elements = Float32Array.from({ length: count }, (_v, i) => (start as number) + i * (step as number));
    return dtype === 'int32'
      ? g.constant(Int32Array.from(elements), [count], 'int32')
      : g.constant(elements, [count], 'float32');
  },
  LinSpace: (g, _, { start, stop, num }) => {
    const [from, to, count] = [start, stop, num] as [number, number, number];
    return g.constant(
      Float32Array.from({ length: count }, (_v, i) => from + (i * (to - from)) / Math.max(1, count - 1)),
      [count],
      'float32',
    );
  },
  DepthToSpace: (g, { x }, { blockSize, dataFormat }) => {
    if (dataFormat !== 'NHWC') throw new Error(`depthToSpace is lowered for NHWC, got ${String(dataFormat)}`);
    const [n, h, w, c] = x!.shape as [number, number, number, number];
    const b = blockSize as number;
    const nchw = transpose(g, x!, [0, 3, 1, 2]);
    const out = g.emit(
      'DepthToSpace',
      [nchw],
      { shape: [n, c / b / b, h * b, w * b], dtype: x!.dtype },
      { blocksize: b, mode: 'DCR' },
    );
    return transpose(g, out, [0, 2, 3, 1]);
  },
  OneHot: (g, { indices }, { depth, onValue, offValue, dtype }) => {
    const type = (dtype as ElementType | undefined) ?? 'float32';
    const classes = g.constant(
      Int32Array.from({ length: depth as number }, (_, i) => i),
      [depth as number],
      'int32',
    );
    const column = reshape(g, cast(g, indices!, 'int32'), [...indices!.shape, 1]);
    const hit = g.elementwise('Equal', [column, classes], 'bool');
    return g.elementwise('Where', [hit, g.scalar(onValue as number, type), g.scalar(offValue as number, type)], type);
  },
};
