import { tf } from '@styleclip/core';
import { describe, expect, it } from 'vitest';
import { silenceLoss } from './silence.js';

/** Two factors of two values each, along the first and the second axis. */
const directions = tf.tensor2d([
  [1, 0],
  [-1, 0],
  [0, 1],
  [0, -1],
]);
const loss = (text: [number, number], spoken: number[]): number =>
  silenceLoss(tf.tensor2d([text]), directions, tf.tensor2d([spoken]), tf.scalar(10), [2, 2]).dataSync()[0]!;

describe('silenceLoss', () => {
  it('is zero for a text that speaks of one factor along that factor alone', () => {
    expect(loss([1, 0], [1, 0, 0, 0])).toBe(0);
    expect(loss([-1, 0], [1, 0, 0, 0])).toBe(0); // whatever it says of it
  });

  it('is the mean square of what a text says of the factors that it does not mention', () => {
    expect(loss([0.8, 0.6], [1, 0, 0, 0])).toBeCloseTo(36, 4);
    expect(loss([0.8, 0.6], [1, 1, 0, 0])).toBeCloseTo(36, 4);
    expect(loss([0.8, 0.6], [0, 0, 1, 0])).toBeCloseTo(64, 4);
  });

  it('asks nothing of a text that mentions every factor', () => {
    expect(loss([0.8, 0.6], [1, 0, 0, 1])).toBe(0);
  });
});
