import { describe, expect, it } from 'vitest';
import { tf } from '@styleclip/core';
import { chooseStrength, gridAround, scoreOf, type StrengthQuestion } from './strength.js';
import type { Seen, Trial } from './trial.js';

const pair = {
  step: Float32Array.of(1, 0),
  target: Float32Array.of(1, 0),
  neutral: Float32Array.of(0, 1),
  temperature: 100,
  relevances: {
    cosine: Float32Array.of(0.5, 0.25, 0.1, 0.05),
    weight: Float32Array.of(0.5, 0.25, 0.1, 0.05),
    std: Float32Array.of(1, 1, 1, 1),
  },
};

/** One picture whose feature stands at this angle from the neutral text towards the target. */
const at = (angle: number, likeness = 1): Seen => ({
  count: 1,
  clip: Float32Array.of(Math.sin(angle), Math.cos(angle)),
  face: Float32Array.of(likeness, Math.sqrt(1 - likeness ** 2)),
});

describe('scoreOf', () => {
  it('rises until the target is seen, and falls with identity and with change across the texts', () => {
    const before = at(0);
    expect(scoreOf(before, at(0.9), pair)).toBeGreaterThan(scoreOf(before, at(0.5), pair));
    expect(scoreOf(before, at(0.9), pair)).toBeGreaterThan(scoreOf(before, at(1.5), pair)); // further changes more, shows no more
    expect(scoreOf(before, at(0.9, 0.5), pair)).toBeLessThan(scoreOf(before, at(0.9), pair) - 0.2);
    expect(scoreOf(before, { count: 1, clip: at(0.9).clip }, pair)).toBeCloseTo(scoreOf(before, at(0.9), pair));
  });
});

describe('chooseStrength', () => {
  /** A world in which the first channel turns the feature by 0.2 a σ and each further one costs identity. */
  const trial: Trial = {
    see: async (_, direction) =>
      at(0.2 * direction[0]!, Math.max(0, 1 - 0.05 * direction.subarray(1).reduce((sum, x) => sum + Math.abs(x), 0))),
    draw: async () => tf.zeros([1, 1, 1, 3]),
    dispose: async () => undefined,
  };
  const question = (changes: Partial<StrengthQuestion>): StrengthQuestion => ({
    ...{
      trial,
      wPlus: tf.zeros([1, 1, 1]) as tf.Tensor3D,
      before: new Float32Array(4),
      pair,
      told: {},
      rule: 'measured',
    },
    ...changes,
  });

  it('takes few channels where more cost, and as much of them as it needs', async () => {
    const { choice, alpha, by } = await chooseStrength(question({}));
    expect(by).toBe('measured');
    expect(choice).toEqual({ topK: 3 });
    expect([5, 8]).toContain(alpha);
  });

  it('leaves what is told, and tries nothing where all is told', async () => {
    expect(await chooseStrength(question({ told: { topK: 2 } }))).toMatchObject({
      choice: { topK: 2 },
      by: 'measured',
    });
    expect(await chooseStrength(question({ told: { beta: 0.2, alpha: -3 } }))).toEqual({
      ...{ choice: { beta: 0.2 }, alpha: -3, by: 'told' },
    });
    await expect(chooseStrength(question({ told: { beta: 0.9 } }))).rejects.toThrow(
      /largest that leaves one .* is 0.5/,
    );
  });

  it("has the original's rule", async () => {
    expect(await chooseStrength(question({ rule: 'official' }))).toEqual({
      ...{ choice: { beta: 0.1 }, alpha: 3, by: 'official' },
    });
  });
});

describe('gridAround', () => {
  it('leaves out thresholds that no channel reaches', () => {
    const { choices, alphas } = gridAround(pair.relevances, { choice: { beta: 0.4 }, alpha: 2, by: 'told' });
    expect(choices).toEqual([{ beta: 0.5 }, { beta: 0.4 }, { beta: 0.3 }, { beta: 0.2 }]);
    expect(alphas).toEqual([-2, 0, 1, 2, 3, 4]);
  });
});
