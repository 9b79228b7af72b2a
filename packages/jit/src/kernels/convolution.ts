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
import { binary } from './binary.js';
import { gemm } from './matmul.js';
import { reduce } from './reduction.js';
import type { Attributes, Lowerings } from './lowering.js';
import {
  outputPadding,
  toChannelsFirst,
  toChannelsLast,
  usedPart,
  wholePicture,
  windowAttributes,
  windowsOf,
  type Windows,
} from './windows.js';

type Shape4 = [number, number, number, number];

function geometry(
  xShape: readonly number[],
  filterShape: readonly number[],
  attributes: Attributes,
  { depthwise = false, dy }: { depthwise?: boolean; dy?: Value } = {},
): Windows {
  const a = attributes as unknown as tf.Conv2DAttrs & tf.DepthwiseConv2dNativeAttrs;
  if ((a.dataFormat ?? 'NHWC') !== 'NHWC') throw new Error(`convolutions are lowered for NHWC, got ${a.dataFormat}`);
  return windowsOf(
    tf.backend_util.computeConv2DInfo(
      xShape as Shape4,
      filterShape as Shape4,
      a.strides,
      a.dilations ?? 1,
      a.pad,
      a.dimRoundingMode,
      depthwise,
    ),
    dy,
  );
}

/** ONNX Runtime does not come back from some convolutions of nothing; their sums are 0. */
const ofNothing = (g: Graph, shape: readonly number[], ...operands: readonly Value[]): Value | undefined =>
  operands.some((v) => sizeOf(v.shape) === 0) ? g.broadcastTo(g.scalar(0), shape) : undefined;

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

function transposedConvolution(g: Graph, dy: Value, weight: Value, c: Windows, group: number): Value {
  const shape = [c.batch, c.inChannels, c.rows.used, c.columns.used];
  const out = g.emit(
    'ConvTranspose',
    [toChannelsFirst(g, g.full(dy)), g.full(weight)],
    { shape, dtype: 'float32' },
    { ...windowAttributes(c), output_padding: outputPadding(c), group },
  );
  return wholePicture(g, toChannelsLast(g, out), c);
}

/** The shifted, strided view of x that filter tap (ky,kx) multiplies: [N,outH,outW,C] of the padded input. */
function tapView(g: Graph, paddedX: Value, { rows, columns }: Windows, ky: number, kx: number): Value {
  return slice(g, paddedX, [
    { axis: 1, begin: ky * rows.dilation, size: rows.windows, stride: rows.stride },
    { axis: 2, begin: kx * columns.dilation, size: columns.windows, stride: columns.stride },
  ]);
}

const padInput = (g: Graph, x: Value, { rows, columns }: Windows): Value =>
  pad(
    g,
    x,
    [
      [0, 0],
      [rows.before, rows.after],
      [columns.before, columns.after],
      [0, 0],
    ],
    0,
  );

const taps = ({ rows, columns }: Windows): [number, number][] =>
  Array.from({ length: rows.taps * columns.taps }, (_, i) => [Math.floor(i / columns.taps), i % columns.taps]);

export const convolution: Lowerings = {
  Conv2D: (g, { x, filter }, attributes) => {
    const c = geometry(x!.shape, filter!.shape, attributes);
    const none = ofNothing(g, [c.batch, c.rows.windows, c.columns.windows, c.outChannels], x!, filter!);
    if (none) return none;
    const weight = transpose(g, g.full(filter!), [3, 2, 0, 1]);
    const shape = [c.batch, c.outChannels, c.rows.windows, c.columns.windows];
    return toChannelsLast(
      g,
      g.emit(
        'Conv',
        [toChannelsFirst(g, usedPart(g, g.full(x!), c)), weight],
        { shape, dtype: 'float32' },
        windowAttributes(c),
      ),
    );
  },

  Conv2DBackpropInput: (g, { dy, filter }, attributes) => {
    const c = geometry(attributes.inputShape as number[], filter!.shape, attributes, { dy: dy! });
    const none = ofNothing(g, attributes.inputShape as number[], dy!, filter!);
    if (none) return none;
    const axes = [c.rows, c.columns];
    // As many taps lie beyond the gradient's ends as windows reach into the picture there.
    const pads = [
      ...axes.map(({ extent, before }) => extent - 1 - before),
      ...axes.map(({ size, before, windows }) => size + before - windows),
    ];
    if (axes.every(({ stride }) => stride === 1) && pads.every((p) => p >= 0)) {
      const weight = flip(g, transpose(g, g.full(filter!), [2, 3, 0, 1]), [2, 3]); // [I,O,kh,kw]
      const shape = [c.batch, c.inChannels, c.rows.size, c.columns.size];
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
    const c = geometry(x!.shape, attributes.filterShape as number[], attributes, { dy: dy! });
    const rows = c.batch * c.rows.windows * c.columns.windows;
    const gradient = reshape(g, g.full(dy!), [rows, c.outChannels]);
    const input = padInput(g, g.full(x!), c);
    const products = taps(c).map(([ky, kx]) => {
      const view = reshape(g, tapView(g, input, c, ky, kx), [rows, c.inChannels]);
      return gemm(g, view, gradient, true, false); // [I,O]
    });
    return reshape(g, concat(g, products, 0), [c.rows.taps, c.columns.taps, c.inChannels, c.outChannels]);
  },

  DepthwiseConv2dNative: (g, { x, filter }, attributes) => {
    const c = geometry(x!.shape, filter!.shape, attributes, { depthwise: true });
    const none = ofNothing(g, [c.batch, c.rows.windows, c.columns.windows, c.outChannels], x!, filter!);
    if (none) return none;
    const shape = [c.batch, c.outChannels, c.rows.windows, c.columns.windows];
    const inputs = [toChannelsFirst(g, usedPart(g, g.full(x!), c)), groupedFilter(g, g.full(filter!))];
    return toChannelsLast(
      g,
      g.emit('Conv', inputs, { shape, dtype: 'float32' }, { ...windowAttributes(c), group: c.inChannels }),
    );
  },

  DepthwiseConv2dNativeBackpropInput: (g, { dy, filter }, attributes) => {
    const c = geometry(attributes.inputShape as number[], filter!.shape, attributes, { depthwise: true, dy: dy! });
    const none = ofNothing(g, attributes.inputShape as number[], dy!, filter!);
    if (none) return none;
    return transposedConvolution(g, dy!, groupedFilter(g, g.full(filter!)), c, c.inChannels);
  },

  DepthwiseConv2dNativeBackpropFilter: (g, { x, dy }, attributes) => {
    const c = geometry(x!.shape, attributes.filterShape as number[], attributes, { depthwise: true, dy: dy! });
    const filterShape = attributes.filterShape as number[];
    if (sizeOf(filterShape) === 0) return g.broadcastTo(g.scalar(0), filterShape);
    const multiplier = c.outChannels / c.inChannels;
    const gradient = reshape(g, g.full(dy!), [c.batch, c.rows.windows, c.columns.windows, c.inChannels, multiplier]);
    const input = padInput(g, g.full(x!), c);
    const sums = taps(c).map(([ky, kx]) => {
      const view = reshape(g, tapView(g, input, c, ky, kx), [
        c.batch,
        c.rows.windows,
        c.columns.windows,
        c.inChannels,
        1,
      ]);
      return reduce(g, 'ReduceSum', binary(g, 'Mul', view, gradient), [0, 1, 2], false); // [C,M]
    });
    return reshape(g, concat(g, sums, 0), [c.rows.taps, c.columns.taps, c.inChannels, multiplier]);
  },
};
