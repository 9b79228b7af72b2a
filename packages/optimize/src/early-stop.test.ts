import { describe, expect, it } from 'vitest';
import { afterStep, beginRow, type RowState, type StopRule } from './early-stop.js';

/** A row that saw these totals, one after the other, with a watched term of a tenth of each. */
function walk(totals: number[], rule: Partial<StopRule>, keep: 'best' | 'last' = 'best', steps = 100): RowState {
  const options = { rule: { patience: 0, tolerance: 0, ...rule }, keep, watched: 1, steps };
  return totals.reduce((row, total) => afterStep(row, [total, total / 10], options), beginRow(false));
}

describe('a row', () => {
  it('goes on to the last step where no rule is on', () => {
    expect(walk([3, 4, 5], {}).stopped).toBeUndefined();
    expect(walk([3, 4, 5], {}, 'best', 3)).toMatchObject({ stopped: 'steps', steps: 3 });
  });

  it('stops when nothing got better for long enough, where little counts as nothing', () => {
    const rule = { patience: 2, tolerance: 0.5 };
    expect(walk([3, 2, 1.8], rule).stopped).toBeUndefined();
    expect(walk([3, 2, 1.8, 1.6], rule)).toMatchObject({ stopped: 'patience', steps: 4, markedAt: 2 });
    // A slow descent is progress once it adds up.
    expect(walk([3, 2, 1.8, 1.4, 1.2], rule).stopped).toBeUndefined();
  });

  it('stops when the watched term is low enough, and then nothing changes it', () => {
    const stopped = walk([3, 1, 0.5], { at: 0.1 });
    expect(stopped).toMatchObject({ stopped: 'reached', steps: 2, last: [1, 0.1] });
    expect(walk([3, 1], { at: 0.1 })).toEqual(stopped);
  });

  it('has the best losses as its result, or the last', () => {
    expect(walk([3, 1, 2], {}).result).toEqual([1, 0.1]);
    expect(walk([3, 1, 2], {}, 'last').result).toEqual([2, 0.2]);
  });

  it('that fills a batch never moves', () => {
    const padding = beginRow(true);
    expect(
      afterStep(padding, [1, 1], { rule: { patience: 0, tolerance: 0 }, keep: 'best', watched: 1, steps: 9 }),
    ).toBe(padding);
  });
});
