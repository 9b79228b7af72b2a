/**
 * Bilinear and nearest resizing and their gradients. Both are linear and separable, so each axis is one matrix
 * product with a constant matrix [out,in], and the gradient is the same with the matrix transposed. In such products an
 * infinity or NaN reaches a picture's whole row and column; nearest neighbours are picked one by one.
 *
 * Coordinates follow TensorFlow.js's CPU kernels, corner alignment and half-pixel centres included.
 */
import type { Graph, Value } from '../graph.js';
import { reshape } from './arrange.js';
import { cast } from './cast.js';
import type { Attributes, Lowering, Lowerings } from './lowering.js';

type Shape4 = [number, number, number, number];
type Method = 'bilinear' | 'nearest';

/** Which element of an axis each element of the result is nearest to. */
function nearestOf(inSize: number, outSize: number, alignCorners: boolean, halfPixel: boolean): Int32Array {
  const scale = alignCorners && outSize > 1 ? (inSize - 1) / (outSize - 1) : inSize / outSize;
  return Int32Array.from({ length: outSize }, (_, i) => {
    const source = halfPixel ? scale * (i + 0.5) : scale * i;
    return Math.max(0, Math.min(inSize - 1, alignCorners ? Math.round(source) : Math.floor(source)));
  });
}

/** Row-major [out,in] weights of one axis. */
function axisWeights(
  method: Method,
  inSize: number,
  outSize: number,
  alignCorners: boolean,
  halfPixel: boolean,
): Float32Array {
  const weights = new Float32Array(outSize * inSize);
  const add = (row: number, column: number, weight: number) => {
    weights[row * inSize + column]! += weight;
  };
  if (method === 'nearest') {
    nearestOf(inSize, outSize, alignCorners, halfPixel).forEach((column, row) => add(row, column, 1));
    return weights;
  }
  const scale = alignCorners && outSize > 1 ? (inSize - 1) / (outSize - 1) : inSize / outSize;
  for (let i = 0; i < outSize; i++) {
    const source = halfPixel ? scale * (i + 0.5) - 0.5 : scale * i;
    const low = Math.max(0, Math.floor(source));
    const high = Math.min(inSize - 1, Math.ceil(source));
    const fraction = source - low;
    add(i, low, 1 - fraction);
    add(i, high, fraction);
  }
  return weights;
}

/** The transpose of a row-major [rows,columns] matrix. */
const transposed = (m: Float32Array, rows: number, columns: number): Float32Array =>
  Float32Array.from(m, (_, i) => m[(i % rows) * columns + Math.floor(i / rows)]!);

/** Applies row-major matrices [outH,inH] and [outW,inW] to the two image axes of [N,inH,inW,C]. */
function applySeparable(
  g: Graph,
  x: Value,
  [outH, outW]: readonly [number, number],
  rows: Float32Array,
  columns: Float32Array,
): Value {
  const [n, h, w, c] = x.shape as Shape4;
  const byRows = g.emit(
    'MatMul',
    [g.full(g.constant(rows, [outH, h], 'float32')), reshape(g, g.full(x), [n, h, w * c])],
    { shape: [n, outH, w * c], dtype: 'float32' },
  );
  const lines = reshape(g, byRows, [n * outH, w, c]);
  const byColumns = g.emit('MatMul', [g.full(g.constant(columns, [outW, w], 'float32')), lines], {
    shape: [n * outH, outW, c],
    dtype: 'float32',
  });
  return reshape(g, byColumns, [n, outH, outW, c]);
}

const weightsFor = (
  method: Method,
  from: Shape4,
  size: readonly [number, number],
  { alignCorners, halfPixelCenters }: Attributes,
) =>
  ([0, 1] as const).map((i) =>
    axisWeights(method, from[i + 1]!, size[i], Boolean(alignCorners), Boolean(halfPixelCenters)),
  ) as [Float32Array, Float32Array];

/** Picks rows and columns; a product with a matrix would spread infinities. */
const pickNearest: Lowering = (g, { images }, { size, alignCorners, halfPixelCenters }) =>
  ([1, 2] as const).reduce((x, axis) => {
    const from = x.shape[axis]!;
    const to = (size as [number, number])[axis - 1]!;
    const picked = nearestOf(from, to, Boolean(alignCorners), Boolean(halfPixelCenters));
    const shape = x.shape.map((n, i) => (i === axis ? to : n));
    return g.emit(
      'Gather',
      [g.full(x), g.full(g.constant(picked, [to], 'int32'))],
      { shape, dtype: x.dtype },
      { axis },
    );
  }, images!);

const interpolate: Lowering = (g, { images }, attributes) => {
  const size = attributes.size as [number, number];
  const weights = weightsFor('bilinear', images!.shape as unknown as Shape4, size, attributes);
  return applySeparable(g, cast(g, images!, 'float32'), size, ...weights);
};

const backward =
  (method: Method): Lowering =>
  (g, { images, dy }, attributes) => {
    const from = images!.shape as unknown as Shape4;
    const size = [dy!.shape[1]!, dy!.shape[2]!] as const;
    const [rows, columns] = weightsFor(method, from, size, attributes);
    return applySeparable(
      g,
      dy!,
      [from[1], from[2]],
      transposed(rows, size[0], from[1]),
      transposed(columns, size[1], from[2]),
    );
  };

export const resampling: Lowerings = {
  ResizeBilinear: interpolate,
  ResizeBilinearGrad: backward('bilinear'),
  ResizeNearestNeighbor: pickNearest,
  ResizeNearestNeighborGrad: backward('nearest'),
};
