import tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { difference } from './allclose.js';

describe('toBeAllclose', () => {
  it('accepts numbers, arrays, typed arrays and tensors on either side', () => {
    const tensor = tf.tensor2d([[1, 2], [3, 4]]); // prettier-ignore
    expect(1).toBeAllclose(1 + 1e-7);
    expect([1, 2]).toBeAllclose(new Float32Array([1, 2]));
    expect(tensor).toBeAllclose([[1, 2], [3, 4]]); // prettier-ignore
    expect(tensor).toBeAllclose([1, 2, 3, 4]);
    expect(new Float64Array([1, 2, 3, 4])).toBeAllclose(tensor);
    tensor.dispose();
  });

  it('applies atol + rtol * |expected|', () => {
    expect([100.9]).toBeAllclose([100], { rtol: 0.01, atol: 0 });
    expect([101.1]).not.toBeAllclose([100], { rtol: 0.01, atol: 0 });
    expect([0.05]).toBeAllclose([0], { atol: 0.1 });
  });

  it('is never close to NaN, and infinity only to itself', () => {
    expect([NaN]).not.toBeAllclose([NaN], { atol: 1 });
    expect([Infinity]).toBeAllclose([Infinity]);
    expect([Infinity]).not.toBeAllclose([-Infinity]);
  });

  it('says which element differs, and how shapes do', () => {
    const tensor = tf.zeros([2, 3]);
    expect(difference(tensor, [[0, 0, 0], [0, 0, 9]])).toContain('[1, 2] actual 0, expected 9'); // prettier-ignore
    expect(difference(tensor, tf.zeros([3, 2]))).toBe('shapes differ: actual [2, 3], expected [3, 2]');
    expect(difference([1, 2], [1, 2, 3])).toBe('lengths differ: actual 2, expected 3');
    tensor.dispose();
  });
});
