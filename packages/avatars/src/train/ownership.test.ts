/** The plan of channels, and what measures how far weights are from it. */
import { tf, type Weights } from '@styleclip/core';
import { describe, expect, it } from 'vitest';
import { FACTORS } from '../factors.js';
import { codeBook, COLUMNS, FIRST_COLUMN } from './codes.js';
import { channelsOf, ownedLayers, ownershipErrors } from './ownership.js';

const layers = ownedLayers(64, (name) => (name === 'b64.conv1' ? 32 : 96));

describe('the plan', () => {
  it('lists every modulated layer but toRGB, with consecutive columns', () => {
    expect(layers.map(({ name }) => name)).toEqual(
      ['b4.conv1', 'b8.conv0', 'b8.conv1', 'b16.conv0', 'b16.conv1', 'b32.conv0', 'b32.conv1', 'b64.conv0', 'b64.conv1'],
    ); // prettier-ignore
    expect(layers.map(({ offset }) => offset)).toEqual(layers.map((_, i) => 96 * i));
  });

  it('gives every value of a group channels in each of its layers, and keeps a quarter free', () => {
    for (const { group, owner, channels } of layers) {
      const values = FACTORS.filter((f) => f.group === group).flatMap(({ name, values: list }) =>
        list.map((_, i) => FIRST_COLUMN[name] + i),
      );
      for (const column of values) expect(owner.includes(column)).toBe(true);
      expect(new Set(owner.filter((column) => column >= 0))).toEqual(new Set(values));
      const owned = owner.filter((column) => column >= 0).length;
      expect(owned).toBe(Math.max(values.length, Math.round(0.75 * channels)));
    }
  });

  it('gives hair styles more than clothing', () => {
    const of = (name: 'hair' | 'clothing') => channelsOf(layers, FIRST_COLUMN[name]).length;
    expect(of('hair')).toBeGreaterThan(of('clothing'));
  });
});

describe('the errors of ownership', () => {
  const layer = layers.at(-1)!; // 32 channels
  const book = codeBook(128);
  /** Affine weights with the wanted M = book · W, by the book's orthogonality. */
  const withMatrix = (m: tf.Tensor2D): Weights => ({
    [`${layer.name}.affine.weight`]: tf.div(tf.matMul(book, m, true), 128),
    [`${layer.name}.affine.bias`]: tf.ones([32]),
  });
  const errors = (m: tf.Tensor2D) => {
    const { impurity, idleness } = ownershipErrors(withMatrix(m), [layer], book);
    return { impurity: impurity.arraySync(), idleness: idleness.arraySync() };
  };
  const own = tf.tidy(() => {
    const values = new Float32Array(COLUMNS * 32);
    layer.owner.forEach((column, channel) => column >= 0 && (values[column * 32 + channel] = 2));
    return tf.tensor2d(values, [COLUMNS, 32]);
  });

  it('are nothing where each channel listens to its own value alone', () => {
    expect(errors(own).impurity).toBeCloseTo(0.01 / 2.01, 4);
    expect(errors(own).idleness).toBeCloseTo(0, 5);
  });

  it('do not fall when everything shrinks, but rise when another value is heard', () => {
    const noisy = tf.add(own, tf.fill([COLUMNS, 32], 0.5)) as tf.Tensor2D;
    const { impurity, idleness } = errors(noisy);
    expect(impurity).toBeGreaterThan(0.9);
    expect(errors(tf.mul(noisy, 0.5) as tf.Tensor2D).impurity).toBeCloseTo(impurity, 2);
    expect(idleness).toBeCloseTo(Math.log(1 + (0.5 * COLUMNS) / Math.sqrt(10) / 1.1), 4);
  });
});
