import { describe, expect, it } from 'vitest';
import { scoreEdit } from './score-edit.js';

const before = { hairColor: [0, 1, 2, 3], glasses: [0, 0, 1, 1], mouth: [2, 2, 2, 2] };

describe('scoreEdit', () => {
  it('counts asked values as hits and other changes as leak', () => {
    const after = { hairColor: [3, 3, 2, 3], glasses: [0, 1, 1, 1], mouth: [2, 2, 2, 2] };
    expect(scoreEdit(before, after, { factor: 'hairColor', values: [3] })).toEqual({
      hit: 0.75,
      hitBefore: 0.25,
      leak: 0.125,
      leakByFactor: { glasses: 0.25, mouth: 0 },
    });
  });

  it('leaves ignored factors out', () => {
    const after = { hairColor: [3, 3, 3, 3], glasses: [1, 1, 0, 0], mouth: [2, 2, 2, 1] };
    const score = scoreEdit(before, after, { factor: 'hairColor', values: [2, 3], ignore: ['glasses'] });
    expect(score.hit).toBe(1);
    expect(score.leakByFactor).toEqual({ mouth: 0.25 });
  });

  it('refuses readings that do not belong together', () => {
    expect(() => scoreEdit(before, { hairColor: [1] }, { factor: 'hairColor', values: [0] })).toThrow(/readings/);
    expect(() => scoreEdit(before, before, { factor: 'hat', values: [0] })).toThrow(/not "hat"/);
  });
});
