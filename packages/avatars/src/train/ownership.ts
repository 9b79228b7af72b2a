/**
 * Which style channel belongs to which value: the plan that keeps style space disentangled.
 *
 * StyleSpace (Wu et al. 2021) found that most attributes of FFHQ's generator sit in single style channels, and global
 * directions live on that: they move channels one by one. A generator that is supervised with whole codes has no
 * reason to come out so. Here three quarters of every layer's channels are dealt out among the values of the layer's
 * group of factors, and the training asks two things of the effective affine weights M = book · W, [values, channels]:
 *
 *     impurity   of an owned channel c of value v:   1 − |M_vc| / (Σ_u |M_uc| + 0.01)
 *     idleness   of a channel that nobody owns:      log(1 + Σ_u |M_uc| / √F / (|bias_c| + 0.1))
 *
 * The first is blind to a channel's scale, so it can't be satisfied by shrinking. Without the second the values would
 * hide in the free channels.
 */
import { requireWeight, synthesisLayers, tf, type Weights } from '@styleclip/core';
import { FACTORS, type FactorGroup, type FactorName } from '../factors.js';
import { COLUMNS, FIRST_COLUMN } from './codes.js';
import { groupOfRow } from './groups.js';

/** Share of a layer's channels that belong to a value. */
const OWNED = 0.75;

/** Hair styles are large and many: each gets this much more than another value. */
const PORTION: Partial<Record<FactorName, number>> = { hair: 1.5 };

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

/** How far the weights are from the plan; both are means over channels. */
export interface OwnershipErrors {
  readonly impurity: tf.Scalar;
  readonly idleness: tf.Scalar;
}

/**
 * @param g effective weights
 * @param book code book [COLUMNS, D]
 */
export function ownershipErrors(g: Weights, layers: readonly OwnedLayer[], book: tf.Tensor2D): OwnershipErrors {
  const impurities: tf.Tensor[] = [];
  const idle: tf.Tensor[] = [];
  let ownedCount = 0;
  let freeCount = 0;
  for (const { name, channels, owner } of layers) {
    const affine = requireWeight(g, `${name}.affine.weight`) as tf.Tensor2D;
    const magnitude = tf.abs(tf.matMul(book, affine)); // [COLUMNS, C]
    const total = tf.sum(magnitude, 0); // [C]
    const own = tf.sum(tf.mul(magnitude, ownMask(owner, channels)), 0);
    const isOwned = tf.tensor1d(Float32Array.from(owner, (column) => (column >= 0 ? 1 : 0)));
    impurities.push(tf.sum(tf.mul(tf.sub(1, tf.div(own, tf.add(total, 0.01))), isOwned)));
    const bias = tf.add(tf.abs(requireWeight(g, `${name}.affine.bias`)), 0.1);
    const relative = tf.div(tf.mul(total, 1 / Math.sqrt(FACTORS.length)), bias);
    idle.push(tf.sum(tf.mul(tf.log(tf.add(1, relative)), tf.sub(1, isOwned))));
    const owned = owner.filter((column) => column >= 0).length;
    ownedCount += owned;
    freeCount += channels - owned;
  }
  return {
    impurity: tf.div(tf.addN(impurities), Math.max(1, ownedCount)) as tf.Scalar,
    idleness: tf.div(tf.addN(idle), Math.max(1, freeCount)) as tf.Scalar,
  };
}

/** 1 where a channel (column) belongs to a value (row). [COLUMNS, C] */
function ownMask(owner: Int32Array, channels: number): tf.Tensor2D {
  const mask = new Float32Array(COLUMNS * channels);
  owner.forEach((column, channel) => {
    if (column >= 0) mask[column * channels + channel] = 1;
  });
  return tf.tensor2d(mask, [COLUMNS, channels]);
}
