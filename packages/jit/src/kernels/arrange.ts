/**
 * Kernels that move elements without computing: reshape, transpose, slice, pad, concatenate, split, tile, reverse,
 * and tensors made from nothing (fill, range). All are differentiable in TensorFlow.js by one another.
 */
import { tf } from '#tf';
import { sameShape, sizeOf, type ElementType, type Graph, type Value } from '../graph.js';
import { axesOf, positive } from './axes.js';
import { cast } from './cast.js';
import { where } from './choice.js';
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
  if (sizeOf(x.shape) === 0) return g.broadcastTo(g.scalar(value, x.dtype), shape);
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
  const parts = list.filter((v) => sizeOf(v.shape) > 0).map((v) => cast(g, v, first.dtype)); // as it is stored
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
  if (sizes.includes(0)) {
    const begins = sizes.map((_, i) => sizes.slice(0, i).reduce((a, b) => a + b, 0));
    return sizes.map((size, i) => slice(g, x, [{ axis, begin: begins[i]!, size }]));
  }
  const outs = sizes.map((size) => ({ shape: x.shape.map((n, i) => (i === axis ? size : n)), dtype: x.dtype }));
  return g.emitMany('Split', [g.full(x), g.int64s(sizes)], outs, { axis });
}

const list = (inputs: object): Value[] => Object.values(inputs) as Value[];

/** Fills `elements` from `start` in steps that add up in their precision, as TensorFlow.js's do. */
function addUp<T extends Float32Array | Int32Array>(start: number, step: number, elements: T): T {
  elements.forEach((_, i) => (elements[i] = i === 0 ? start : elements[i - 1]! + step));
  return elements;
}

/** TensorFlow.js's range: a step of 1, the default, also leads downwards. */
function range(start: number, stop: number, step: number, dtype: 'float32' | 'int32'): Float32Array | Int32Array {
  const none = start === stop || (start < stop && step < 0) || (stop < start && step > 1);
  const count = none ? 0 : Math.abs(Math.ceil((stop - start) / step));
  const elements = dtype === 'int32' ? new Int32Array(count) : new Float32Array(count);
  return addUp(start, stop < start && step === 1 ? -1 : step, elements);
}

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
      axesOf(dims, rank).map((axis) => ({ axis, begin: x!.shape[axis]! - 1, size: x!.shape[axis]!, stride: -1 })),
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
    const elements = range(start as number, stop as number, step as number, dtype as 'float32' | 'int32');
    return g.constant(elements, [elements.length], dtype as 'float32' | 'int32');
  },
  LinSpace: (g, _, { start, stop, num }) => {
    const count = num as number;
    const step = ((stop as number) - (start as number)) / (count - 1);
    return g.constant(addUp(start as number, step, new Float32Array(count)), [count], 'float32');
  },
  DepthToSpace: (g, { x }, { blockSize, dataFormat }) => {
    if (dataFormat !== 'NHWC') throw new Error(`depthToSpace is lowered for NHWC, got ${String(dataFormat)}`);
    const [n, h, w, c] = x!.shape as [number, number, number, number];
    const b = blockSize as number;
    const depth = c / b / b;
    const parts = transpose(g, reshape(g, x!, [n, h, w, b, b, depth]), [0, 1, 3, 2, 4, 5]);
    return reshape(g, parts, [n, h * b, w * b, depth]);
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
    return where(g, hit, g.scalar(onValue as number, type), g.scalar(offValue as number, type));
  },
};
