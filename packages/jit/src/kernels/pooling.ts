/**
 * Pooling and its gradients.
 *
 * TensorFlow's average leaves padding out of the count. Its gradient spreads dy/count over each window: a depthwise
 * ConvTranspose with ones, or, where the windows tile the input, a repeat. The gradient of a maximum goes to the first
 * maximal element of each window, as in TensorFlow.js: recompute MaxPool with its indices and scatter.
 */
import { tf } from '#tf';
import { sizeOf, type Graph, type Value } from '../graph.js';
import { reshape } from './arrange.js';
import { binary } from './binary.js';
import { cast } from './cast.js';
import { isNaN, where } from './choice.js';
import type { Attributes, Lowerings } from './lowering.js';
import {
  outputPadding,
  toChannelsFirst,
  toChannelsLast,
  usedPart,
  wholePicture,
  windowAttributes,
  windowsOf,
  type Axis,
  type Windows,
} from './windows.js';

/** The largest number of float32. */
const LARGEST = (2 - 2 ** -23) * 2 ** 127;

type Shape4 = [number, number, number, number];

function geometry(shape: readonly number[], attributes: Attributes, dy?: Value): Windows {
  const a = attributes as unknown as tf.AvgPoolAttrs;
  const c = windowsOf(
    tf.backend_util.computePool2DInfo(shape as Shape4, a.filterSize, a.strides, 1, a.pad, a.dimRoundingMode),
    dy,
  );
  if ([c.rows, c.columns].some(({ before, extent, after }) => before >= extent || after >= extent))
    throw new Error('a window of the pool would lie wholly in the padding; pad less');
  return c;
}

/** The attributes that pools know. */
function poolAttributes(c: Windows) {
  const { kernel_shape, strides, pads } = windowAttributes(c);
  return { kernel_shape, strides, pads };
}

const outShape = (c: Windows): number[] => [c.batch, c.outChannels, c.rows.windows, c.columns.windows];

/** How many real elements each window covers along one axis. */
function counts({ size, windows, extent, stride, before }: Axis): number[] {
  return Array.from({ length: windows }, (_, i) => {
    const begin = i * stride - before;
    return Math.min(size, begin + extent) - Math.max(0, begin);
  });
}

function averageGradient(g: Graph, dy: Value, c: Windows): Value {
  const shape = [c.batch, c.inChannels, c.rows.used, c.columns.used];
  const [down, across] = [counts(c.rows), counts(c.columns)];
  const shares = Float32Array.from(down.flatMap((r) => across.map((k) => 1 / (r * k))));
  const share = g.constant(shares, [1, c.rows.windows, c.columns.windows, 1], 'float32');
  const spread = toChannelsFirst(g, g.full(binary(g, 'Mul', dy, share)));
  const tiles = [c.rows, c.columns].every((a) => a.extent === a.stride && a.windows * a.stride === a.size);
  if (tiles) {
    const scales = g.constant(Float32Array.of(1, 1, c.rows.stride, c.columns.stride), [4], 'float32');
    const repeat = { mode: 'nearest', coordinate_transformation_mode: 'asymmetric', nearest_mode: 'floor' };
    return toChannelsLast(
      g,
      g.emit('Resize', [spread, undefined, g.full(scales)], { shape, dtype: 'float32' }, repeat),
    );
  }
  // All channels share one window of ones, so they can lie in the batch axis.
  const flat = reshape(g, spread, [c.batch * c.inChannels, 1, c.rows.windows, c.columns.windows]);
  const ones = g.full(g.broadcastTo(g.scalar(1), [1, 1, c.rows.taps, c.columns.taps]));
  const out = g.emit(
    'ConvTranspose',
    [flat, ones],
    { shape: [c.batch * c.inChannels, 1, c.rows.used, c.columns.used], dtype: 'float32' },
    { ...windowAttributes(c), output_padding: outputPadding(c) },
  );
  return wholePicture(g, toChannelsLast(g, reshape(g, out, shape)), c);
}

/** ONNX Runtime pools fractions only. */
const picture = (g: Graph, x: Value, c: Windows, type: 'float32' | 'float64' = 'float32'): Value =>
  toChannelsFirst(g, usedPart(g, g.full(cast(g, x, type)), c));

/** TensorFlow.js's maximum passes over NaN, and is −∞ of nothing but NaN; ONNX Runtime's is anything then. */
const withoutNaN = (g: Graph, x: Value): Value =>
  x.dtype === 'float32' ? where(g, isNaN(g, x), g.scalar(-Infinity), x) : x;

const isPadded = ({ rows, columns }: Windows): boolean =>
  [rows, columns].some(({ before, after }) => before > 0 || after > 0);

/** Where there is padding, ONNX Runtime's maximum of nothing but −∞ is the lowest number. */
const withInfinity = (g: Graph, x: Value): Value => {
  const lowest = g.elementwise('LessOrEqual', [x, g.scalar(-LARGEST)], 'bool');
  return where(g, lowest, g.scalar(-Infinity), x);
};

export const pooling: Lowerings = {
  AvgPool: (g, { x }, attributes) => {
    const c = geometry(x!.shape, attributes);
    const out = g.emit(
      'AveragePool',
      [picture(g, x!, c)],
      { shape: outShape(c), dtype: 'float32' },
      { ...poolAttributes(c), count_include_pad: 0 },
    );
    return toChannelsLast(g, out);
  },
  AvgPoolGrad: (g, { dy, input }, attributes) => averageGradient(g, dy!, geometry(input!.shape, attributes, dy!)),
  MaxPool: (g, { x }, attributes) => {
    const c = geometry(x!.shape, attributes);
    const { rows, columns } = c;
    // Where a window is one element and none is passed over, TensorFlow.js copies, NaN too.
    if ([rows, columns].every(({ taps, size, windows }) => taps === 1 && windows === size)) return x!;
    const dtype = x!.dtype === 'int32' ? 'float64' : 'float32'; // float32 has not all digits of int32
    const out = g.emit(
      'MaxPool',
      [picture(g, withoutNaN(g, x!), c, dtype)],
      { shape: outShape(c), dtype },
      poolAttributes(c),
    );
    return cast(g, toChannelsLast(g, x!.dtype === 'float32' && isPadded(c) ? withInfinity(g, out) : out), x!.dtype);
  },
  MaxPoolGrad: (g, { dy, input }, attributes) => {
    const c = geometry(input!.shape, attributes, dy!);
    const [, indices] = g.emitMany(
      'MaxPool',
      [picture(g, withoutNaN(g, input!), c)],
      [
        { shape: outShape(c), dtype: 'float32' },
        { shape: outShape(c), dtype: 'int64' },
      ],
      poolAttributes(c),
    ) as [Value, Value];
    const used = [c.batch, c.inChannels, c.rows.used, c.columns.used];
    const count = sizeOf(used);
    const zeros = g.full(g.broadcastTo(g.scalar(0), [count]));
    const places = g.emit('Reshape', [indices, g.int64s([sizeOf(indices.shape)])], {
      shape: [sizeOf(indices.shape)],
      dtype: 'int64',
    });
    const updates = reshape(g, toChannelsFirst(g, g.full(dy!)), places.shape);
    const flat = g.emit(
      'ScatterElements',
      [zeros, places, g.full(updates)],
      { shape: [count], dtype: 'float32' },
      { axis: 0, reduction: 'add' },
    );
    return wholePicture(g, toChannelsLast(g, reshape(g, flat, used)), c);
  },
};
