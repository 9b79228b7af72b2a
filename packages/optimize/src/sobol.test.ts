import { describe, expect, it } from 'vitest';
import { sobolPoints } from './sobol.js';

describe('sobolPoints', () => {
  it("is SciPy's unscrambled sequence without its first point", () => {
    // scipy.stats.qmc.Sobol(4, scramble=False).random(8)[1:]
    expect(sobolPoints(7, 4)).toEqual([
      [0.5, 0.5, 0.5, 0.5],
      [0.75, 0.25, 0.25, 0.25],
      [0.25, 0.75, 0.75, 0.75],
      [0.375, 0.375, 0.625, 0.875],
      [0.875, 0.875, 0.125, 0.375],
      [0.625, 0.125, 0.875, 0.625],
      [0.125, 0.625, 0.375, 0.125],
    ]);
  });

  it('fills each axis evenly', () => {
    const points = [[0, 0, 0, 0], ...sobolPoints(63, 4)];
    for (const d of [0, 1, 2, 3]) {
      const cells = points.map((point) => Math.floor(point[d]! * 64)).sort((a, b) => a - b);
      expect(cells).toEqual(Array.from({ length: 64 }, (_, i) => i));
    }
  });

  it('knows its limits', () => {
    expect(() => sobolPoints(1, 5)).toThrow('1 to 4 dimensions, not 5');
  });
});
