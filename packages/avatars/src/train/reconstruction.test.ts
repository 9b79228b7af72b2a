/** The generator's loss: fades, the stopped gradient, constant toRGB; compiled as it stands. */
import {
  disposeAll,
  initGenerator,
  isBuffer,
  openDevice,
  Random,
  tf,
  valueAndGrads,
  type Weights,
} from '@styleclip/core';
import { describe, expect, it } from 'vitest';
import { codeBook, codesOf, COLUMNS, FIRST_COLUMN, sharesRow } from './codes.js';
import type { Examples } from './examples.js';
import { channelsOf, ownershipOf } from './ownership.js';
import { drawing, reconstructionLoss, spreadGroups } from './reconstruction.js';

const channels = { 4: 8, 8: 8, 16: 8, 32: 8, 64: 4 };
const random = new Random(11);
const params: Weights = Object.fromEntries(
  Object.entries(
    initGenerator(
      { resolution: 64, zDim: 96, wDim: 96, channels, mappingLayers: 0, mappingWidth: 96, noise: false },
      random,
    ),
  ).filter(([name]) => !isBuffer(name) && !name.endsWith('torgb.affine.weight')),
);
const layers = ownershipOf(params, 64);
const width = layers.reduce((sum, layer) => sum + layer.channels, 0);
const book = codeBook(96);
const context = { book, average: codesOf(sharesRow(), book), layers, square: 0.5, plan: true };

/** One example whose glasses go to value 1 by γ, through `mask` of the channels. */
function example(gamma: number, mask: number, mixed = 0, column = FIRST_COLUMN.glasses + 1): Examples {
  const change = tf.buffer([3, COLUMNS]);
  for (let k = 0; k < 3; k++) change.set(gamma || mixed, k, column);
  return {
    before: tf.zeros([1, 64, 64, 3]),
    after: tf.ones([1, 64, 64, 3]),
    weight: tf.ones([1, 64, 64, 1]),
    rows: tf.tidy(() => tf.mul(tf.ones([3, 1]), sharesRow()) as tf.Tensor2D),
    change: change.toTensor() as tf.Tensor2D,
    mask: tf.tensor2d(
      new Float32Array(width).map((_, i) => (i < mask * width ? 1 : 0)),
      [1, width],
    ),
    amount: tf.tensor2d([[gamma]]),
    mixed: tf.tensor2d([[mixed]]),
    reach: tf.ones([3, 1]),
    noise: tf.zeros([3, 96]),
  };
}

const lossOf = (examples: Examples, plan = false): number =>
  tf.tidy(() => reconstructionLoss(params, { examples, open: tf.scalar(0) }, { ...context, plan }).arraySync());

describe('the reconstruction loss', () => {
  it('asks for the fade that e says: t = 1.6·e / (1 + e), at most 1', () => {
    // The same codes with the target written down by hand: before = after = t everywhere.
    for (const [gamma, t] of [
      [0.5, (1.6 * 0.5) / 1.5],
      [1, 0.8],
      [4, 1],
    ] as const) {
      const examples = example(gamma, 1);
      const flat = tf.fill([1, 64, 64, 3], t) as tf.Tensor4D;
      expect(lossOf(examples)).toBeCloseTo(lossOf({ ...examples, before: flat, after: flat }), 4);
    }
  });

  it('counts, under the plan, what the own channels of the value let through', () => {
    const column = FIRST_COLUMN.hair + 1; // coarse, and of the values that own channels in layers as small as these
    const own = channelsOf(layers, column);
    expect(own.length).toBeGreaterThan(0);
    const blocked = example(1, 1, 0, column);
    const mask = tf.tensor2d(
      new Float32Array(width).map((_, i) => (own.includes(i) ? 0 : 1)),
      [1, width],
    );
    const coarse = tf.mul(blocked.change, tf.tensor2d([[1], [0], [0]])) as tf.Tensor2D; // the other layers stay open a little
    const through = { ...blocked, mask, change: coarse };
    expect(lossOf(through, true)).toBeCloseTo(lossOf({ ...through, after: through.before }, true), 4);
    expect(Math.abs(lossOf(through) - lossOf({ ...through, after: through.before }))).toBeGreaterThan(1e-2);
  });

  it('asks for a mixture as it is given', () => {
    const examples = example(0, 1, 0.3);
    const flat = tf.fill([1, 64, 64, 3], 0.3) as tf.Tensor4D;
    expect(lossOf(examples)).toBeCloseTo(lossOf({ ...examples, before: flat, after: flat }), 4);
  });

  it('asks for nothing where no channel lets the edit through', () => {
    const examples = example(2, 0);
    expect(lossOf(examples)).toBeCloseTo(lossOf({ ...examples, after: examples.before }), 6);
  });

  it('lets no gradient flow through the fade, and is the same compiled', async () => {
    const examples = example(1, 0.5);
    const step = (p: Weights, batch: Examples) =>
      valueAndGrads((w: Weights) => reconstructionLoss(w, { examples: batch, open: tf.scalar(0.5) }, context))(p);
    const plain = tf.tidy(() => step(params, examples));
    const fixed = tf.tidy(() => {
      const e = 1 * shareThrough(examples);
      const flat = tf.fill([1, 64, 64, 3], Math.min(1, (1.6 * e) / (1 + e))) as tf.Tensor4D;
      return step(params, { ...examples, before: flat, after: flat });
    });
    const device = await openDevice('cpu', { threads: 1 });
    const compiled = device.compile(step, { name: 'loss' });
    const fast = await compiled(params, examples);
    for (const name of Object.keys(params)) {
      expect(fixed.grads[name]).toBeAllclose(plain.grads[name]!, { rtol: 1e-3, atol: 1e-5 });
      expect(fast.grads[name]).toBeAllclose(plain.grads[name]!, { rtol: 1e-3, atol: 1e-5 });
    }
    await compiled.dispose();
    disposeAll(plain, fixed, fast);
  });
});

/** Σ|m ⊙ Δs| / Σ|Δs|, by hand. */
function shareThrough(examples: Examples): number {
  return tf.tidy(() => {
    const g = drawing(params, context, tf.scalar(0.5));
    const step = spreadGroups(codesOf(examples.change, book));
    const deltas = layers.map(({ name, row }) =>
      tf.abs(
        tf.matMul(step.slice([0, row, 0], [1, 1, 96]).reshape([1, 96]), g[`${name}.affine.weight`] as tf.Tensor2D),
      ),
    );
    const all = tf.concat(deltas, 1);
    return (tf.sum(tf.mul(all, examples.mask)).arraySync() as number) / (tf.sum(all).arraySync() as number);
  });
}
