/** The shared training step, plain on the TensorFlow.js CPU backend: it learns, averages, decays and clips. */
import { Random, tf, type Weights } from '@styleclip/core';
import { describe, expect, it } from 'vitest';
import { initialise } from './initialise.js';
import { averageDecayAt, initialState, trainingStep } from './step.js';

/** Mean squared distance of a linear map from a target. */
const squares = (params: Weights, batch: { x: tf.Tensor2D; y: tf.Tensor2D }): tf.Scalar =>
  tf.mean(
    tf.square(tf.sub(tf.add(tf.matMul(batch.x, params['map.weight'] as tf.Tensor2D), params['map.bias']!), batch.y)),
  );

const rates = (lr: number, averageDecay = 0.5) => ({ lr: tf.scalar(lr), averageDecay: tf.scalar(averageDecay) });

describe('trainingStep', () => {
  it('learns a linear map', () => {
    const x = tf.tensor2d([
      [1, 0],
      [0, 1],
      [1, 1],
      [-1, 1],
    ]);
    const y = tf.matMul(
      x,
      tf.tensor2d([
        [1, 2, 3],
        [-1, 0, 1],
      ]),
    ) as tf.Tensor2D;
    const step = trainingStep(squares);
    let state = initialState(initialise({ 'map.weight': [2, 3], 'map.bias': [3] }, new Random(1)));
    let loss = Infinity;
    for (let i = 0; i < 200; i++) {
      const result = step(state, { x, y }, rates(0.05));
      state = result.state;
      loss = result.loss.dataSync()[0]!;
    }
    expect(loss).toBeLessThan(1e-3);
  });

  it('moves the average half of the way at a decay of one half', () => {
    const state = initialState({ 'map.weight': tf.ones([2, 3]), 'map.bias': tf.zeros([3]) });
    const batch = { x: tf.ones([4, 2]) as tf.Tensor2D, y: tf.zeros([4, 3]) as tf.Tensor2D };
    const { state: next } = trainingStep(squares)(state, batch, rates(0.1, 0.5));
    expect(Array.from(next.params['map.weight']!.dataSync())[0]).toBeCloseTo(0.9, 4);
    expect(Array.from(next.average['map.weight']!.dataSync())[0]).toBeCloseTo(0.95, 4);
  });

  it('decays matrices, not biases, in proportion to the learning rate', () => {
    const flat = (params: Weights): tf.Scalar =>
      tf.mul(tf.add(tf.sum(params['map.weight']!), tf.sum(params['map.bias']!)), 0) as tf.Scalar;
    const state = initialState({ 'map.weight': tf.ones([2, 2]), 'map.bias': tf.ones([2]) });
    const { state: next } = trainingStep(flat, { weightDecay: 0.5 })(state, {}, rates(0.1));
    expect(next.params['map.weight']!.dataSync()[0]).toBeCloseTo(0.95, 6);
    expect(next.params['map.bias']!.dataSync()[0]).toBeCloseTo(1, 6);
  });
});

describe('averageDecayAt', () => {
  it('grows from a tenth to its longest', () => {
    expect(averageDecayAt(0)).toBeCloseTo(0.1);
    expect(averageDecayAt(1e6, 0.99)).toBe(0.99);
  });
});
