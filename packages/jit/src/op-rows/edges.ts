/** Rows for the numbers and shapes at which implementations part: zeros, infinities, NaN, the ends of int32, no elements. */
import { tf } from '#tf';
import type { Input, Row } from './row.js';

type Op = (...x: tf.Tensor[]) => tf.Tensor;
const op = (name: string): Op => (tf as unknown as Record<string, Op>)[name]!;

const special = [
  ...[0, -0, NaN, Infinity, -Infinity, 1, -1, 0.5, -0.5, 1.5, 2.5, -1.5, -2.5, 0.49999997, 3, -3, 7.25, -7.25],
  ...[1e-20, 1e-8, -1e-8, 1e-4, -1e-4, 5e-3, -3e-3, 0.3, -0.3, 20, -20, 87, 89, -88, -95, 100, -100],
  ...[16777216, -16777218, 2147483648, -2147483904, 3e9, 6e9, 1e20, -1e20],
];
const whole = [0, 1, -1, 5, -5, 7, -7, 100, 16777217, -16777219, 2147483647, -2147483648];
const small = whole.filter((n) => Math.abs(n) < 1000);

const floats = (values: readonly number[], shape: readonly number[] = [values.length]): Input => ({ shape, values });
const integers = (values: readonly number[], shape: readonly number[] = [values.length]): Input => ({
  shape,
  values,
  dtype: 'int32',
});
const booleans = (values: readonly number[], shape: readonly number[] = [values.length]): Input => ({
  shape,
  values,
  dtype: 'bool',
});
/** Every pair of the numbers. */
const pairs = (make: typeof floats, list: readonly number[]): [Input, Input] => [
  make(list.flatMap((n) => list.map(() => n))),
  make(list.flatMap(() => list)),
];

const tight = { rtol: 2e-6, atol: 1e-38 };
/** ONNX Runtime's tanh and sigmoid are good to 1e-7 of their range. */
const roomy = { rtol: 2e-5, atol: 1e-5 };

const unaries: Row[] = [
  ...['abs', 'acos', 'acosh', 'asin', 'asinh', 'atan', 'atanh', 'ceil', 'cosh', 'elu', 'exp', 'expm1', 'floor', 'neg'],
  ...[
    'relu',
    'relu6',
    'round',
    'selu',
    'sign',
    'sinh',
    'square',
    'log',
    'log1p',
    'reciprocal',
    'rsqrt',
    'sqrt',
    'step',
  ],
  ...['zerosLike', 'onesLike', 'isNaN', 'isInf', 'isFinite', 'sigmoid', 'tanh', 'softplus'],
].flatMap((name) => [
  {
    name: `${name} of special numbers`,
    inputs: [floats(special)],
    run: op(name),
    tolerance: ['sigmoid', 'tanh', 'softplus'].includes(name) ? roomy : tight,
    captured: true,
  },
  { name: `${name} of nothing and of a scalar`, inputs: [[0, 3], []], run: (a, b) => [op(name)(a), op(name)(b)] },
]);

const ofOne: Row[] = [
  ...([0.3, 0, 1, -1, 2, NaN] as const).map((alpha) => ({
    name: `step with ${alpha} of special numbers`,
    inputs: [floats(special), integers(whole)],
    run: (x: tf.Tensor, i: tf.Tensor) => [tf.step(x, alpha), tf.step(i, alpha)],
    tolerance: tight,
  })),
  {
    name: 'leakyRelu and prelu of special numbers and int32',
    inputs: [floats(special), integers(whole)],
    run: (x: tf.Tensor, i: tf.Tensor) => [
      tf.leakyRelu(x, 0.2),
      tf.leakyRelu(x, 0),
      tf.leakyRelu(i, 0.2),
      tf.prelu(x, tf.scalar(0.3)),
      tf.prelu(i, tf.scalar(2, 'int32')),
    ],
    tolerance: tight,
  },
  {
    name: 'clipByValue of special numbers and int32',
    inputs: [floats(special), integers(whole)],
    run: (x: tf.Tensor, i: tf.Tensor) =>
      [
        [-0.5, 1],
        [0, Infinity],
        [-Infinity, 2],
      ].flatMap(([low, high]) => [tf.clipByValue(x, low!, high!), tf.clipByValue(i, low!, high!)]),
    tolerance: tight,
  },
  {
    name: 'cast of special numbers',
    inputs: [floats(special), integers(whole), booleans([0, 1])],
    run: (...x: tf.Tensor[]) =>
      x.flatMap((t) => (['float32', 'int32', 'bool'] as const).map((dtype) => tf.cast(t, dtype))),
    gradient: false,
  },
  {
    name: 'numeric operations of int32',
    inputs: [integers(whole)],
    run: (x: tf.Tensor) => [
      ...['neg', 'relu', 'relu6', 'round', 'sign', 'isNaN', 'isInf', 'isFinite', 'zerosLike'].map((n) => op(n)(x)),
      tf.abs(tf.maximum(x, -2147483647)),
    ],
  },
];

const names = 'add sub mul div maximum minimum squaredDifference mod pow atan2 floorDiv divNoNan'.split(' ');
const comparisons = 'equal notEqual greater greaterEqual less lessEqual'.split(' ');
const constants = [0, -0, 1, -1, 0.5, 2, 3, NaN, Infinity, -Infinity, 16777216];
/** Products that leave int32 lose digits in TensorFlow.js. */
const grows = ['mul', 'squaredDifference', 'pow'];

const ofTwo: Row[] = [...names, ...comparisons].flatMap((name) => [
  {
    name: `${name} of special numbers`,
    inputs: pairs(floats, special),
    run: op(name),
    gradient: name !== 'divNoNan',
    tolerance: tight,
    captured: true,
  },
  {
    name: `${name} with special constants`,
    inputs: [floats(special)],
    run: (x: tf.Tensor) => constants.flatMap((n) => [op(name)(x, tf.scalar(n)), op(name)(tf.scalar(n), x)]),
    gradient: name !== 'divNoNan' && !comparisons.includes(name),
    tolerance: tight,
  },
  {
    name: `${name} of nothing, of scalars, of thin shapes`,
    inputs: [[0, 3], [1, 1], [1, 0], [2, 1], [], []],
    run: (a, b, c, d, e, f) => [op(name)(a, b), op(name)(c, d), op(name)(e, f)],
    gradient: false,
  },
  ...(name === 'atan2'
    ? []
    : [
        {
          name: `${name} of int32`,
          inputs: pairs(integers, grows.includes(name) ? small : whole),
          run: op(name),
        },
        {
          name: `${name} of int32 with constants`,
          inputs: [integers(small)],
          run: (x: tf.Tensor) =>
            [0, 1, 2, 3].map((n) => tf.scalar(n, 'int32')).flatMap((n) => [op(name)(x, n), op(name)(n, x)]),
        },
      ]),
]);

const mixed: Row[] = [
  {
    name: 'float32 with int32 and bool with int32',
    inputs: [floats([1.5, -2.5, 3]), integers([2, -2, 0]), booleans([1, 0, 1])],
    run: (f: tf.Tensor, i: tf.Tensor, b: tf.Tensor) =>
      ['add', 'sub', 'mul', 'div', 'maximum', 'mod', 'floorDiv', 'less'].flatMap((n) => [
        op(n)(f, i),
        op(n)(i, f),
        op(n)(b, i),
        op(n)(b, f),
      ]),
    gradient: false,
    tolerance: tight,
  },
  {
    name: 'comparisons and logic of bool',
    inputs: [booleans([0, 0, 1, 1]), booleans([0, 1, 0, 1])],
    run: (a: tf.Tensor, b: tf.Tensor) =>
      [...comparisons, 'logicalAnd', 'logicalOr', 'logicalXor', 'maximum', 'minimum'].map((n) => op(n)(a, b)),
  },
];

const axes: [axis?: number | number[], keepDims?: boolean][] = [[], [0], [-1], [-1, true], [[0, -1]], [[]]];
const reduced: [string, Input][] = [
  ['random', [2, 3, 4]],
  ['special', floats([1, NaN, 2, Infinity, -Infinity, 0, -0, -3, 5, 2, 2, NaN], [3, 4])],
  [
    'infinite',
    floats(
      Array.from({ length: 6 }, () => -Infinity),
      [2, 3],
    ),
  ],
  ['equal', floats([1, 1, 3, 3, 3, 0], [2, 3])],
  ['int32', integers([3, -5, 2, 7, 0, 1], [2, 3])],
  ['large int32', integers([2147483647, 5, 1073741824, 16777217], [2, 2])],
  ['bool', booleans([1, 0, 1, 1, 1, 1], [2, 3])],
  ['no', [2, 0, 3]],
  ['no rows of', [0, 3]],
];
const reductions: Row[] = ['sum', 'mean', 'max', 'min', 'prod', 'all', 'any', 'logSumExp'].flatMap((name) =>
  (name === 'logSumExp' ? reduced.slice(0, 4) : reduced).map(([what, input]) => ({
    name: `${name} of ${what} numbers`,
    inputs: [input],
    run: (x: tf.Tensor) => {
      const over = tf[name as 'sum'];
      const list = ['all', 'any'].includes(name) ? tf.cast(x, 'bool') : x;
      return axes.map(([axis, keepDims]) => over(list, axis, keepDims));
    },
    gradient: name !== 'prod',
    captured: true,
  })),
);

const moreReductions: Row[] = [
  {
    name: 'argMax and argMin of special numbers and of nothing',
    inputs: [floats([1, NaN, 2, NaN, 5, 5], [2, 3]), integers([4, 4, 1], [1, 3]), booleans([0, 1, 1], [1, 3]), [2, 0]],
    run: (...x: tf.Tensor[]) => x.flatMap((t) => [tf.argMax(t, -1), tf.argMin(t, 1)]),
    gradient: false,
  },
  {
    name: 'cumsum of bool, int32 and nothing',
    inputs: [booleans([1, 0, 1, 1], [2, 2]), integers([1, 2, 3, 4], [2, 2]), [0, 3]],
    run: (...x: tf.Tensor[]) => x.flatMap((t) => [tf.cumsum(t, 0), tf.cumsum(t, 1, true, true)]),
    gradient: false,
  },
  {
    name: 'topk of bool, int32, ties and nothing',
    inputs: [booleans([1, 0, 1, 1], [2, 2]), integers([1, 2, 4, 3], [2, 2]), floats([1, 0, 1, 1, 0, 1])],
    run: (...x: tf.Tensor[]) =>
      x.flatMap((t) => {
        const { values, indices } = tf.topk(t, 2);
        return [values, indices, tf.topk(t, 0).values];
      }),
    gradient: false,
  },
];

const made: Row[] = [
  ...(['float32', 'int32'] as const).map((dtype) => ({
    name: `range of ${dtype}`,
    inputs: [],
    run: () =>
      (
        [
          [5, 0],
          [5, 0, -1],
          [0, 5],
          [0, 5, 2],
          [0, 5, -1],
          [1, 1, 1],
          [0, 1, 0.1],
          [-3, 3, 1.5],
          [10, 3, -2],
          [16777210, 16777220, 1],
        ] as [number, number, number?][]
      ).map(([start, stop, step]) => tf.range(start, stop, step, dtype)),
    tolerance: tight,
  })),
  {
    name: 'linspace',
    inputs: [],
    run: () => [tf.linspace(0, 1, 1), tf.linspace(0, 1, 2), tf.linspace(0, 0.1, 11), tf.linspace(5, 2, 4)],
    tolerance: tight,
  },
  {
    name: 'fill',
    inputs: [],
    run: () =>
      (['float32', 'int32'] as const).flatMap((dtype) =>
        [1.7, NaN, Infinity, -0, 3e9].flatMap((n) => [[2, 3], [], [0]].map((shape) => tf.fill(shape, n, dtype))),
      ),
  },
];

const types: [string, 'float32' | 'int32' | 'bool'][] = [
  ['float32', 'float32'],
  ['int32', 'int32'],
  ['bool', 'bool'],
];
const moved: Row[] = types.flatMap(([what, dtype]): Row[] => {
  const of = (values: number[], shape: number[]): Input =>
    dtype === 'float32' ? floats(values, shape) : { shape, values, dtype };
  const x = of([1, 0, 1, 1, 0, 0], [2, 3]);
  const [noRows, noColumns] = [of([], [0, 3]), of([], [2, 0])];
  return [
    {
      name: `concat with empty parts, ${what}`,
      inputs: [x, noRows, noColumns],
      run: (t: tf.Tensor, r: tf.Tensor, c: tf.Tensor) => [
        ...[
          [t, r],
          [r, t],
          [r, r],
          [t, r, t],
          [r, t, t, r],
        ].map((list) => tf.concat(list, 0)),
        ...[
          [t, c],
          [c, t],
          [c, c],
          [t, c, t],
        ].map((list) => tf.concat(list, -1)),
        tf.concat([t], 0),
      ],
    },
    {
      name: `parts of nothing and nothing of parts, ${what}`,
      inputs: [x, noRows],
      run: (t: tf.Tensor, r: tf.Tensor) => [
        ...tf.split(t, [2, 0, 1], 1),
        ...tf.split(t, [1, -1], 0),
        tf.tile(t, [0, 2]),
        tf.tile(t, [2, 3]),
        tf.slice(t, [2, 0]),
        tf.slice(r, [0, 1]),
        tf.reverse(t),
        tf.reverse(t, [0, -1]),
        tf.reverse(r, -1),
        tf.transpose(r),
        tf.reshape(r, [3, 0]),
        tf.expandDims(r, -1),
        tf.broadcastTo(tf.reshape(t, [2, 1, 3]), [2, 0, 3]),
        tf.gather(t, tf.tensor1d([], 'int32')),
        tf.gather(t, tf.tensor2d([[2, 0]], undefined, 'int32'), -1),
      ],
      gradient: false,
    },
    {
      name: `pad, ${what}`,
      inputs: [x, noRows],
      run: (t: tf.Tensor, r: tf.Tensor) => [
        tf.pad(
          t,
          [
            [1, 2],
            [0, 1],
          ],
          0.5,
        ),
        tf.pad(t, [
          [0, 0],
          [0, 0],
        ]),
        tf.pad(
          r,
          [
            [1, 2],
            [0, 1],
          ],
          1,
        ),
        tf.mirrorPad(
          t,
          [
            [1, 1],
            [2, 1],
          ],
          'reflect',
        ),
      ],
      gradient: false,
    },
  ];
});

const picked: Row[] = [
  {
    name: 'unsortedSegmentSum with ids out of range',
    inputs: [[4, 2], integers([1, -1, 7, 1]), integers([4, 5, 6, 7]), booleans([1, 1, 1, 1])],
    run: (x: tf.Tensor, ids: tf.Tensor1D, i: tf.Tensor, b: tf.Tensor) =>
      [x, i, b].map((t) => tf.unsortedSegmentSum(t, ids, 3)),
    gradient: false,
  },
  {
    name: 'unsortedSegmentSum with ids below 0',
    inputs: [[4, 2], integers([1, -1, -5, 1])],
    run: (x: tf.Tensor, ids: tf.Tensor1D) => tf.unsortedSegmentSum(x, ids, 3),
  },
  {
    name: 'oneHot out of range and of other types',
    inputs: [integers([-1, 5, 1, 0])],
    run: (x: tf.Tensor1D) => [
      tf.oneHot(x, 3),
      tf.oneHot(x, 4, 3, -1),
      tf.oneHot(x, 3, 1, 0, 'bool'),
      tf.oneHot(x, 3, 1, 0, 'int32'),
      tf.oneHot(tf.reshape(x, [2, 2]), 2, NaN, Infinity),
      // The operation casts; the kernel takes any type.
      tf.engine().runKernel(
        'OneHot',
        {
          indices: tf.cast(x, 'bool'),
        },
        { depth: 2, onValue: 1, offValue: 0, dtype: 'float32' },
      ),
    ],
  },
  {
    name: 'where of int32 and scalars',
    inputs: [booleans([1, 0], [2, 1]), integers([1, 2, 3, 4], [2, 2]), floats([0, NaN], [1, 2]), [2, 2]],
    run: (c: tf.Tensor, i: tf.Tensor, n: tf.Tensor, x: tf.Tensor) => [
      tf.where(c, i, tf.zerosLike(i)),
      tf.where(c, x, n),
      tf.where(tf.scalar(true), x, n),
    ],
    gradient: false,
  },
];

const multiplied: Row[] = [
  {
    name: 'matMul of nothing',
    inputs: [
      [2, 0],
      [0, 3],
      [0, 2],
      [2, 3],
      [0, 3, 4],
      [0, 4, 5],
    ],
    run: (a, b, c, d, e, f) => [tf.matMul(a, b), tf.matMul(c, d), tf.matMul(e, f)],
  },
  {
    name: 'matMul of int32 and of ranks that differ',
    inputs: [integers([1, 2, 3, 4], [2, 2]), [2, 3, 4], [4, 5], [1, 3, 4]],
    run: (i, a, b, c) => [tf.matMul(i, i, true), tf.matMul(a, b), tf.matMul(c, b)],
    gradient: false,
  },
  {
    name: 'einsum of nothing and of int32',
    inputs: [[2, 0], [0, 3], integers([1, 2, 3, 4], [2, 2])],
    run: (a, b, i) => [tf.einsum('ij,jk->ik', a, b), tf.einsum('ij,jk->ik', i, i), tf.einsum('ij->', i)],
    gradient: false,
  },
  {
    name: 'softmax of special numbers',
    inputs: [floats([1, 2, -Infinity, 100, 0, -100], [2, 3]), [0, 3]],
    run: (x: tf.Tensor, y: tf.Tensor) => [tf.softmax(x), tf.softmax(y)],
    gradient: false,
  },
];

export const edges: Row[] = [
  ...unaries,
  ...ofOne,
  ...ofTwo,
  ...mixed,
  ...reductions,
  ...moreReductions,
  ...made,
  ...moved,
  ...picked,
  ...multiplied,
];
