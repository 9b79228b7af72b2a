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
        clipParaphrase: all(0.96),
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
      'clip, brows: 80.0 %, the goal is 85 %',
      'clip with paraphrases, hair: 85.0 %, the goal is 86 %',
      'identity: 96.0 %, the goal is 97 %',
    ]);
  });
});

it('missedGoals holds directions to a hit and a leak, and the generator to an error', () => {
  const score = (hit: number, leak: number) => ({ hit, leak, hitBefore: 0.1, alpha: 1, channels: 12 });
  const missed = missedGoals({
    generatorError: { plain: 0.027, mixed: 0.0312 },
    directions: {
      oracle: { hair: { afro: score(0.95, 0.05), bald: score(0.95, 0.07) }, eyes: { wide: score(0.82, 0.01) } },
      finiteDifferences: { 'a bald person': score(0.7, 0.02) },
    },
  });
  expect(missed).toEqual([
    'oracle, hair bald, leak: 7.0 %, the goal is at most 6 %',
    'finite differences, a bald person, hit: 70.0 %, the goal is 85 %',
    'generator, error (mixed): 0.0312, the goal is at most 0.028',
  ]);
});

describe('metricsTable', () => {
  it('shows a dash for what was not measured', () => {
    expect(metricsTable({ attributes: all(0.991) })).toContain('| hair | 99.1 % | – | – | – | – | – | – |');
  });
});
