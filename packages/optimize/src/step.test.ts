import { initOptimizer, tf } from '@styleclip/core';
import { beforeAll, describe, expect, it } from 'vitest';
import { beginDescent, descentStep, type DescentState } from './step.js';

beforeAll(() => tf.setBackend('cpu'));

const TARGET = [
  [1, -2, 3],
  [0, 4, -1],
];

/** (code − target)², summed over the code, and half of it as a term. */
function loss(code: tf.Tensor) {
  const total = tf.sum(tf.square(tf.sub(code, TARGET)), 1) as tf.Tensor1D;
  return { total, half: tf.mul(total, 0.5) as tf.Tensor1D };
}

/** Some steps on two rows that begin at 0. */
function walk(
  { keep = 'best', mask, live = [1, 1] }: { keep?: 'best' | 'last'; mask?: tf.Tensor; live?: number[] },
  rates: number[],
): { states: number[][][]; results: number[][]; losses: number[][] } {
  const step = descentStep({ loss, terms: ['half'], optimizer: { name: 'adam' }, keep, mask });
  const code = tf.zeros([2, 3]);
  let state: DescentState = beginDescent(code, initOptimizer('adam', { code }));
  const states: number[][][] = [];
  let losses: number[][] = [];
  for (const rate of rates) {
    const output = step({ state, fixed: {}, live: tf.tensor1d(live), lr: tf.scalar(rate) });
    state = output.state;
    states.push(state.code.arraySync() as number[][]);
    losses = output.losses.arraySync();
  }
  return { states, results: state.result.arraySync() as number[][], losses };
}

/** PyTorch's Adam on one number whose loss is (x − target)², in plain numbers. */
function adam(target: number, rates: number[]): number[] {
  let [x, m, v] = [0, 0, 0];
  return rates.map((rate, i) => {
    const gradient = 2 * (x - target);
    m = 0.9 * m + 0.1 * gradient;
    v = 0.999 * v + 0.001 * gradient ** 2;
    x -= (rate * (m / (1 - 0.9 ** (i + 1)))) / (Math.sqrt(v / (1 - 0.999 ** (i + 1))) + 1e-8);
    return x;
  });
}

const rates = [0, 0.1, 0.2, 0.2, 0.1];

describe('descentStep', () => {
  it('moves each row by its own loss, as Adam does number by number', () => {
    const { states, losses } = walk({}, rates);
    TARGET.forEach((row, i) =>
      row.forEach((target, k) => {
        expect(states.map((codes) => codes[i]![k]!)).toBeAllclose(adam(target, rates), { rtol: 1e-4, atol: 1e-6 });
      }),
    );
    const before = TARGET.map((row) => row.map((target) => adam(target, rates)[rates.length - 2]!));
    const totals = TARGET.map((row, i) => row.reduce((sum, target, k) => sum + (before[i]![k]! - target) ** 2, 0));
    expect(losses.flat()).toBeAllclose([...totals, ...totals.map((total) => total / 2)], { rtol: 1e-4 });
  });

  it('leaves a row that has stopped exactly as it is', () => {
    const { states, results } = walk({ live: [0, 1] }, rates);
    expect(states.at(-1)![0]).toEqual([0, 0, 0]);
    expect(results[0]).toEqual([0, 0, 0]);
    expect(states.at(-1)![1]![1]).toBeGreaterThan(0.4);
  });

  it('keeps the best code that a loss was computed for, or the last', () => {
    const wild = [0.1, 0.1, 50];
    const { states, results } = walk({}, [...wild, 0]);
    expect(results).toEqual(states[1]); // the third step overshot by far
    expect(walk({ keep: 'last' }, [...wild, 0]).results).toEqual(states[2]);
  });

  it('changes nothing that the mask leaves out', () => {
    const { states } = walk({ mask: tf.tensor2d([[1, 0, 1]]) }, rates);
    expect(states.at(-1)!.map((row) => row[1])).toEqual([0, 0]);
    expect(states.at(-1)![0]![2]).toBeGreaterThan(0.4);
  });
});
