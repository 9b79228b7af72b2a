/**
 * The latent spaces of StyleGAN2, as types, and the ways between them and flat arrays.
 *
 *     Z  [N,zDim]   standard normal noise
 *     W  [N,D]      after the mapping network
 *     W+ [N,L,D]    one w per layer; what inversion, the optimizer and the mapper edit
 *     S             one style vector [N,C] per modulated layer, toRGB marked; what global directions edit
 *
 * z → w is `mapping`, w → W+ `broadcastW`, W+ → S `styles`. Flat, S is all styles side by side: 9088 numbers at 1024²,
 * of which 6048 are left when toRGB is left out, as edits do. No way leads back from S to W+.
 */
import { tf } from '../../tensors/tf.js';
import { requireWeight, type Weights } from '../../tensors/weights.js';
import { generatorSize, synthesisLayers } from './architecture.js';
import { expectShape } from './shapes.js';
import { broadcastW } from './truncation.js';

/** [N,zDim] */
export type Z = tf.Tensor2D;
/** [N,D] */
export type W = tf.Tensor2D;
/** [N,L,D] */
export type WPlus = tf.Tensor3D;

/** The style of one modulated layer. */
export interface StyleVector {
  /** Layer name, e.g. `b8.conv0`. */
  name: string;
  /** The row of W+ it comes from. */
  layer: number;
  /** Side of the layer's output in pixels. */
  resolution: number;
  toRGB: boolean;
  /** [N,C], C the input channels of the layer. */
  style: tf.Tensor2D;
}

/** One style per modulated layer in the order of execution; the place in the list is the style index. */
export type StyleCode = StyleVector[];

/** Where a layer's channels lie in a flat style vector. */
export interface StyleSlot extends Omit<StyleVector, 'style'> {
  /** Style index: the layer's place among all modulated layers, toRGB counted. */
  index: number;
  channels: number;
  /** First column. */
  offset: number;
}

/** The columns of a flat style vector; `toRGB: false` leaves the toRGB layers out. */
export function styleSlots(g: Weights, { toRGB = true }: { toRGB?: boolean } = {}): StyleSlot[] {
  const slots: StyleSlot[] = [];
  let offset = 0;
  for (const { name, layer, resolution, index, toRGB: rgb } of synthesisLayers(generatorSize(g).resolution)) {
    if (rgb && !toRGB) continue;
    const channels = requireWeight(g, `${name}.affine.bias`).size;
    slots.push({ name, layer, resolution, toRGB: rgb, index, channels, offset });
    offset += channels;
  }
  return slots;
}

/** How many columns the slots have together. */
export function flatWidth(slots: readonly StyleSlot[]): number {
  return slots.reduce((sum, { channels }) => sum + channels, 0);
}

/**
 * S → one row per picture; `toRGB: false` leaves the toRGB layers out.
 * @returns [N,S]
 */
export function flattenStyles(code: StyleCode, { toRGB = true }: { toRGB?: boolean } = {}): tf.Tensor2D {
  return tf.concat(
    code.filter((vector) => toRGB || !vector.toRGB).map(({ style }) => style),
    1,
  );
}

/**
 * One row per picture → S.
 * @param flat [N,S], with or without the toRGB columns
 * @param base where flat has no toRGB columns, the code whose toRGB styles are kept
 */
export function unflattenStyles(g: Weights, flat: tf.Tensor2D, base?: StyleCode): StyleCode {
  const all = styleSlots(g);
  const some = styleSlots(g, { toRGB: false });
  const width = flat.shape[1];
  if (width !== flatWidth(all) && width !== flatWidth(some)) {
    throw new Error(`a flat style code has ${flatWidth(all)} columns (${flatWidth(some)} without toRGB), got [${flat.shape.join(',')}]`);
  }
  const slots = new Map((width === flatWidth(all) ? all : some).map((slot) => [slot.name, slot]));
  if (slots.size < all.length && !base) throw new Error('a flat style code without toRGB needs a base code to take them from');
  return all.map(({ name, layer, resolution, toRGB, index }) => {
    const slot = slots.get(name);
    const style = slot
      ? tf.slice(flat, [0, slot.offset], [flat.shape[0], slot.channels])
      : ((base as StyleCode)[index] as StyleVector).style;
    return { name, layer, resolution, toRGB, style };
  });
}

/** Numbers of N·L·D → W+ [N,L,D], as latents files hold them. */
export function wPlusFromArray(values: Float32Array, layers: number, wDim: number): WPlus {
  const n = values.length / (layers * wDim);
  if (!Number.isInteger(n)) throw new Error(`${values.length} numbers are no whole number of W+ codes [${layers},${wDim}]`);
  return tf.tensor3d(values, [n, layers, wDim]);
}

/** w [N,D] or W+ [N,L,D] → W+ for a generator of this many layers. */
export function asWPlus(latent: tf.Tensor, layers: number): WPlus {
  if (latent.rank === 2) return broadcastW(latent as W, layers);
  expectShape('latents', latent, ['N', layers, 'D']);
  return latent as WPlus;
}
