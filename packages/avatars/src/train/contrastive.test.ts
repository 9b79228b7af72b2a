import { tf } from '@styleclip/core';
import { describe, expect, it } from 'vitest';
import { contrastiveLoss } from './contrastive.js';

const value = (t: tf.Tensor): number => t.dataSync()[0]!;

describe('contrastiveLoss', () => {
  it("is CLIP's loss when each picture has one caption and there is one group", () => {
    const images = tf.tensor2d([
      [1, 0],
      [0, 1],
    ]);
    const texts = tf.tensor2d([
      [1, 0],
      [0.6, 0.8],
    ]);
    const logits = [
      [3, 1.8],
      [0, 2.4],
    ] as const;
    const ce = (row: readonly number[], i: number) => Math.log(row.reduce((s, x) => s + Math.exp(x), 0)) - row[i]!;
    const toCaptions = (ce(logits[0], 0) + ce(logits[1], 1)) / 2;
    const toImages = (ce([3, 0], 0) + ce([1.8, 2.4], 1)) / 2;
    const loss = contrastiveLoss(
      images,
      texts,
      tf.tensor2d([
        [1, 0],
        [0, 1],
      ]),
      tf.scalar(3),
      [2],
    );
    expect(value(loss)).toBeCloseTo((toCaptions + toImages) / 2, 5);
  });

  it('spreads the target over all that match, and a picture without a match counts nothing', () => {
    const images = tf.tensor2d([
      [1, 0],
      [1, 0],
      [0, 1],
    ]);
    const texts = tf.tensor2d([[1, 0]]);
    const all = contrastiveLoss(images, texts, tf.tensor2d([[1], [1], [0]]), tf.scalar(50), [1]);
    // One caption in the group: choosing it is certain; the caption chooses its two pictures evenly.
    expect(value(all)).toBeCloseTo(Math.log(2) / 2, 4);
  });

  it('lets pictures choose within a group only', () => {
    const images = tf.tensor2d([[1, 0]]);
    const texts = tf.tensor2d([
      [1, 0],
      [0, 1],
      [1, 0],
    ]);
    const loss = contrastiveLoss(images, texts, tf.tensor2d([[1, 0, 1]]), tf.scalar(20), [2, 1]);
    expect(value(loss)).toBeCloseTo(0, 4);
  });

  it('refuses groups that do not add up', () => {
    const x = tf.tensor2d([[1, 0]]);
    expect(() => contrastiveLoss(x, x, tf.tensor2d([[1]]), tf.scalar(1), [2])).toThrow(
      'groups of 2 are 2 captions, matches have 1',
    );
  });
});
