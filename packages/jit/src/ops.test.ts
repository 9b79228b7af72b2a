/**
 * Every lowering against TensorFlow.js's own CPU backend, forward and gradient, on random inputs.
 *
 * One row of the table is one call: its inputs by shape (and range or type), and the function. The gradient, where the
 * row asks for it, is of sum(f(x)·c) with fixed random c, by every float input. The last test says which kernels of
 * the table of lowerings no row has reached.
 */
import tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { compile } from './index.js';
import { lowerings } from './kernels/table.js';

type Input =
  readonly number[] | { shape: readonly number[]; range?: readonly [number, number]; dtype?: 'int32' | 'bool' };
interface Row {
  name: string;
  inputs: readonly Input[];
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- rows take tensors of many ranks
  run: (...x: any[]) => tf.Tensor | tf.Tensor[];
  /** False for what has no gradient in TensorFlow.js or none that matters. */
  gradient?: boolean;
}

/** Small, fast, deterministic: mulberry32. */
function uniform(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

function draw(input: Input, random: () => number): tf.Tensor {
  const { shape, range, dtype } = 'shape' in input ? input : { shape: input, range: undefined, dtype: undefined };
  const [low, high] = range ?? (dtype === 'bool' ? [0, 2] : dtype === 'int32' ? [-5, 6] : [-2, 2]);
  const values = Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => low + (high - low) * random());
  return tf.tensor(dtype ? values.map(Math.floor) : values, [...shape], dtype ?? 'float32');
}

const positive = (...shape: number[]): Input => ({ shape, range: [0.2, 3] });
const unit = (...shape: number[]): Input => ({ shape, range: [-0.9, 0.9] });
const ints = (...shape: number[]): Input => ({ shape, dtype: 'int32' });
const indices = (below: number, ...shape: number[]): Input => ({ shape, range: [0, below], dtype: 'int32' });
const bools = (...shape: number[]): Input => ({ shape, dtype: 'bool' });

const unary: Row[] = (
  [
    ['abs'],
    ['ceil'],
    ['cos'],
    ['cosh'],
    ['elu'],
    ['erf'],
    ['exp'],
    ['expm1'],
    ['floor'],
    ['neg'],
    ['relu'],
    ['relu6'],
    ['round'],
    ['selu'],
    ['sigmoid'],
    ['sign'],
    ['sin'],
    ['sinh'],
    ['softplus'],
    ['square'],
    ['tan', unit(3, 4)],
    ['tanh'],
    ['atan'],
    ['asinh'],
    ['acos', unit(3, 4)],
    ['asin', unit(3, 4)],
    ['atanh', unit(3, 4)],
    ['acosh', { shape: [3, 4], range: [1.1, 3] }],
    ['log', positive(3, 4)],
    ['log1p', positive(3, 4)],
    ['reciprocal', positive(3, 4)],
    ['rsqrt', positive(2, 3, 4)],
    ['sqrt', positive(7)],
    ['step'],
    ['zerosLike'],
    ['onesLike'],
  ] as [keyof typeof tf, Input?][]
).map(([name, input]) => ({ name, inputs: [input ?? [3, 4]], run: tf[name] as Row['run'] }));

const binary: Row[] = (
  [
    ['add'],
    ['sub'],
    ['mul'],
    ['div', positive(3, 4)],
    ['maximum'],
    ['minimum'],
    ['squaredDifference'],
    ['mod', positive(3, 4)],
    ['pow', [3, 4], positive(3, 4)],
    ['atan2', positive(3, 4)],
    ['floorDiv', positive(3, 4)],
  ] as [keyof typeof tf, Input?, Input?][]
).flatMap(([name, b = [3, 4], a = [3, 4]]) => {
  const gradient = !['mod', 'floorDiv'].includes(name);
  const narrow = 'shape' in b ? { ...b, shape: [1, 4] } : [1, 4];
  return [
    { name, inputs: [a, b], run: tf[name] as Row['run'], gradient },
    // TensorFlow.js's gradients of these three do not sum over broadcast axes.
    {
      name: `${name}, broadcast`,
      inputs: [a, narrow],
      run: tf[name] as Row['run'],
      gradient: gradient && !['maximum', 'minimum', 'squaredDifference'].includes(name),
    },
    {
      name: `${name}, scalar`,
      inputs: [a],
      run: (x: tf.Tensor) => (tf[name] as Row['run'])(x, tf.scalar(1.5)),
      gradient,
    },
  ];
});

const integer: Row[] = (['add', 'sub', 'mul', 'maximum', 'minimum'] as const).map((name) => ({
  name: `${name} of int32`,
  inputs: [ints(3, 4), ints(4)],
  run: tf[name] as Row['run'],
  gradient: false,
}));

const comparison: Row[] = (['equal', 'notEqual', 'greater', 'greaterEqual', 'less', 'lessEqual'] as const).flatMap(
  (name) => [
    {
      name: `${name} of float32`,
      inputs: [
        [3, 4],
        [3, 1],
      ],
      run: tf[name] as Row['run'],
      gradient: false,
    },
    { name: `${name} of int32`, inputs: [ints(3, 4), ints(3, 4)], run: tf[name] as Row['run'], gradient: false },
  ],
);

const convolutions: Row[] = (
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

const depthwise: Row[] = (
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

const pools: Row[] = (
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

const resizes: Row[] = (
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

const reductions: Row[] = (['sum', 'mean', 'max', 'min'] as const).flatMap((name) => [
  { name: `${name} of all`, inputs: [[2, 3, 4]], run: (x: tf.Tensor) => tf[name](x) },
  { name: `${name} over [0,2]`, inputs: [[2, 3, 4]], run: (x: tf.Tensor) => tf[name](x, [0, 2]) },
  { name: `${name} over -1, kept`, inputs: [[2, 3, 4]], run: (x: tf.Tensor) => tf[name](x, -1, true) },
]);

const products: Row[] = [undefined, [0, 2], 1].map((axis) => ({
  name: `prod over ${axis}`,
  inputs: [[2, 3, 4]],
  run: (x: tf.Tensor) => tf.prod(x, axis),
  gradient: false,
}));

const matrices: Row[] = (
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

const rest: Row[] = [
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

const rows = [
  ...unary,
  ...binary,
  ...integer,
  ...comparison,
  ...convolutions,
  ...depthwise,
  ...pools,
  ...resizes,
  ...reductions,
  ...products,
  ...matrices,
  ...rest,
];

const listOf = (out: tf.Tensor | tf.Tensor[]): tf.Tensor[] => (Array.isArray(out) ? out : [out]);
const used = new Set<string>();

describe('every lowering', () => {
  beforeAll(async () => {
    await tf.setBackend('cpu');
  });

  it.each(rows)('$name', async ({ inputs, run, gradient = true }) => {
    const random = uniform(7);
    const x = inputs.map((input) => draw(input, random));
    const floats = x.map((t, i) => (t.dtype === 'float32' ? i : -1)).filter((i) => i >= 0);
    const weights = listOf(run(...x)).map((t) => (t.dtype === 'float32' ? draw(t.shape, random) : undefined));
    const values = (...args: tf.Tensor[]) => listOf(run(...args));
    const gradients = (...args: tf.Tensor[]) => {
      const total = (...moved: tf.Tensor[]) => {
        const all = [...args];
        moved.forEach((t, i) => (all[floats[i]!] = t));
        const parts = listOf(run(...all)).map((t, i) => tf.sum(tf.mul(t, weights[i]!)));
        return tf.addN(parts) as tf.Scalar;
      };
      return tf.grads(total)(floats.map((i) => args[i]!));
    };

    for (const fn of gradient && floats.length > 0 ? [values, gradients] : [values]) {
      const expected = fn(...x);
      const compiled = compile(fn);
      const got = await compiled(...x);
      expect(got.map((t) => [t.shape, t.dtype])).toEqual(expected.map((t) => [t.shape, t.dtype]));
      got.forEach((t, i) => expect(t).toBeAllclose(expected[i]!, { rtol: 1e-4, atol: 1e-5 }));
      await compiled.dispose();
      // The kernels that the plain run reports are those that the trace has lowered.
      const profile = await tf.profile(() => fn(...x));
      for (const { name } of profile.kernels) used.add(name);
    }
  });

  it('differentiates an average over the part of the window inside the picture', async () => {
    const x = draw([1, 5, 5, 1], uniform(3)) as tf.Tensor4D;
    const f = (t: tf.Tensor4D) => tf.sum(tf.square(tf.avgPool(t, 3, 2, 'same')));
    const compiled = compile((t: tf.Tensor4D) => tf.grad((u: tf.Tensor) => f(u as tf.Tensor4D))(t));
    const slope = (i: number): number => {
      const moved = [1e-2, -1e-2].map((h) => {
        const values = Float32Array.from(x.dataSync());
        values[i]! += h;
        return f(tf.tensor4d(values, [1, 5, 5, 1])).dataSync()[0]!;
      });
      return (moved[0]! - moved[1]!) / 2e-2;
    };
    expect(await compiled(x)).toBeAllclose(
      Float32Array.from({ length: 25 }, (_, i) => slope(i)),
      { rtol: 1e-2, atol: 1e-3 },
    );
    await compiled.dispose();
  });

  it('has been reached by a row of the table', () => {
    expect([...lowerings.keys()].filter((name) => !used.has(name))).toEqual([]);
  });
});
