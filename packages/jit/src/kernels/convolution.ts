/**
 * Convolutions and their gradients. TensorFlow.js is NHWC with filters HWIO, ONNX is NCHW with OIHW: every lowering
 * transposes on the way in and out, and ONNX Runtime's optimizer cancels the pairs in between.
 *
 * - The input gradient at stride 1 is a convolution with the filter flipped and its channels swapped: ONNX Runtime's
 *   Conv is faster than its ConvTranspose, which serves the other strides.
 * - The filter gradient is one matrix product per filter tap over shifted slices, several times faster than a
 *   convolution with the roles swapped.
 */
import { tf } from '#tf';
import { sizeOf, type Graph, type Value } from '../graph.js';
import { concat, pad, reshape, slice, transpose } from './arrange.js';
import { binary } from './elementwise.js';
import { gemm } from './matmul.js';
import { reduce } from './reduction.js';
import type { Attributes, Lowerings } from './lowering.js';

type Shape4 = [number, number, number, number];

export const toChannelsFirst = (g: Graph, x: Value): Value => transpose(g, x, [0, 3, 1, 2]);
export const toChannelsLast = (g: Graph, x: Value): Value => transpose(g, x, [0, 2, 3, 1]);

function geometry(
  xShape: readonly number[],
  filterShape: readonly number[],
  attributes: Attributes,
  depthwise = false,
) {
  const a = attributes as unknown as tf.Conv2DAttrs & tf.DepthwiseConv2dNativeAttrs;
  if ((a.dataFormat ?? 'NHWC') !== 'NHWC') throw new Error(`convolutions are lowered for NHWC, got ${a.dataFormat}`);
  return tf.backend_util.computeConv2DInfo(
    xShape as Shape4,
    filterShape as Shape4,
    a.strides,
    a.dilations ?? 1,
    a.pad,
    a.dimRoundingMode,
    depthwise,
  );
}
type Geometry = ReturnType<typeof geometry>;

const windowAttributes = (c: Geometry) => ({
  kernel_shape: [c.filterHeight, c.filterWidth],
  strides: [c.strideHeight, c.strideWidth],
  dilations: [c.dilationHeight, c.dilationWidth],
  pads: [c.padInfo.top, c.padInfo.left, c.padInfo.bottom, c.padInfo.right],
});

const flip = (g: Graph, x: Value, axes: readonly number[]): Value =>
  slice(
    g,
    x,
    axes
      .filter((axis) => x.shape[axis]! > 1)
      .map((axis) => ({ axis, begin: x.shape[axis]! - 1, size: x.shape[axis]!, stride: -1 })),
  );

/** A filter [kh,kw,C,M] of a depthwise convolution as ONNX's grouped one [C·M,1,kh,kw]. */
function groupedFilter(g: Graph, filter: Value): Value {
  const [kh, kw, c, m] = filter.shape as Shape4;
  return reshape(g, transpose(g, filter, [2, 3, 0, 1]), [c * m, 1, kh, kw]);
}

function transposedConvolution(g: Graph, dy: Value, weight: Value, c: Geometry, group: number): Value {
  const rest = (size: number, out: number, stride: number, extent: number, pads: number) =>
    size - ((out - 1) * stride + extent - pads);
  const output_padding = [
    rest(c.inHeight, c.outHeight, c.strideHeight, c.effectiveFilterHeight, c.padInfo.top + c.padInfo.bottom),
    rest(c.inWidth, c.outWidth, c.strideWidth, c.effectiveFilterWidth, c.padInfo.left + c.padInfo.right),
  ];
  const shape = [c.batchSize, c.inChannels, c.inHeight, c.inWidth];
  const out = g.emit(
    'ConvTranspose',
    [toChannelsFirst(g, g.full(dy)), g.full(weight)],
    { shape, dtype: 'float32' },
    { ...windowAttributes(c), output_padding, group },
  );
  return toChannelsLast(g, out);
}

/** The shifted, strided view of x that filter tap (ky,kx) multiplies: [N,outH,outW,C] of the padded input. */
function tapView(g: Graph, paddedX: Value, c: Geometry, ky: number, kx: number): Value {
  return slice(g, paddedX, [
    { axis: 1, begin: ky * c.dilationHeight, size: c.outHeight, stride: c.strideHeight },
    { axis: 2, begin: kx * c.dilationWidth, size: c.outWidth, stride: c.strideWidth },
  ]);
}

const padInput = (g: Graph, x: Value, c: Geometry, value = 0): Value =>
  pad(
    g,
    x,
    [
      [0, 0],
      [c.padInfo.top, Math.max(0, c.padInfo.bottom)],
      [c.padInfo.left, Math.max(0, c.padInfo.right)],
      [0, 0],
    ],
    value,
  );

const taps = (c: Geometry): [number, number][] =>
  Array.from({ length: c.filterHeight * c.filterWidth }, (_, i) => [Math.floor(i / c.filterWidth), i % c.filterWidth]);

export const convolution: Lowerings = {
  Conv2D: (g, { x, filter }, attributes) => {
    const c = geometry(x!.shape, filter!.shape, attributes);
    const weight = transpose(g, g.full(filter!), [3, 2, 0, 1]);
    const shape = [c.batchSize, c.outChannels, c.outHeight, c.outWidth];
    return toChannelsLast(
      g,
      g.emit('Conv', [toChannelsFirst(g, g.full(x!)), weight], { shape, dtype: 'float32' }, windowAttributes(c)),
    );
  },

  Conv2DBackpropInput: (g, { dy, filter }, attributes) => {
    const c = geometry(attributes.inputShape as number[], filter!.shape, attributes);
    const pads = [
      c.effectiveFilterHeight - 1 - c.padInfo.top,
      c.effectiveFilterWidth - 1 - c.padInfo.left,
      c.effectiveFilterHeight - 1 - c.padInfo.bottom,
      c.effectiveFilterWidth - 1 - c.padInfo.right,
    ];
    if (c.strideHeight === 1 && c.strideWidth === 1 && pads.every((p) => p >= 0)) {
      const weight = flip(g, transpose(g, g.full(filter!), [2, 3, 0, 1]), [2, 3]); // [I,O,kh,kw]
      const shape = [c.batchSize, c.inChannels, c.inHeight, c.inWidth];
      return toChannelsLast(
        g,
        g.emit(
          'Conv',
          [toChannelsFirst(g, g.full(dy!)), weight],
          { shape, dtype: 'float32' },
          { ...windowAttributes(c), pads },
        ),
      );
    }
    return transposedConvolution(g, dy!, transpose(g, g.full(filter!), [3, 2, 0, 1]), c, 1);
  },

  Conv2DBackpropFilter: (g, { x, dy }, attributes) => {
    const c = geometry(x!.shape, attributes.filterShape as number[], attributes);
    const rows = c.batchSize * c.outHeight * c.outWidth;
    const gradient = reshape(g, g.full(dy!), [rows, c.outChannels]);
    const input = padInput(g, g.full(x!), c);
    const products = taps(c).map(([ky, kx]) => {
      const view = reshape(g, tapView(g, input, c, ky, kx), [rows, c.inChannels]);
      return gemm(g, view, gradient, true, false); // [I,O]
    });
    return reshape(g, concat(g, products, 0), [c.filterHeight, c.filterWidth, c.inChannels, c.outChannels]);
  },

  DepthwiseConv2dNative: (g, { x, filter }, attributes) => {
    const c = geometry(x!.shape, filter!.shape, attributes, true);
    const shape = [c.batchSize, c.outChannels, c.outHeight, c.outWidth];
    const inputs = [toChannelsFirst(g, g.full(x!)), groupedFilter(g, g.full(filter!))];
    return toChannelsLast(
      g,
      g.emit('Conv', inputs, { shape, dtype: 'float32' }, { ...windowAttributes(c), group: c.inChannels }),
    );
  },

  DepthwiseConv2dNativeBackpropInput: (g, { dy, filter }, attributes) => {
    const c = geometry(attributes.inputShape as number[], filter!.shape, attributes, true);
    return transposedConvolution(g, dy!, groupedFilter(g, g.full(filter!)), c, c.inChannels);
  },

  DepthwiseConv2dNativeBackpropFilter: (g, { x, dy }, attributes) => {
    const c = geometry(x!.shape, attributes.filterShape as number[], attributes, true);
    const multiplier = c.outChannels / c.inChannels;
    const gradient = reshape(g, g.full(dy!), [c.batchSize, c.outHeight, c.outWidth, c.inChannels, multiplier]);
    const input = padInput(g, g.full(x!), c);
    const sums = taps(c).map(([ky, kx]) => {
      const view = reshape(g, tapView(g, input, c, ky, kx), [c.batchSize, c.outHeight, c.outWidth, c.inChannels, 1]);
      return reduce(g, 'ReduceSum', binary(g, 'Mul', view, gradient), [0, 1, 2], false); // [C,M]
    });
    if (sizeOf(sums[0]!.shape) === 0) throw new Error('a filter without elements');
    return reshape(g, concat(g, sums, 0), [c.filterHeight, c.filterWidth, c.inChannels, multiplier]);
  },
};
