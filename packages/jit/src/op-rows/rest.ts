/** Rows for all other operations. */
import { tf } from '#tf';
import { bools, indices, positive, type Row } from './row.js';

export const rest: Row[] = [
  { name: 'leakyRelu', inputs: [[3, 4]], run: (x: tf.Tensor) => tf.leakyRelu(x, 0.2) },
  { name: 'prelu', inputs: [[2, 3, 4], [4]], run: (x: tf.Tensor, a: tf.Tensor) => tf.prelu(x, a) },
  { name: 'step with alpha', inputs: [[3, 4]], run: (x: tf.Tensor) => tf.step(x, 0.3) },
  { name: 'clipByValue', inputs: [[3, 4]], run: (x: tf.Tensor) => tf.clipByValue(x, -0.5, 1) },
  {
    name: 'squares, cubes and roots by pow',
    inputs: [positive(3, 4)],
    run: (x: tf.Tensor) => [2, 3, 0.5, -1, 1].map((p) => tf.pow(x, p)),
  },
  {
    name: 'addN',
    inputs: [
      [3, 4],
      [3, 4],
      [3, 4],
    ],
    run: (...x: tf.Tensor[]) => tf.addN(x),
  },
  {
    name: 'cast',
    inputs: [[3, 4]],
    run: (x: tf.Tensor) => [tf.cast(x, 'int32'), tf.cast(tf.greater(x, 0), 'float32')],
    gradient: false,
  },
  {
    name: 'isNaN, isInf, isFinite',
    inputs: [[5]],
    run: (x: tf.Tensor) => {
      const y = tf.div(1, tf.relu(x));
      return [tf.isNaN(tf.mul(y, 0)), tf.isInf(y), tf.isFinite(y)];
    },
    gradient: false,
  },
  {
    name: 'logical',
    inputs: [bools(3, 4), bools(4)],
    run: (a: tf.Tensor, b: tf.Tensor) => [
      tf.logicalAnd(a, b),
      tf.logicalOr(a, b),
      tf.logicalXor(a, b),
      tf.logicalNot(a),
    ],
    gradient: false,
  },
  {
    name: 'where',
    inputs: [bools(3, 4), [3, 4], [3, 4]],
    run: (c: tf.Tensor, a: tf.Tensor, b: tf.Tensor) => tf.where(c, a, b),
  },
  {
    name: 'where of bools',
    inputs: [bools(3, 4), bools(3, 4), bools(3, 4)],
    run: (c: tf.Tensor, a: tf.Tensor, b: tf.Tensor) => tf.where(c, a, b),
    gradient: false,
  },
  {
    name: 'all, any',
    inputs: [bools(3, 4)],
    run: (x: tf.Tensor) => [tf.all(x, 1), tf.any(x, 0), tf.all(x), tf.any(x, 1, true)],
    gradient: false,
  },
  {
    name: 'argMax, argMin',
    inputs: [[3, 4, 5]],
    run: (x: tf.Tensor) => [tf.argMax(x, -1), tf.argMax(x, 1), tf.argMin(x, 0)],
    gradient: false,
  },
  { name: 'softmax', inputs: [[3, 4, 5]], run: (x: tf.Tensor) => tf.softmax(x) },
  { name: 'logSoftmax', inputs: [[3, 4]], run: (x: tf.Tensor) => tf.logSoftmax(x) },
  { name: 'sum of rows and columns', inputs: [[2, 32, 33, 9]], run: (x: tf.Tensor) => tf.sum(x, [1, 2]) },
  { name: 'sum of rows and columns, kept', inputs: [[40, 30, 8]], run: (x: tf.Tensor) => tf.sum(x, [1, 0], true) },
  { name: 'logSumExp', inputs: [[3, 4]], run: (x: tf.Tensor) => tf.logSumExp(x, 1) },
  {
    name: 'cumsum',
    inputs: [[3, 4]],
    run: (x: tf.Tensor) => [tf.cumsum(x, 1), tf.cumsum(x, 0, true), tf.cumsum(x, 1, false, true)],
    gradient: false,
  },
  { name: 'cumsum, gradient', inputs: [[3, 4]], run: (x: tf.Tensor) => tf.cumsum(x, 1) },
  {
    name: 'einsum',
    inputs: [
      [3, 4],
      [4, 5],
    ],
    run: (a: tf.Tensor, b: tf.Tensor) => tf.einsum('ij,jk->ik', a, b),
    gradient: false,
  },
  {
    name: 'reshape, expandDims, squeeze',
    inputs: [[2, 6]],
    run: (x: tf.Tensor) => [tf.reshape(x, [3, -1]), tf.expandDims(x, 1), tf.squeeze(tf.expandDims(x, 0))],
  },
  {
    name: 'transpose',
    inputs: [[2, 3, 4, 5]],
    run: (x: tf.Tensor) => [tf.transpose(x, [3, 1, 0, 2]), tf.transpose(x)],
  },
  { name: 'broadcastTo', inputs: [[1, 4]], run: (x: tf.Tensor) => tf.broadcastTo(x, [2, 3, 4]) },
  { name: 'tile', inputs: [[2, 3]], run: (x: tf.Tensor) => tf.tile(x, [2, 1]) },
  { name: 'slice', inputs: [[4, 5, 3]], run: (x: tf.Tensor) => [tf.slice(x, [1, 0, 1], [2, -1, 2]), tf.slice(x, [2])] },
  {
    name: 'stridedSlice',
    inputs: [[6, 5]],
    run: (x: tf.Tensor) => [
      tf.stridedSlice(x, [1, 4], [6, 0], [2, -1]),
      tf.stridedSlice(x, [5, 0], [0, 5], [-2, 3], 0, 2),
    ],
    gradient: false,
  },
  { name: 'reverse', inputs: [[3, 4]], run: (x: tf.Tensor) => [tf.reverse(x, 1), tf.reverse(x, [0, 1])] },
  {
    name: 'pad',
    inputs: [[3, 4]],
    run: (x: tf.Tensor2D) =>
      tf.pad(
        x,
        [
          [1, 0],
          [2, 3],
        ],
        0.5,
      ),
  },
  {
    name: 'mirrorPad',
    inputs: [[3, 4]],
    run: (x: tf.Tensor2D) =>
      tf.mirrorPad(
        x,
        [
          [1, 0],
          [2, 1],
        ],
        'reflect',
      ),
    gradient: false,
  },
  {
    name: 'concat',
    inputs: [
      [2, 3],
      [2, 2],
    ],
    run: (a: tf.Tensor2D, b: tf.Tensor2D) => tf.concat([a, b, tf.zeros([2, 1])], 1),
  },
  { name: 'split', inputs: [[4, 6]], run: (x: tf.Tensor) => [...tf.split(x, 3, 1), ...tf.split(x, [1, 3], 0)] },
  {
    name: 'stack',
    inputs: [
      [2, 3],
      [2, 3],
    ],
    run: (a: tf.Tensor, b: tf.Tensor) => [tf.stack([a, b], 1), tf.stack([a, b], -1)],
  },
  {
    name: 'unstack',
    inputs: [[3, 2, 4]],
    run: (x: tf.Tensor) => [...tf.unstack(x, 1), ...tf.unstack(tf.slice(x, [0, 0, 0], [1, 2, 4]))],
    gradient: false,
  },
  { name: 'unstack, gradient', inputs: [[3, 2, 4]], run: (x: tf.Tensor) => tf.unstack(x, 0) },
  {
    name: 'fill, range, linspace',
    inputs: [[4]],
    run: (x: tf.Tensor) => [tf.add(x, tf.fill([2, 4], 3)), tf.add(x, tf.range(0, 4)), tf.mul(x, tf.linspace(-1, 1, 4))],
  },
  { name: 'depthToSpace', inputs: [[2, 3, 3, 8]], run: (x: tf.Tensor4D) => tf.depthToSpace(x, 2), gradient: false },
  {
    name: 'oneHot',
    inputs: [indices(5, 4)],
    run: (x: tf.Tensor1D) => [tf.oneHot(x, 5), tf.oneHot(x, 5, 2, -1)],
    gradient: false,
  },
  { name: 'gather', inputs: [[5, 3], indices(5, 4)], run: (x: tf.Tensor, i: tf.Tensor1D) => tf.gather(x, i) },
  {
    name: 'gather along 1',
    inputs: [[3, 5, 2], indices(5, 4)],
    run: (x: tf.Tensor, i: tf.Tensor1D) => tf.gather(x, i, 1),
  },
  {
    name: 'gatherND',
    inputs: [[3, 4, 2], indices(3, 5, 2)],
    run: (x: tf.Tensor, i: tf.Tensor) => tf.gatherND(x, i),
    gradient: false,
  },
  {
    name: 'scatterND',
    inputs: [indices(5, 4, 1), [4, 3]],
    run: (i: tf.Tensor, u: tf.Tensor) => tf.scatterND(i, u, [5, 3]),
    gradient: false,
  },
  {
    name: 'unsortedSegmentSum',
    inputs: [[6, 2], indices(4, 6)],
    run: (x: tf.Tensor, i: tf.Tensor1D) => tf.unsortedSegmentSum(x, i, 4),
  },
  {
    name: 'topk',
    inputs: [[3, 6]],
    run: (x: tf.Tensor) => {
      const { values, indices: at } = tf.topk(x, 3);
      return [values, at];
    },
    gradient: false,
  },
  {
    name: 'batchNorm',
    inputs: [[2, 3, 3, 4], [4], positive(4), [4], [4]],
    run: (x: tf.Tensor4D, m: tf.Tensor1D, v: tf.Tensor1D, b: tf.Tensor1D, s: tf.Tensor1D) =>
      tf.batchNorm(x, m, v, b, s),
  },
  {
    name: 'conv2dTranspose',
    inputs: [
      [1, 4, 4, 3],
      [3, 3, 2, 3],
    ],
    run: (x: tf.Tensor4D, f: tf.Tensor4D) => tf.conv2dTranspose(x, f, [1, 9, 9, 2], 2, 'valid'),
  },
  {
    name: 'uniform operands of a convolution',
    inputs: [[1, 5, 5, 2]],
    run: (x: tf.Tensor4D) => [
      tf.conv2d(x, tf.ones([3, 3, 2, 4]) as tf.Tensor4D, 1, 'same'),
      tf.sum(tf.conv2d(x, tf.fill([1, 1, 2, 3], 0.5) as tf.Tensor4D, 1, 'same')),
    ],
  },
  {
    name: 'uniform operands moved about',
    inputs: [[2, 3]],
    run: (x: tf.Tensor) => [
      tf.matMul(x as tf.Tensor2D, tf.transpose(tf.fill([4, 3], 2)) as tf.Tensor2D),
      tf.add(x, tf.reshape(tf.ones([6]), [2, 3])),
    ],
  },
  { name: 'a scalar input', inputs: [[]], run: (x: tf.Tensor) => tf.mul(x, tf.add(x, 1)) },
  {
    name: 'one value returned twice',
    inputs: [[3]],
    run: (x: tf.Tensor) => {
      const y = tf.exp(x);
      return [y, y, x];
    },
  },
];
