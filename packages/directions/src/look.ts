/**
 * From a style code to what CLIP sees: the unit feature of the picture.
 *
 * Styles are edited flat and without those of toRGB, which directions never touch; `base` is the code they were taken from.
 */
import {
  clipFeatures,
  synthesize,
  tf,
  unflattenStyles,
  unitRows,
  type Networks,
  type StyleCode,
  type SynthesisOptions,
} from '@styleclip/core';

/** What is needed to look. */
export type Looking = Pick<Networks, 'generator' | 'clip' | 'clipInput'>;

/** Unit CLIP features [N,E] of the pictures of a style code. */
export function look({ generator, clip, clipInput }: Looking, code: StyleCode, options: SynthesisOptions): tf.Tensor2D {
  return unitRows(clipFeatures(clip, synthesize(generator, code, options), { input: clipInput }));
}

/** One row of numbers for each picture: [1,C] → [n,C]. */
export function repeatRow(row: tf.Tensor2D, n: number): tf.Tensor2D {
  return tf.mul(row, tf.ones([n, 1]));
}

/** A code of which each style is repeated for `n` pictures; styles are [1,C]. */
export function repeatCode(code: StyleCode, n: number): StyleCode {
  return code.map((vector) => ({ ...vector, style: repeatRow(vector.style, n) }));
}

/** The code of flat styles [N,S] without toRGB, whose toRGB styles come from flat ones [1,all]. */
export function codeOf({ generator }: Pick<Looking, 'generator'>, flat: tf.Tensor2D, base: tf.Tensor2D): StyleCode {
  return unflattenStyles(generator, flat, repeatCode(unflattenStyles(generator, base), flat.shape[0]));
}
