import { normalArray, Random } from '@styleclip/core';
import { describe, expect, it } from 'vitest';
import { findFactor } from '../sections/equal-change.js';
import type { Rows, Seen } from '../seen.js';
import { ganspaceDirection } from './ganspace.js';
import { interfaceganDirection, normalOf } from './interfacegan.js';
import { askedLogits } from './labelled.js';
import { stylespaceDirection } from './stylespace.js';

/** 300 rows of 6 numbers; column 2 varies most, column 4 carries the attribute. */
function world(spread: readonly number[]): { rows: Rows; data: Float32Array } {
  const width = spread.length;
  const data = normalArray(new Random(1), 300 * width).map((value, i) => value * spread[i % width]!);
  return { rows: { data, width }, data };
}

const column = (data: Float32Array, width: number, c: number) =>
  Array.from({ length: data.length / width }, (_, row) => data[row * width + c]!);

const along = (step: Float32Array, c: number) =>
  step[c]! / Math.sqrt(step.reduce((sum, value) => sum + value * value, 0));

describe('GANSpace', () => {
  it('takes the component that goes with the attribute, with its sign and its deviation', () => {
    const { rows, data } = world([1, 1.5, 4, 0.5, 2.5, 0.7]);
    const scores = column(data, 6, 4).map((value) => -3 * value);
    const { step, note } = ganspaceDirection(rows, scores);
    expect(along(step, 4)).toBeLessThan(-0.97);
    expect(Math.abs(step[4]!)).toBeGreaterThan(2);
    expect(note).toMatch(/^component 2,/);
  });
});

describe('InterFaceGAN', () => {
  it('finds the normal between examples, pointing to the positive ones', async () => {
    const { rows, data } = world([1, 1, 1, 1, 1, 1]);
    const scores = Array.from({ length: 300 }, (_, i) => data[i * 6 + 1]! - data[i * 6 + 3]!);
    const before = process.listeners('unhandledRejection').length;
    const { step } = await interfaceganDirection(rows, scores);
    expect(along(step, 1)).toBeGreaterThan(0.6);
    expect(along(step, 3)).toBeLessThan(-0.6);
    const length = Math.sqrt(step.reduce((sum, value) => sum + value * value, 0));
    expect(length).toBeGreaterThan(0.8);
    expect(length).toBeLessThan(1.2);
    expect(process.listeners('unhandledRejection').length).toBe(before);
  });

  it('reads the normal off a model in whichever order its labels stand', () => {
    const model = (label: string) => `svm_type c_svc\nlabel ${label}\nnr_sv 1 1\nSV\n0.5 1:2 3:4 \n-0.5 1:-2 3:0 \n`;
    expect([...normalOf(model('1 -1'), 3)]).toEqual([2, 0, 2]);
    expect([...normalOf(model('-1 1'), 3)].map((value) => value + 0)).toEqual([-2, 0, -2]);
  });
});

describe('StyleSpace', () => {
  it('ranks channels by signal to noise among positive examples, and moves them the way these lie', () => {
    const { rows, data } = world([1, 3, 1, 1, 2, 1, 1, 1, 1, 1]);
    const scores = column(data, 10, 4).map((value) => -value);
    const { step } = stylespaceDirection(rows, scores);
    const strongest = [...step.keys()].sort((a, b) => Math.abs(step[b]!) - Math.abs(step[a]!))[0];
    expect(strongest).toBe(4);
    expect(step[4]!).toBeLessThan(-2);
    expect(step.filter((value) => value !== 0).length).toBe(5);
  });

  it('passes over channels that never vary', () => {
    const { rows, data } = world([0, 1, 1, 1, 1, 1]);
    expect(stylespaceDirection(rows, column(data, 6, 1)).step.every(Number.isFinite)).toBe(true);
  });
});

describe('askedLogits', () => {
  const seen = (values: number[]): Seen => ({
    count: 1,
    clip: { data: new Float32Array(1), width: 1 },
    logits: { hair: { data: Float32Array.from(values), width: values.length } },
  });
  const factors = [{ name: 'hair', values: ['bald', 'short', 'long'] }];
  const ask = (values: string[]) => ({ name: 'x', ask: { factor: 'hair', values } });

  it('is the logit of the probability of what is asked', () => {
    const p = Math.exp(1) / (Math.exp(1) + Math.exp(2) + Math.exp(-1));
    expect(askedLogits(seen([1, 2, -1]), ask(['bald']), factors)[0]).toBeCloseTo(Math.log(p / (1 - p)), 5);
    const both = p + Math.exp(2) / (Math.exp(1) + Math.exp(2) + Math.exp(-1));
    expect(askedLogits(seen([1, 2, -1]), ask(['bald', 'short']), factors)[0]).toBeCloseTo(
      Math.log(both / (1 - both)),
      5,
    );
  });

  it('says what it can’t read', () => {
    expect(() => askedLogits(seen([1, 2, 3]), { name: 'x', ask: { factor: 'hat', values: ['top'] } }, factors)).toThrow(
      /x: .*reads nothing/,
    );
  });
});

describe('findFactor', () => {
  it('finds where the change first reaches what is wanted', async () => {
    const found = await findFactor(3, async (factor) => factor * factor);
    expect(found.reached).toBe(true);
    expect(found.factor).toBeGreaterThan(1.5);
    expect(found.factor).toBeLessThan(2);
    expect(found.change).toBeCloseTo(found.factor ** 2, 10);
  });

  it('takes the nearest where it is never reached', async () => {
    const found = await findFactor(5, async (factor) => Math.min(factor, 3) - Math.max(0, factor - 4));
    expect(found).toMatchObject({ factor: 3, change: 3, reached: false });
  });

  it('reaches nothing where the change that is wanted is none', async () => {
    expect(await findFactor(-1, async (factor) => -factor)).toEqual({ factor: 1, change: -1, reached: false });
  });
});
