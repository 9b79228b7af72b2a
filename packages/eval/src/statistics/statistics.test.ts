import { normalArray, Random } from '@styleclip/core';
import { describe, expect, it } from 'vitest';
import { bootstrapMean, median, quantile } from './bootstrap.js';
import { frechetDistance } from './frechet.js';
import { pairwiseCosines } from './pairwise-cosines.js';

describe('bootstrapMean', () => {
  it('is the mean, with an interval as wide as theory says', () => {
    const values = normalArray(new Random(1), 400);
    const { mean, low, high, n } = bootstrapMean(values, { random: new Random(2), draws: 4000 });
    const exact = values.reduce((sum, value) => sum + value, 0) / 400;
    const std = Math.sqrt(values.reduce((sum, value) => sum + (value - exact) ** 2, 0) / 400);
    expect(n).toBe(400);
    expect(mean).toBeCloseTo(exact, 6);
    // ±1.96·σ/√n for a mean of so many values; the bootstrap's own noise is a few per cent.
    expect((high - low) / 2 / ((1.96 * std) / 20)).toBeGreaterThan(0.92);
    expect((high - low) / 2 / ((1.96 * std) / 20)).toBeLessThan(1.08);
    expect(low).toBeLessThan(mean);
    expect(high).toBeGreaterThan(mean);
  });

  it('gives the same interval for the same seed and another for another', () => {
    const values = [0, 1, 1, 0, 1, 0, 0, 1, 1, 1, 0.5];
    const at = (seed: number) => bootstrapMean(values, { random: new Random(seed), draws: 500 });
    expect(at(1)).toEqual(at(1));
    expect(at(1)).not.toEqual(at(2));
  });

  it('has no width where nothing varies, and refuses what is no number', () => {
    expect(bootstrapMean([3, 3, 3], { random: new Random(1) })).toEqual({ mean: 3, low: 3, high: 3, n: 3 });
    expect(() => bootstrapMean([], { random: new Random(1) })).toThrow(/no values/);
    expect(() => bootstrapMean([1, NaN], { random: new Random(1) })).toThrow(/value 1 is NaN/);
  });
});

describe('quantile', () => {
  it('lies between values as numpy has it', () => {
    expect(quantile([0, 10, 20, 30], 0.5)).toBe(15);
    expect(quantile([0, 10, 20, 30], 0.1)).toBeCloseTo(3, 12);
    expect(quantile([5], 0.9)).toBe(5);
    expect(median([9, 1, 5])).toBe(5);
    expect(median([4, 1])).toBe(2.5);
  });
});

describe('pairwiseCosines', () => {
  it('is the mean and deviation over all pairs, computed one by one', () => {
    const [n, width] = [7, 5];
    const rows = normalArray(new Random(3), n * width);
    const of = (i: number) => [...rows.subarray(i * width, (i + 1) * width)];
    const dot = (a: number[], b: number[]) => a.reduce((sum, value, i) => sum + value * b[i]!, 0);
    const cosines: number[] = [];
    for (let a = 0; a < n; a++)
      for (let b = a + 1; b < n; b++)
        cosines.push(dot(of(a), of(b)) / Math.sqrt(dot(of(a), of(a)) * dot(of(b), of(b))));
    const mean = cosines.reduce((sum, value) => sum + value, 0) / cosines.length;
    const std = Math.sqrt(cosines.reduce((sum, value) => sum + (value - mean) ** 2, 0) / cosines.length);
    const found = pairwiseCosines(rows, width)!;
    expect(found.pairs).toBe(21);
    expect(found.mean).toBeCloseTo(mean, 10);
    expect(found.std).toBeCloseTo(std, 10);
  });

  it('can look at some columns alone, whatever stands in the others', () => {
    const rows = Float32Array.from([1, 0, 9, 1, 0, -9, 0, 1, 9]);
    expect(pairwiseCosines(rows, 3, [0, 2])!.mean).toBeCloseTo(1 / 3, 10);
    expect(pairwiseCosines(rows, 3)!.mean).not.toBeCloseTo(1 / 3, 2);
  });

  it('knows nothing of a step of length 0, a single row or no column', () => {
    expect(pairwiseCosines(Float32Array.from([1, 0, 0, 0]), 2)).toBeUndefined();
    expect(pairwiseCosines(Float32Array.from([1, 0]), 2)).toBeUndefined();
    expect(pairwiseCosines(Float32Array.from([1, 2, 3, 4]), 2, [1, 1])).toBeUndefined();
  });
});

describe('frechetDistance', () => {
  it('is 0 between a set and itself', () => {
    const rows = normalArray(new Random(4), 60 * 4);
    expect(frechetDistance(rows, rows, 4)).toBeLessThan(1e-6);
  });

  it('is the squared distance of the means where only these differ', () => {
    const rows = normalArray(new Random(5), 50 * 3);
    const moved = rows.map((value, i) => value + [1, 2, -2][i % 3]!);
    expect(frechetDistance(rows, moved, 3)).toBeCloseTo(9, 4);
  });

  it('is (σ₁ − σ₂)² for numbers of one mean, and adds up over columns that have nothing to do with each other', () => {
    // Columns ±a and ±b in all four combinations: means 0, no covariance, variance a²·4/3.
    const set = (a: number, b: number) => Float32Array.from([a, b, a, -b, -a, b, -a, -b]);
    const sigma = (a: number) => a * Math.sqrt(4 / 3);
    const expected = (sigma(1) - sigma(3)) ** 2 + (sigma(2) - sigma(0.5)) ** 2;
    expect(frechetDistance(set(1, 2), set(3, 0.5), 2)).toBeCloseTo(expected, 6);
  });

  it('sees a change of the covariance alone', () => {
    const x = normalArray(new Random(6), 200);
    const y = normalArray(new Random(7), 200);
    const together = new Float32Array(400);
    const apart = new Float32Array(400);
    for (let i = 0; i < 200; i++) {
      together.set([x[i]!, x[i]!], 2 * i);
      apart.set([x[i]!, y[i]!], 2 * i);
    }
    expect(frechetDistance(together, apart, 2)).toBeGreaterThan(0.3);
  });

  it('wants two rows', () => {
    expect(() => frechetDistance(Float32Array.from([1, 2]), Float32Array.from([1, 2, 3, 4]), 2)).toThrow(
      /two at least/,
    );
  });
});
