import { tf } from '@styleclip/core';
import { describe, expect, it } from 'vitest';
import { arcFaceLoss, classComposition } from './arcface.js';

describe('arcFaceLoss', () => {
  it('is the cross-entropy of scaled cosines, the true one at θ + m', () => {
    const angle = 0.4;
    const embeddings = tf.tensor2d([[Math.cos(angle), Math.sin(angle)]]);
    const centres = tf.tensor2d([
      [1, 0],
      [0, 1],
    ]);
    const loss = arcFaceLoss(embeddings, centres, tf.tensor2d([[1, 0]]), { scale: 4, margin: 0.3 }).dataSync()[0]!;
    const logits = [4 * Math.cos(angle + 0.3), 4 * Math.sin(angle)] as const;
    expect(loss).toBeCloseTo(-logits[0] + Math.log(Math.exp(logits[0]) + Math.exp(logits[1])), 5);
  });

  it('has a finite gradient where embedding and centre coincide', () => {
    const grad = tf.grad((x) =>
      arcFaceLoss(
        x as tf.Tensor2D,
        tf.tensor2d([
          [1, 0],
          [0, 1],
        ]),
        tf.tensor2d([[1, 0]]),
      ),
    )(tf.tensor2d([[1, 0]]));
    expect(grad.dataSync().every(Number.isFinite)).toBe(true);
  });
});

describe('classComposition', () => {
  it('marks one value of each factor for each class', () => {
    expect(classComposition([2, 3]).arraySync()).toEqual([
      [1, 0, 1, 0, 0],
      [1, 0, 0, 1, 0],
      [1, 0, 0, 0, 1],
      [0, 1, 1, 0, 0],
      [0, 1, 0, 1, 0],
      [0, 1, 0, 0, 1],
    ]);
  });
});
