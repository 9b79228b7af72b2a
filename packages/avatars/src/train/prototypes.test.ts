import { tf } from '@styleclip/core';
import { describe, expect, it } from 'vitest';
import { prototypeLoss } from './prototypes.js';

const prototypes = tf.tensor2d([
  [2, 0, 0],
  [0, 5, 0],
  [0, 0, 1],
]);

describe('prototypeLoss', () => {
  it('falls to nothing when pictures and texts point at what they show and say', () => {
    const rows = tf.tensor2d([
      [1, 0, 0],
      [0, 1, 0],
    ]);
    const targets = tf.tensor2d([
      [1, 0, 0],
      [0, 1, 0],
    ]);
    const loss = prototypeLoss(rows, rows, prototypes, targets, targets, tf.scalar(50), [2, 1]);
    expect(loss.dataSync()[0]).toBeCloseTo(0, 4);
  });

  it('asks pictures within a factor, texts among all values', () => {
    const rows = tf.tensor2d([[1, 0, 0]]);
    const hidden = tf.tensor2d([[0, 0, 0]]); // nothing visible: the pictures' part is 0
    const spoken = tf.tensor2d([[1, 0, 1]]); // true of two values: half a share each
    const loss = prototypeLoss(rows, rows, prototypes, hidden, spoken, tf.scalar(2), [2, 1]);
    const normaliser = Math.log(Math.exp(2) + 2);
    expect(loss.dataSync()[0]).toBeCloseTo((normaliser - 1) / 2, 5);
  });
});
