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
import { toChannelsFirst, toChannelsLast } from './convolution.js';
import { binary } from './elementwise.js';
import type { Attributes, Lowerings } from './lowering.js';

type Shape4 = [number, number, number, number];

function geometry(shape: readonly number[], attributes: Attributes) {
  const a = attributes as unknown as tf.AvgPoolAttrs;
  return tf.backend_util.computePool2DInfo(shape as Shape4, a.filterSize, a.strides, 1, a.pad, a.dimRoundingMode);
}
type Geometry = ReturnType<typeof geometry>;

const windowAttributes = (c: Geometry) => ({
  kernel_shape: [c.filterHeight, c.filterWidth],
  strides: [c.strideHeight, c.strideWidth],
  pads: [c.padInfo.top, c.padInfo.left, c.padInfo.bottom, c.padInfo.right],
});

const outShape = (c: Geometry): number[] => [c.batchSize, c.outChannels, c.outHeight, c.outWidth];

/** How many real elements each window covers along one axis. */
function counts(size: number, out: number, filter: number, stride: number, before: number): number[] {
  return Array.from({ length: out }, (_, i) => {
    const begin = i * stride - before;
    return Math.min(size, begin + filter) - Math.max(0, begin);
  });
}

function averageGradient(g: Graph, dy: Value, c: Geometry): Value {
  const shape = [c.batchSize, c.inChannels, c.inHeight, c.inWidth];
  const rows = counts(c.inHeight, c.outHeight, c.filterHeight, c.strideHeight, c.padInfo.top);
  const columns = counts(c.inWidth, c.outWidth, c.filterWidth, c.strideWidth, c.padInfo.left);
  const shares = Float32Array.from(rows.flatMap((r) => columns.map((k) => 1 / (r * k))));
  const share = g.constant(shares, [1, c.outHeight, c.outWidth, 1], 'float32');
  const spread = toChannelsFirst(g, g.full(binary(g, 'Mul', dy, share)));
  const tiles =
    c.filterHeight === c.strideHeight &&
    c.filterWidth === c.strideWidth &&
    c.outHeight * c.strideHeight === c.inHeight &&
    c.outWidth * c.strideWidth === c.inWidth;
  if (tiles) {
    const scales = g.constant(Float32Array.of(1, 1, c.strideHeight, c.strideWidth), [4], 'float32');
    const repeat = { mode: 'nearest', coordinate_transformation_mode: 'asymmetric', nearest_mode: 'floor' };
    return toChannelsLast(
      g,
      g.emit('Resize', [spread, undefined, g.full(scales)], { shape, dtype: 'float32' }, repeat),
    );
  }
  // All channels share one window of ones, so they can lie in the batch axis.
  const flat = reshape(g, spread, [c.batchSize * c.inChannels, 1, c.outHeight, c.outWidth]);
  const ones = g.full(g.broadcastTo(g.scalar(1), [1, 1, c.filterHeight, c.filterWidth]));
  const rest = (size: number, out: number, stride: number, filter: number, pads: number) =>
    size - ((out - 1) * stride + filter - pads);
  const output_padding = [
    rest(c.inHeight, c.outHeight, c.strideHeight, c.filterHeight, c.padInfo.top + c.padInfo.bottom),
    rest(c.inWidth, c.outWidth, c.strideWidth, c.filterWidth, c.padInfo.left + c.padInfo.right),
  ];
  const out = g.emit(
    'ConvTranspose',
    [flat, ones],
    { shape: [c.batchSize * c.inChannels, 1, c.inHeight, c.inWidth], dtype: 'float32' },
    { ...windowAttributes(c), output_padding },
  );
  return toChannelsLast(g, reshape(g, out, shape));
}

export const pooling: Lowerings = {
  AvgPool: (g, { x }, attributes) => {
    const c = geometry(x!.shape, attributes);
    const out = g.emit(
      'AveragePool',
      [toChannelsFirst(g, g.full(x!))],
      { shape: outShape(c), dtype: 'float32' },
      { ...windowAttributes(c), count_include_pad: 0 },
    );
    return toChannelsLast(g, out);
  },
  AvgPoolGrad: (g, { dy, input }, attributes) => averageGradient(g, dy!, geometry(input!.shape, attributes)),
  MaxPool: (g, { x }, attributes) => {
    const c = geometry(x!.shape, attributes);
    return toChannelsLast(
      g,
      g.emit(
        'MaxPool',
        [toChannelsFirst(g, g.full(x!))],
        { shape: outShape(c), dtype: 'float32' },
        windowAttributes(c),
      ),
    );
  },
  MaxPoolGrad: (g, { dy, input }, attributes) => {
    const c = geometry(input!.shape, attributes);
    const [, indices] = g.emitMany(
      'MaxPool',
      [toChannelsFirst(g, g.full(input!))],
      [
        { shape: outShape(c), dtype: 'float32' },
        { shape: outShape(c), dtype: 'int64' },
      ],
      windowAttributes(c),
    ) as [Value, Value];
    const count = sizeOf(input!.shape);
    const zeros = g.full(g.broadcastTo(g.scalar(0), [count]));
    const where = g.emit('Reshape', [indices, g.int64s([sizeOf(indices.shape)])], {
      shape: [sizeOf(indices.shape)],
      dtype: 'int64',
    });
    const updates = reshape(g, toChannelsFirst(g, g.full(dy!)), where.shape);
    const flat = g.emit(
      'ScatterElements',
      [zeros, where, g.full(updates)],
      { shape: [count], dtype: 'float32' },
      { axis: 0, reduction: 'add' },
    );
    return toChannelsLast(g, reshape(g, flat, [c.batchSize, c.inChannels, c.inHeight, c.inWidth]));
  },
};
