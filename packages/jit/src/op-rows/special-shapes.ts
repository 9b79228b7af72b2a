/** Rows of all but elementwise operations for what implementations part at: no elements, odd axes and indices, NaN, types. */
import { tf } from '#tf';
import { booleans, floats, integers, type Input, type Row } from './row.js';

/** Special numbers ask for more than random ones. */
const tight = { rtol: 2e-6, atol: 1e-38 };

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

const ofTypesThatDiffer: Row[] = [
  {
    name: 'choices, parts and products of types that differ',
    inputs: [booleans([1, 0], [1, 2]), floats([1.5, -2.5], [1, 2]), integers([3, -4], [1, 2]), floats([1, 2], [2, 1])],
    run: (b: tf.Tensor, f: tf.Tensor, i: tf.Tensor, column: tf.Tensor) => [
      tf.where(b, f, i),
      tf.where(b, i, f),
      tf.concat([f, i]),
      tf.concat([i, f]),
      tf.einsum('ij,jk->ik', i, column),
    ],
    gradient: false,
  },
  {
    name: 'what float32 has not the digits for, of int32',
    inputs: [integers([16777216, 16777217, 2147483647, 2147483646, -2147483648, -2147483647, 0, 5], [1, 2, 4, 1])],
    run: (x: tf.Tensor4D) => [
      ...[1, 2].flatMap((axis) => [tf.argMax(x, axis), tf.argMin(x, axis)]),
      tf.maxPool(x, 2, 2, 'valid'),
      tf.maxPool(x, 2, 1, 'same'),
    ],
  },
  {
    name: 'captured zeros of both signs',
    inputs: [floats([1, 0])],
    run: (x: tf.Tensor) =>
      [
        [0, -0],
        [-0, 0],
        [-0, -0],
      ].flatMap((zeros) => [tf.div(1, tf.tensor1d(zeros)), tf.atan2(x, tf.tensor1d(zeros))]),
    gradient: false,
  },
];

const pictures: Row[] = [
  {
    name: 'maxPool of −∞ at a border',
    inputs: [floats([-Infinity, -Infinity, -Infinity, -3e38, NaN, NaN, NaN, 4, 5], [1, 3, 3, 1])],
    run: (x: tf.Tensor4D) => [tf.maxPool(x, 2, 1, 'same'), tf.maxPool(x, 3, 2, 'same'), tf.maxPool(x, 1, 1, 'valid')],
    gradient: false,
  },
  {
    name: 'convolutions without channels',
    inputs: [
      [2, 4, 4, 0],
      [3, 3, 0, 2],
    ],
    run: (x: tf.Tensor4D, w: tf.Tensor4D) => tf.conv2d(x, w, 1, 'same'),
  },
  {
    name: 'depthwise convolutions without channels',
    inputs: [
      [2, 4, 4, 0],
      [3, 3, 0, 1],
    ],
    run: (x: tf.Tensor4D, w: tf.Tensor4D) => tf.depthwiseConv2d(x, w, 1, 'same'),
  },
  {
    name: 'maxPool of special numbers',
    inputs: [floats([1, NaN, 2, Infinity, -Infinity, 0, -0, -3, 5, 2, NaN, 2], [1, 3, 4, 1])],
    run: (x: tf.Tensor4D) => tf.maxPool(x, 2, 1, 'same'),
  },
  {
    name: 'maxPool of equal numbers',
    inputs: [floats([1, 2, 2, 1, 2, 2, 3, 3, 3, 1, 1, 1, 0, 0, 0, 0], [1, 4, 4, 1])],
    run: (x: tf.Tensor4D) => [tf.maxPool(x, [2, 3], 2, 'valid'), tf.maxPool(x, 3, 1, 'same')],
  },
  {
    name: 'pools and resizing of int32, and pools of nothing',
    inputs: [integers([1, -2, 3, 4, 5, 6, 7, 8, 9], [1, 3, 3, 1]), [0, 4, 4, 2]],
    run: (x: tf.Tensor4D, none: tf.Tensor4D) => [
      tf.maxPool(x, 2, 2, 'same'),
      tf.image.resizeBilinear(x, [6, 5]),
      tf.image.resizeNearestNeighbor(x, [6, 5]),
      tf.maxPool(none, 2, 2, 'same'),
    ],
    gradient: false,
  },
  {
    name: 'resizeNearestNeighbor of special numbers',
    inputs: [floats([1, NaN, 2, Infinity, -Infinity, 0], [1, 2, 3, 1])],
    run: (x: tf.Tensor4D) =>
      [
        [4, 6],
        [3, 2],
        [1, 1],
      ].map((size) => tf.image.resizeNearestNeighbor(x, size as [number, number])),
    gradient: false,
  },
  {
    name: 'convolutions of nothing',
    inputs: [
      [0, 5, 5, 2],
      [3, 3, 2, 2],
    ],
    run: (x: tf.Tensor4D, w: tf.Tensor4D) => [tf.conv2d(x, w, 1, 'same'), tf.depthwiseConv2d(x, w, 2, 'same')],
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
    run: (a: tf.Tensor, b: tf.Tensor, c: tf.Tensor, d: tf.Tensor, e: tf.Tensor, f: tf.Tensor) => [
      tf.matMul(a, b),
      tf.matMul(c, d),
      tf.matMul(e, f),
    ],
  },
  {
    name: 'matMul of int32 and of ranks that differ',
    inputs: [integers([1, 2, 3, 4], [2, 2]), [2, 3, 4], [4, 5], [1, 3, 4]],
    run: (i: tf.Tensor, a: tf.Tensor, b: tf.Tensor, c: tf.Tensor) => [
      tf.matMul(i, i, true),
      tf.matMul(a, b),
      tf.matMul(c, b),
    ],
    gradient: false,
  },
  {
    name: 'einsum of nothing and of int32',
    inputs: [[2, 0], [0, 3], integers([1, 2, 3, 4], [2, 2])],
    run: (a: tf.Tensor, b: tf.Tensor, i: tf.Tensor) => [
      tf.einsum('ij,jk->ik', a, b),
      tf.einsum('ij,jk->ik', i, i),
      tf.einsum('ij->', i),
    ],
    gradient: false,
  },
  {
    name: 'softmax of special numbers',
    inputs: [floats([1, 2, -Infinity, 100, 0, -100], [2, 3]), [0, 3]],
    run: (x: tf.Tensor, y: tf.Tensor) => [tf.softmax(x), tf.softmax(y)],
    gradient: false,
  },
];

export const specialShapes: Row[] = [
  ...reductions,
  ...moreReductions,
  ...made,
  ...moved,
  ...picked,
  ...ofTypesThatDiffer,
  ...pictures,
  ...multiplied,
];
