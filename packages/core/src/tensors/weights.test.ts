import { tf } from './tf.js';
import { describe, expect, it } from 'vitest';
import { cloneWeights, countParameters, disposeAll, requireWeight, valueAndGrads } from './weights.js';

describe('weights', () => {
  it('differentiates a loss by name', () => {
    const weights = { b: tf.scalar(3), a: tf.tensor1d([1, 2]) };
    const { value, grads } = valueAndGrads((w) => w['a']!.square().sum().mul(w['b']!) as tf.Scalar)(weights);
    expect(value.dataSync()[0]).toBe(15);
    expect(Object.keys(grads)).toEqual(['a', 'b']);
    expect(grads['a']!).toBeAllclose([6, 12]);
    expect(grads['b']!.dataSync()[0]).toBe(5);
    disposeAll(weights, value, grads);
  });

  it('hands out what else a loss computes, whole and without a leak, in a tidy or not', () => {
    const weights = { a: tf.tensor1d([1, 2]) };
    const shared = tf.scalar(7); // made outside, twice in the result: it stays the caller's
    const before = tf.memory().numTensors;
    const differentiate = valueAndGrads((w) => {
      const squares = w['a']!.square();
      return { loss: squares.sum() as tf.Scalar, aux: { squares, pair: [shared, shared], none: null } };
    });
    const { value, grads, aux } = differentiate(weights);
    expect(aux.squares).toBeAllclose([1, 4]);
    expect(aux.pair.map((tensor) => tensor.dataSync()[0])).toEqual([7, 7]);
    expect(grads['a']!).toBeAllclose([2, 4]);
    disposeAll(value, grads, aux);
    expect(tf.memory().numTensors).toBe(before);
    tf.tidy(() => void differentiate(weights));
    expect(tf.memory().numTensors).toBe(before);
    const failing = valueAndGrads((w) => ({ loss: tf.scalar(1), aux: w['a']! }));
    expect(() => tf.tidy(() => failing(weights))).toThrow();
    expect(tf.memory().numTensors).toBe(before);
    disposeAll(weights, shared);
  });

  it('names what is missing and what there is', () => {
    const weights = { 'mapping.0.weight': tf.zeros([1]), 'mapping.0.bias': tf.zeros([1]) };
    expect(() => requireWeight(weights, 'mapping.1.weight')).toThrow(
      'no weight called "mapping.1.weight" (there are mapping.0.bias, mapping.0.weight',
    );
    expect(() => valueAndGrads(() => tf.scalar(1))({})).toThrow('the record of weights is empty');
    disposeAll(weights);
  });

  it('disposes nested tensors once, and leaves other values', () => {
    const before = tf.memory().numTensors;
    const shared = tf.scalar(1);
    const clones = cloneWeights({ shared });
    disposeAll([{ a: shared, n: 3, s: 'text', none: null }], shared, clones, undefined);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('counts numbers', () => {
    const weights = { a: tf.zeros([2, 3]), b: tf.scalar(1) };
    expect(countParameters(weights)).toBe(7);
    disposeAll(weights);
  });
});
