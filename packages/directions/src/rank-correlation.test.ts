import { describe, expect, it } from 'vitest';
import { cosine, spearman } from './rank-correlation.js';

describe('spearman', () => {
  it('counts order alone', () => {
    expect(spearman([1, 2, 3, 4], [1, 10, 100, 1000])).toBeCloseTo(1);
    expect(spearman([1, 2, 3, 4], [4, 3, 2, 1])).toBeCloseTo(-1);
  });
  // Ranks 1, 2.5, 2.5, 4, 5 and 2, 1, 3.5, 3.5, 5: their correlation is 7.25 / 9.5.
  it('gives ties their mean rank', () => {
    expect(spearman([1, 2, 2, 4, 5], [2, 1, 3, 3, 9])).toBeCloseTo(7.25 / 9.5, 12);
  });
});

it('cosine', () => expect(cosine([1, 2], [2, 1])).toBeCloseTo(0.8));
