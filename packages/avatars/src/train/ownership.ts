/**
 * Which style channel belongs to which value: the plan that keeps style space disentangled.
 *
 * StyleSpace (Wu et al. 2021) found that most attributes of FFHQ's generator sit in single style channels, and global
 * directions live on that: they move channels one by one. A generator that is supervised with whole codes has no
 * reason to come out so. Here three quarters of every layer's channels are dealt out among the values of the layer's
 * group of factors. What a channel hears of the values is a column of M = book · W, [values, channels]; the training
 * closes everything in it but the channel's own value, little by little, so that the pictures can follow:
 *
 *     M' = M ⊙ (own + (1 − own) · open),   W' = bookᵀ · M' / D,   open: 1 → 0 over the first part of the training
 *
 * In the end an owned channel hears one value and a free one none: its style is a constant. (In the
 * medium and fine layers a fifth of the others stays.) The mask is part of the
 * network's definition, not a penalty, so values can't hide in a little of every channel.
 */
import { requireWeight, synthesisLayers, tf, type Weights } from '@styleclip/core';
import { FACTORS, type FactorGroup, type FactorName } from '../factors.js';
import { COLUMNS, FIRST_COLUMN } from './codes.js';
import { groupOfRow } from './groups.js';

/** Share of a layer's channels that belong to a value. */
const OWNED = 0.75;

/** Hair styles are large and many: each gets this much more than another value. */
const PORTION: Partial<Record<FactorName, number>> = { hair: 1.5 };

/**
 * What channels of the medium and fine layers go on hearing of other values. They draw thirty values of the face, and 23 colours,
 * with two channels a value; closed altogether, faces blur and all hair has one colour. Directions find such values all
 * the same. Hair styles, in layers of their own and with three channels each, are found only when those are closed.
 */
const STAYS_OPEN = 0.2;

/** One modulated layer that edits may touch, and who owns its channels. */
export interface OwnedLayer {
  readonly name: string;
  /** Row of W+ that the layer reads. */
  readonly row: number;
  readonly group: FactorGroup;
  readonly channels: number;
  /** First column among the channels of all these layers. */
  readonly offset: number;
  /** For each channel the column of its value in a one-hot row (codes.ts), or -1. */
  readonly owner: Int32Array;
}

/** The plan for a generator of this resolution: every modulated layer but toRGB, in the order of execution. */
export function ownedLayers(resolution: number, inputs: (layer: string) => number): OwnedLayer[] {
  let offset = 0;
  return synthesisLayers(resolution)
    .filter(({ toRGB }) => !toRGB)
    .map(({ name, layer: row }) => {
      const channels = inputs(name);
      const group = groupOfRow(row);
      const planned = { name, row, group, channels, offset, owner: dealOut(group, channels) };
      offset += channels;
      return planned;
    });
}

/** The plan of given raw or effective weights. */
export function ownershipOf(params: Weights, resolution: number): OwnedLayer[] {
  return ownedLayers(resolution, (name) => requireWeight(params, `${name}.affine.bias`).size);
}

/** Deals channels to the values of a group, in proportion, by largest remainders; the last channels stay free. */
function dealOut(group: FactorGroup, channels: number): Int32Array {
  const columns = FACTORS.filter((f) => f.group === group).flatMap(({ name, values }) =>
    values.map((_, i) => ({ column: FIRST_COLUMN[name] + i, portion: PORTION[name] ?? 1 })),
  );
  const owned = Math.max(Math.min(columns.length, channels), Math.round(OWNED * channels));
  const total = columns.reduce((sum, { portion }) => sum + portion, 0);
  const shares = columns.map(({ column, portion }) => {
    const exact = (owned * portion) / total;
    return { column, count: Math.floor(exact), rest: exact - Math.floor(exact) };
  });
  let left = owned - shares.reduce((sum, { count }) => sum + count, 0);
  for (const share of [...shares].sort((a, b) => b.rest - a.rest)) {
    if (left-- <= 0) break;
    share.count++;
  }
  const owner = new Int32Array(channels).fill(-1);
  let channel = 0;
  for (const { column, count } of shares) for (let i = 0; i < count; i++) owner[channel++] = column;
  return owner;
}

/** Columns, among the channels of all layers, that belong to a value. */
export function channelsOf(layers: readonly OwnedLayer[], column: number): number[] {
  return layers.flatMap(({ owner, offset }) =>
    Array.from(owner).flatMap((owned, channel) => (owned === column ? [offset + channel] : [])),
  );
}

/**
 * Weights whose channels hear their own value, and of all other values only the share `open`.
 *
 * @param weights raw or effective (a layer's gain does not matter here)
 * @param book code book [COLUMNS, D], orthogonal rows of squared length D
 * @param open a scalar in [0,1]
 */
export function restrained(
  weights: Weights,
  layers: readonly OwnedLayer[],
  book: tf.Tensor2D,
  open: tf.Scalar,
): Weights {
  const changed = layers.map(({ name, group, channels, owner }): [string, tf.Tensor] => {
    const key = `${name}.affine.weight`;
    const heard = tf.matMul(book, requireWeight(weights, key) as tf.Tensor2D); // [COLUMNS, C]
    const own = ownMask(owner, channels);
    const heardOfOthers = group === 'coarse' ? open : tf.maximum(open, STAYS_OPEN);
    const left = tf.mul(heard, tf.add(own, tf.mul(tf.sub(1, own), heardOfOthers))) as tf.Tensor2D;
    return [key, tf.div(tf.matMul(book, left, true), book.shape[1])];
  });
  return { ...weights, ...Object.fromEntries(changed) };
}

/** 1 where a channel (column) belongs to a value (row). [COLUMNS, C] */
function ownMask(owner: Int32Array, channels: number): tf.Tensor2D {
  const mask = new Float32Array(COLUMNS * channels);
  owner.forEach((column, channel) => {
    if (column >= 0) mask[column * channels + channel] = 1;
  });
  return tf.tensor2d(mask, [COLUMNS, channels]);
}
