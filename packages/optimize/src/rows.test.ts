import { describe, expect, it } from 'vitest';
import { inBatches, rowsOf } from './rows.js';

describe('rows', () => {
  it('are all pairs, latent by latent', () => {
    expect(rowsOf(1, 2, 2)).toEqual([
      { point: 0, edit: 0, latent: 0 },
      { point: 0, edit: 0, latent: 1 },
      { point: 0, edit: 1, latent: 0 },
      { point: 0, edit: 1, latent: 1 },
    ]);
  });

  it('come in batches of one size, as even as they go, the last one filled up', () => {
    expect(inBatches([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 4)).toEqual([
      { rows: [1, 2, 3, 4], padding: [false, false, false, false] },
      { rows: [5, 6, 7, 8], padding: [false, false, false, false] },
      { rows: [9, 10, 10, 10], padding: [false, false, true, true] },
    ]);
    expect(inBatches([1, 2, 3, 4, 5], 4).map(({ rows }) => rows)).toEqual([
      [1, 2, 3],
      [4, 5, 5],
    ]);
    expect(inBatches([1, 2], 8)).toEqual([{ rows: [1, 2], padding: [false, false] }]);
  });
});
