import { describe, expect, it } from 'vitest';
import { openDevice, tf } from '@styleclip/core';
import { formula, formulaWeights } from './weight-formula.js';
import { measure } from './check.js';
import { runParity } from './report.js';

/** The same in arbitrary precision, as the text has it. */
function exact(t: number, i: number): number {
  const m = (1n << 32n) - 1n;
  let h = BigInt(i) ^ ((BigInt(t + 1 + 1000) * 0x9e3779b1n) & m);
  h = (h * 0x85ebca6bn) & m;
  h ^= h >> 13n;
  h = (h * 0xc2b2ae35n) & m;
  h ^= h >> 16n;
  return Number(h) / 2 ** 32 - 0.5;
}

describe('the weight formula', () => {
  it('is exact in 32-bit arithmetic', () => {
    for (const t of [0, 1, 171, 930]) {
      for (const i of [0, 1, 2, 511, 65536, 2359295]) expect(formula(t, i)).toBe(exact(t, i));
    }
  });

  it('numbers tensors by their sorted names', () => {
    const weights = formulaWeights({ b: [2], 'a.weight': [1, 2], 'a.bias': [1] }, () => (u) => u);
    expect(weights['a.bias'] as tf.Tensor).toBeAllclose([exact(0, 0)]);
    expect(weights['a.weight'] as tf.Tensor).toBeAllclose([[exact(1, 0), exact(1, 1)]]);
    expect(weights['b'] as tf.Tensor).toBeAllclose([exact(2, 0), exact(2, 1)]);
  });
});

describe('parity checks', () => {
  const check = (name: string, got: number[]) => ({
    name,
    about: 'numbers against numbers',
    run: () =>
      Promise.resolve([
        measure('x', tf.tensor1d(got), tf.tensor1d([1, -4])),
        measure('y', tf.tensor1d([1]), tf.tensor1d([1])),
      ]),
  });

  it('pass within the tolerance', async () => {
    const { passed, checks } = await runParity([check('near', [1.002, -4])], await openDevice('plain'), () => {});
    expect(passed).toBe(true);
    expect(checks['near']?.maxError).toBeCloseTo(0.0005, 6);
  });

  it('fail beyond it, on NaN, and when they throw', async () => {
    const broken = { name: 'broken', about: '', run: () => Promise.reject(new Error('no such file')) };
    const { passed, checks } = await runParity(
      [check('far', [1.1, -4]), check('nan', [NaN, -4]), broken],
      await openDevice('plain'),
      () => {},
    );
    expect(passed).toBe(false);
    expect(Object.values(checks).map((c) => c.passed)).toEqual([false, false, false]);
    expect(checks['broken']?.failure).toBe('no such file');
  });
});
