/** Rows for unary, binary and comparing operations. */
import { tf } from '#tf';
import { ints, positive, unit, type Input, type Row } from './row.js';

export const unary: Row[] = (
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

export const binary: Row[] = (
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

export const integer: Row[] = (['add', 'sub', 'mul', 'maximum', 'minimum'] as const).map((name) => ({
  name: `${name} of int32`,
  inputs: [ints(3, 4), ints(4)],
  run: tf[name] as Row['run'],
  gradient: false,
}));

export const comparison: Row[] = (
  ['equal', 'notEqual', 'greater', 'greaterEqual', 'less', 'lessEqual'] as const
).flatMap((name) => [
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
]);
