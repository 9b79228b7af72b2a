/** Rows for convolutions, pooling, resizing, reductions and matrix products. */
import { tf } from '#tf';
import type { Row } from './row.js';

export const convolutions: Row[] = (
  [
    // input, filter, stride, padding, dilation
    [[2, 8, 8, 3], [3, 3, 3, 5], 1, 'same', 1],
    [[1, 7, 9, 4], [3, 3, 4, 2], 1, 'valid', 1],
    [[2, 8, 8, 3], [3, 3, 3, 4], 2, 'same', 1],
    [[1, 9, 7, 3], [3, 2, 3, 4], 2, 'valid', 1],
    [[2, 6, 6, 4], [1, 1, 4, 6], 1, 'same', 1],
    [[1, 8, 8, 2], [4, 4, 2, 3], 4, 'valid', 1],
    [[1, 9, 9, 2], [3, 3, 2, 3], 1, 'same', 2],
    [[1, 6, 6, 2], [3, 3, 2, 3], 1, 1, 1],
    [
      [1, 5, 5, 2],
      [2, 2, 2, 3],
      1,
      [
        [0, 0],
        [1, 0],
        [0, 1],
        [0, 0],
      ],
      1,
    ],
    [[2, 4, 4, 3], [1, 1, 3, 3], 2, 'same', 1],
  ] as [number[], number[], number, 'same' | 'valid' | number, number][]
).flatMap(([x, f, stride, pad, dilation]) => [
  {
    name: `conv2d [${x}] ∗ [${f}], stride ${stride}, ${JSON.stringify(pad)}, dilation ${dilation}`,
    inputs: [x, f],
    run: (a: tf.Tensor4D, b: tf.Tensor4D) => tf.conv2d(a, b, stride, pad, 'NHWC', dilation),
    // TensorFlow.js has no gradient for dilated convolutions.
    gradient: dilation === 1,
  },
]);

export const depthwise: Row[] = (
  [
    [[2, 6, 6, 3], [3, 3, 3, 1], 1, 'same'],
    [[1, 7, 7, 2], [2, 2, 2, 2], 1, 'valid'],
    [[1, 8, 8, 3], [3, 3, 3, 1], 2, 'same'],
  ] as [number[], number[], number, 'same' | 'valid'][]
).map(([x, f, stride, pad]) => ({
  name: `depthwiseConv2d [${x}] ∗ [${f}], stride ${stride}, ${pad}`,
  inputs: [x, f],
  run: (a: tf.Tensor4D, b: tf.Tensor4D) => tf.depthwiseConv2d(a, b, stride, pad),
}));

export const pools: Row[] = (
  [
    [[2, 8, 8, 3], 2, 2, 'valid'],
    [[1, 7, 7, 2], 3, 2, 'same'],
    [[1, 6, 6, 2], 3, 1, 'same'],
    [[1, 8, 8, 2], 4, 4, 'same'],
    [[1, 5, 5, 2], 1, 2, 'same'],
  ] as [number[], number, number, 'same' | 'valid'][]
).flatMap(([x, size, stride, pad]) => [
  {
    name: `avgPool [${x}] ${size}/${stride} ${pad}`,
    inputs: [x],
    run: (a: tf.Tensor4D) => tf.avgPool(a, size, stride, pad),
    // TensorFlow.js's CPU gradient divides by the whole window at the border, its forward pass by the part inside; the
    // lowering follows the forward pass (see the test below).
    gradient: pad === 'valid' || size === stride,
  },
  {
    name: `maxPool [${x}] ${size}/${stride} ${pad}`,
    inputs: [x],
    run: (a: tf.Tensor4D) => tf.maxPool(a, size, stride, pad),
  },
]);

export const resizes: Row[] = (
  [
    [8, 8],
    [3, 3],
    [7, 7],
    [3, 8],
  ] as [number, number][]
).flatMap((size) => [
  // TensorFlow.js's CPU gradient swaps height and width, so only squares have one.
  {
    name: `resizeBilinear to ${size}`,
    inputs: [[2, 5, 5, 3]],
    run: (x: tf.Tensor4D) => tf.image.resizeBilinear(x, size),
    gradient: size[0] === size[1],
  },
  {
    name: `resizeBilinear to ${size}, corners`,
    inputs: [[2, 5, 5, 3]],
    run: (x: tf.Tensor4D) => tf.image.resizeBilinear(x, size, true),
    gradient: size[0] === size[1],
  },
  // TensorFlow.js's gradient leaves half-pixel centres out of account, so only the values are compared.
  {
    name: `resizeBilinear to ${size}, half pixels`,
    inputs: [[2, 5, 5, 3]],
    run: (x: tf.Tensor4D) => tf.image.resizeBilinear(x, size, false, true),
    gradient: false,
  },
  {
    name: `resizeNearestNeighbor to ${size}`,
    inputs: [[1, 5, 4, 2]],
    run: (x: tf.Tensor4D) => tf.image.resizeNearestNeighbor(x, size),
  },
]);

export const reductions: Row[] = (['sum', 'mean', 'max', 'min'] as const).flatMap((name) => [
  { name: `${name} of all`, inputs: [[2, 3, 4]], run: (x: tf.Tensor) => tf[name](x) },
  { name: `${name} over [0,2]`, inputs: [[2, 3, 4]], run: (x: tf.Tensor) => tf[name](x, [0, 2]) },
  { name: `${name} over -1, kept`, inputs: [[2, 3, 4]], run: (x: tf.Tensor) => tf[name](x, -1, true) },
]);

export const products: Row[] = [undefined, [0, 2], 1].map((axis) => ({
  name: `prod over ${axis}`,
  inputs: [[2, 3, 4]],
  run: (x: tf.Tensor) => tf.prod(x, axis),
  gradient: false,
}));

export const matrices: Row[] = (
  [
    [[3, 4], [4, 5], false, false],
    [[4, 3], [5, 4], true, true],
    [[2, 3, 4], [2, 4, 5], false, false],
    [[2, 4, 3], [2, 5, 4], true, true],
    [[2, 2, 3, 4], [2, 2, 5, 4], false, true],
    [[1, 3, 4], [1, 4, 2], false, false],
  ] as [number[], number[], boolean, boolean][]
).map(([a, b, ta, tb]) => ({
  name: `matMul [${a}]${ta ? 'ᵀ' : ''}·[${b}]${tb ? 'ᵀ' : ''}`,
  inputs: [a, b],
  run: (x: tf.Tensor, y: tf.Tensor) => tf.matMul(x, y, ta, tb),
}));
