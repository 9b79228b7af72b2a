/**
 * Bilinear and nearest resizing and their gradients. Both are linear and separable, so each axis is one matrix
 * product with a constant matrix [out,in], and the gradient is the same with the matrix transposed.
 *
 * Coordinates follow TensorFlow.js's CPU kernels, corner alignment and half-pixel centres included.
 */
import type { Graph, Value } from '../graph.js';
import { reshape } from './arrange.js';
import type { Attributes, Lowering, Lowerings } from './lowering.js';

type Shape4 = [number, number, number, number];
type Method = 'bilinear' | 'nearest';

/** Row-major [out,in] weights of one axis. */
function axisWeights(
  method: Method,
  inSize: number,
  outSize: number,
  alignCorners: boolean,
  halfPixel: boolean,
): Float32Array {
  const aligned = alignCorners && outSize > 1;
  const scale = aligned ? (inSize - 1) / (outSize - 1) : inSize / outSize;
  const weights = new Float32Array(outSize * inSize);
  const add = (row: number, column: number, weight: number) => {
    weights[row * inSize + column]! += weight;
  };
  for (let i = 0; i < outSize; i++) {
    if (method === 'nearest') {
      const source = halfPixel ? scale * (i + 0.5) : scale * i;
      const nearest = Math.min(inSize - 1, alignCorners ? Math.round(source) : Math.floor(source));
      add(i, halfPixel ? Math.max(0, nearest) : nearest, 1);
    } else {
      const source = halfPixel ? scale * (i + 0.5) - 0.5 : scale * i;
      const low = Math.max(0, Math.floor(source));
      const high = Math.min(inSize - 1, Math.ceil(source));
      const fraction = source - low;
      add(i, low, 1 - fraction);
      add(i, high, fraction);
    }
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

const forward =
  (method: Method): Lowering =>
  (g, { images }, attributes) => {
    const size = attributes.size as [number, number];
    return applySeparable(
      g,
      images!,
      size,
      ...weightsFor(method, images!.shape as unknown as Shape4, size, attributes),
    );
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
  ResizeBilinear: forward('bilinear'),
  ResizeBilinearGrad: backward('bilinear'),
  ResizeNearestNeighbor: forward('nearest'),
  ResizeNearestNeighborGrad: backward('nearest'),
};
