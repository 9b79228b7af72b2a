/**
 * Windows that move over pictures, as TensorFlow.js and ONNX count them.
 *
 * TensorFlow.js decides how many windows there are (padding by name or number, rounding, and for numeric padding the
 * filter's height for both axes); ONNX counts from the paddings. So the padding after the end, and what of the picture no
 * window reaches, follow from TensorFlow.js's count.
 */
import type { tf } from '#tf';
import type { Graph, Value } from '../graph.js';
import { pad, slice, transpose } from './arrange.js';

type Geometry = tf.backend_util.Conv2DInfo;

export const toChannelsFirst = (g: Graph, x: Value): Value => transpose(g, x, [0, 3, 1, 2]);
export const toChannelsLast = (g: Graph, x: Value): Value => transpose(g, x, [0, 2, 3, 1]);

export interface Axis {
  /** Elements of the picture, windows over it, and the step from one to the next. */
  readonly size: number;
  readonly windows: number;
  readonly stride: number;
  /** Taps of the filter, how far apart they are, and how far it reaches. */
  readonly taps: number;
  readonly dilation: number;
  readonly extent: number;
  /** Padding at both ends. */
  readonly before: number;
  readonly after: number;
  /** How much of the picture ONNX may see, so that it counts no more windows. */
  readonly used: number;
}

function axis(
  size: number,
  windows: number,
  stride: number,
  taps: number,
  dilation: number,
  extent: number,
  before: number,
): Axis {
  if (windows < 0) throw new Error(`a window of ${extent} does not fit into ${size} with its padding`);
  const reach = (windows - 1) * stride + extent - before;
  const [after, used] = [Math.max(0, reach - size), size - reach >= stride ? reach : size];
  return { size, windows, stride, taps, dilation, extent, before, after, used };
}

export interface Windows {
  readonly batch: number;
  readonly inChannels: number;
  readonly outChannels: number;
  readonly rows: Axis;
  readonly columns: Axis;
}

/**
 * @param dy the gradient of the windows' results [N,H,W,C], where there is one: its size is how many windows there were.
 *   TensorFlow.js's gradients forget the rounding.
 */
export const windowsOf = (c: Geometry, dy?: Value): Windows => ({
  batch: c.batchSize,
  inChannels: c.inChannels,
  outChannels: c.outChannels,
  rows: axis(
    c.inHeight,
    dy?.shape[1] ?? c.outHeight,
    c.strideHeight,
    c.filterHeight,
    c.dilationHeight,
    c.effectiveFilterHeight,
    c.padInfo.top,
  ),
  columns: axis(
    c.inWidth,
    dy?.shape[2] ?? c.outWidth,
    c.strideWidth,
    c.filterWidth,
    c.dilationWidth,
    c.effectiveFilterWidth,
    c.padInfo.left,
  ),
});

/** The attributes of ONNX's operators over windows. */
export const windowAttributes = ({ rows, columns }: Windows) => ({
  kernel_shape: [rows.taps, columns.taps],
  strides: [rows.stride, columns.stride],
  dilations: [rows.dilation, columns.dilation],
  pads: [rows.before, columns.before, rows.after, columns.after],
});

/** The part of the picture [N,H,W,C] that windows reach. */
export const usedPart = (g: Graph, x: Value, { rows, columns }: Windows): Value =>
  slice(g, x, [
    { axis: 1, begin: 0, size: rows.used },
    { axis: 2, begin: 0, size: columns.used },
  ]);

/** The whole picture from the gradient of its used part: the rest has none. */
export const wholePicture = (g: Graph, dx: Value, { rows, columns }: Windows): Value =>
  pad(
    g,
    dx,
    [
      [0, 0],
      [0, rows.size - rows.used],
      [0, columns.size - columns.used],
      [0, 0],
    ],
    0,
  );

/** What ONNX's ConvTranspose adds at the end, where no window ends. */
export const outputPadding = ({ rows, columns }: Windows): number[] =>
  [rows, columns].map((a) => a.used + a.before + a.after - ((a.windows - 1) * a.stride + a.extent));
