/** The plan of channels, and weights that keep to it. */
import { normals, Random, tf, type Weights } from '@styleclip/core';
import { describe, expect, it } from 'vitest';
import { FACTORS } from '../factors.js';
import { codeBook, FIRST_COLUMN } from './codes.js';
import { channelsOf, ownedLayers, restrained, type OwnedLayer } from './ownership.js';

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

describe('restrained weights', () => {
  const [coarse, fine] = [layers[0]!, layers.at(-1)!]; // of 96 and of 32 channels
  const book = codeBook(128);
  const key = (layer: OwnedLayer): string => `${layer.name}.affine.weight`;
  const weights: Weights = {
    [key(coarse)]: normals(new Random(3), [128, 96]),
    [key(fine)]: normals(new Random(4), [128, 32]),
    other: tf.ones([2]),
  };
  const matrix = (of: Weights, layer: OwnedLayer): number[][] =>
    tf.tidy(() => (tf.matMul(book, of[key(layer)] as tf.Tensor2D) as tf.Tensor2D).arraySync());
  const heard = (layer: OwnedLayer, open: number): number[][] =>
    tf.tidy(() => matrix(restrained(weights, [coarse, fine], book, tf.scalar(open)), layer));
  const expectHeard = (layer: OwnedLayer, open: number, share: number): void => {
    const before = matrix(weights, layer);
    heard(layer, open).forEach((row, column) =>
      row.forEach((x, channel) => {
        const factor = layer.owner[channel] === column ? 1 : share;
        expect(x).toBeCloseTo(factor * before[column]![channel]!, 3);
      }),
    );
  };

  it.each([1, 0.25, 0])('hear of other values the share that is open, %d, and of their own all', (open) => {
    expectHeard(coarse, open, open);
  });

  it('let a free channel hear nothing in the end', () => {
    const free = coarse.owner.findIndex((column) => column < 0);
    expect(free).toBeGreaterThanOrEqual(0);
    for (const row of heard(coarse, 0)) expect(Math.abs(row[free]!)).toBeLessThan(1e-4);
  });

  it('keep a fifth of the others in the medium and fine layers', () => {
    expectHeard(fine, 0.5, 0.5);
    expectHeard(fine, 0, 0.2);
  });

  it('keep what is not an affine weight of a planned layer', () => {
    expect(restrained(weights, [coarse], book, tf.scalar(0))['other']).toBe(weights['other']);
  });
});
