/**
 * Rows for how windows over pictures are counted: padding by name, number and side, rounding, strides and filters that
 * differ between rows and columns.
 *
 * TensorFlow.js forgets the rounding in its gradients, and its gradient of an average divides by the whole window at the
 * border; ops.test.ts holds such gradients against differences.
 */
import { tf } from '#tf';
import type { Row } from './row.js';

type Padding = 'same' | 'valid' | number | [[0, 0], [number, number], [number, number], [0, 0]];
type Rounding = 'floor' | 'ceil' | 'round' | undefined;
type Pair = [number, number];

const paddings: Padding[] = [
  'same',
  'valid',
  0,
  1,
  [
    [0, 0],
    [1, 0],
    [0, 1],
    [0, 0],
  ],
];
const sizes: [string, Pair, Pair][] = [
  ['2/2', [2, 2], [2, 2]],
  ['3/2', [3, 3], [2, 2]],
  ['2×3/3×1', [2, 3], [3, 1]],
];

export const windows: Row[] = paddings.flatMap((pad) =>
  // Padding by name knows no rounding.
  (typeof pad === 'string' ? [undefined] : ([undefined, 'floor', 'ceil', 'round'] as Rounding[])).flatMap((round) =>
    sizes.flatMap(([size, filter, stride]): Row[] => {
      const title = `${size}, ${JSON.stringify(pad)}${round ? `, ${round}` : ''}`;
      // A pool's window that lies wholly in the padding has no value and is refused.
      const pools = typeof pad === 'string' || pad === 0 || size === '3/2';
      const gradient = round !== 'ceil' && round !== 'round';
      return [
        {
          name: `windows: conv2d ${title}`,
          inputs: [
            [2, 7, 6, 3],
            [...filter, 3, 2],
          ],
          run: (x: tf.Tensor4D, w: tf.Tensor4D) => tf.conv2d(x, w, stride, pad, 'NHWC', 1, round),
          gradient,
        },
        {
          name: `windows: depthwiseConv2d ${title}`,
          inputs: [
            [2, 7, 6, 3],
            [...filter, 3, 2],
          ],
          run: (x: tf.Tensor4D, w: tf.Tensor4D) => tf.depthwiseConv2d(x, w, stride, pad, 'NHWC', 1, round),
          gradient: false,
        },
        ...(pools ? poolRows() : []),
      ];

      function poolRows(): Row[] {
        return [
          {
            name: `windows: pools ${title}`,
            inputs: [[2, 7, 6, 3]],
            run: (x: tf.Tensor4D) => [
              tf.maxPool(x, filter, stride, pad, round),
              tf.avgPool(x, filter, stride, pad, round),
            ],
            gradient: false,
          },
          {
            name: `windows: maxPool ${title}`,
            inputs: [[2, 7, 6, 3]],
            run: (x: tf.Tensor4D) => tf.maxPool(x, filter, stride, pad, round),
            gradient,
          },
        ];
      }
    }),
  ),
);
