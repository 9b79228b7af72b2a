import { describe, expect, it } from 'vitest';
import { learningRate, linearWarmup, rampUpDown, warmupCosine } from './schedule.js';

describe('schedules', () => {
  it('warms up, then falls along a cosine', () => {
    const at = (step: number) => warmupCosine(step, { steps: 110, warmup: 10, final: 0.1 });
    expect([0, 4, 9].map(at)).toBeAllclose([0.1, 0.5, 1]);
    expect([10, 60, 110, 200].map(at)).toBeAllclose([1, 0.55, 0.1, 0.1]);
    expect(warmupCosine(0, { steps: 10 })).toBe(1);
  });

  it('warms up and stays', () => {
    expect([0, 1, 3, 9].map((step) => linearWarmup(step, 4))).toEqual([0.25, 0.5, 1, 1]);
    expect(linearWarmup(0, 0)).toBe(1);
  });

  it("is a configuration's learning rate: it rises, and falls to nothing at the last step or stays", () => {
    const rate = { lr: 2, warmup: 10, decay: 'cosine' } as const;
    expect([0, 9].map((step) => learningRate(step, rate, 100))).toBeAllclose([0.2, 2]);
    expect(learningRate(99, rate, 100)).toBeLessThan(0.01);
    expect(learningRate(99, { ...rate, decay: 'constant' }, 100)).toBe(2);
    expect([0, 5, 50].map((step) => learningRate(step, { ...rate, decay: 'ramp' }, 100))).toBeAllclose([0, 2, 2]);
  });

  it("is StyleCLIP's optimizer schedule: 0 at the first step, 1 in the middle, 0 at the end", () => {
    expect([0, 0.025, 0.05, 0.5, 0.75, 0.875, 1].map((t) => rampUpDown(t))).toBeAllclose([0, 0.5, 1, 1, 1, 0.5, 0]);
  });
});
