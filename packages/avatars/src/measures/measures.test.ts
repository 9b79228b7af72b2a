/** Counting, and the table and goals that come of it. */
import { describe, expect, it } from 'vitest';
import { FACTORS, valueIndex, type Avatar } from '../factors.js';
import { FactorTally, type PerFactor } from './attributes.js';
import { missedGoals } from './goals.js';
import { metricsTable } from './table.js';

const avatar = Object.fromEntries(FACTORS.map(({ name }) => [name, 0])) as Avatar;
const all = (value: number): PerFactor => Object.fromEntries(FACTORS.map(({ name }) => [name, value])) as PerFactor;

describe('FactorTally', () => {
  it('counts only what is visible', () => {
    const tally = new FactorTally();
    const dark = { ...avatar, glasses: valueIndex('glasses', 'sunglasses') };
    tally.add(dark, { ...dark, eyes: 1, mouth: 1 });
    tally.add(avatar, avatar);
    const shares = tally.shares();
    expect(shares.eyes).toBe(1); // hidden behind dark lenses the first time
    expect(shares.mouth).toBe(0.5);
  });
});

describe('missedGoals', () => {
  it('is empty when everything is reached', () => {
    expect(
      missedGoals({
        attributes: all(0.98),
        clip: all(0.96),
        clipParaphrase: all(0.9),
        generator: all(0.95),
        identity: 0.98,
      }),
    ).toEqual([]);
  });

  it('names what is missed, by how much, and paraphrases against the plain prompts', () => {
    const missed = missedGoals({
      clip: { ...all(0.96), brows: 0.8 },
      clipParaphrase: { ...all(0.95), hair: 0.85 },
      identity: 0.96,
    });
    expect(missed).toEqual([
      'clip with paraphrases, hair: 85.0 %, the goal is 86 %',
      'clip, brows: 80.0 %, the goal is 85 %',
      'identity: 96.0 %, the goal is 97 %',
    ]);
  });
});

describe('metricsTable', () => {
  it('shows a dash for what was not measured', () => {
    expect(metricsTable({ attributes: all(0.991) })).toContain('| hair | 99.1 % | – | – | – | – | – |');
  });
});
