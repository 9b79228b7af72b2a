/** Rows of elementwise operations for the numbers at which implementations part: zeros, infinities, NaN, the ends of int32. */
import { tf } from '#tf';
import { booleans, floats, integers, type Input, type Row } from './row.js';

type Op = (...x: tf.Tensor[]) => tf.Tensor;
const op = (name: string): Op => (tf as unknown as Record<string, Op>)[name]!;

const special = [
  ...[0, -0, NaN, Infinity, -Infinity, 1, -1, 0.5, -0.5, 1.5, 2.5, -1.5, -2.5, 0.49999997, 3, -3, 7.25, -7.25],
  ...[1e-20, 1e-8, -1e-8, 1e-4, -1e-4, 5e-3, -3e-3, 0.3, -0.3, 20, -20, 87, 89, -88, -95, 100, -100],
  ...[16777216, -16777218, 2147483648, -2147483904, 3e9, 6e9, 1e20, -1e20],
];
const whole = [0, 1, -1, 5, -5, 7, -7, 100, 16777217, -16777219, 2147483647, -2147483648];
const small = whole.filter((n) => Math.abs(n) < 1000);

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
  {
    name: `${name} of nothing and of a scalar`,
    inputs: [[0, 3], []],
    run: (a: tf.Tensor, b: tf.Tensor) => [op(name)(a), op(name)(b)],
  },
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
/** Powers that leave int32 differ in the last digits of their double precision. */
const grows = ['pow'];

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
    run: (a: tf.Tensor, b: tf.Tensor, c: tf.Tensor, d: tf.Tensor, e: tf.Tensor, f: tf.Tensor) => [
      op(name)(a, b),
      op(name)(c, d),
      op(name)(e, f),
    ],
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
    name: 'square and neg at the ends of int32',
    inputs: [integers(whole)],
    run: (x: tf.Tensor) => [tf.square(x), tf.neg(x)],
  },
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

export const specialNumbers: Row[] = [...unaries, ...ofOne, ...ofTwo, ...mixed];
