/**
 * The loss of latent optimization (StyleCLIP eq. 1), row by row:
 *
 *     L = λ_clip · (1 − cos(CLIP(G(w)), text)) + λ_l2 · ‖w − w₀‖² + λ_id · (1 − ⟨R(G(w)), R(G(w₀))⟩)
 *
 * and λ_directional · L_dir where it has weight. The λ's are tensors [B]: rows of one batch may be weighed differently, which
 * is how a sweep runs at the speed of a single edit. Terms that no row gives weight are not computed.
 */
import { objectiveRows, tf, type ObjectiveNetworks, type ObjectiveOptions, type WPlus } from '@styleclip/core';
import type { CodeSpace } from './code-space.js';
import type { Weighting } from './rows.js';
import type { LossOfRows } from './step.js';

/** Terms in the order in which they are told. */
export const EDIT_TERMS = ['clip', 'directional', 'id', 'l2'] as const;

/** In units of CLIP's unit features: an edit moves them by 0.3 to 1, so this says little once there is a movement. */
const DIRECTIONAL_FLOOR = 0.1;

/** What a batch of edits compares with. */
export type EditFixed = {
  /** W+ before the edit, [B,L,D]. */
  start: tf.Tensor;
  /** Unit CLIP features of each row's text, [B,E], and text minus neutral where that is used. */
  prompt: tf.Tensor;
  direction?: tf.Tensor;
  /** Identity and CLIP features of the pictures before, where they are used: [B,E]. */
  id?: tf.Tensor;
  clip?: tf.Tensor;
  /** The λ's in the order of EDIT_TERMS, [4,B]. */
  weights: tf.Tensor;
};

/** @param losses of the weights, only which are 0 counts */
export function editLoss(
  networks: ObjectiveNetworks,
  losses: ObjectiveOptions,
  space: CodeSpace,
): LossOfRows<EditFixed> {
  return (free, { start, prompt, direction, id, clip, weights }) => {
    const original = space.code(space.free(start as WPlus), start as WPlus);
    const rows = objectiveRows(networks, losses, {
      ...{ edited: space.code(free, start as WPlus), original },
      source: { ...(id && { id: id as tf.Tensor2D }), ...(clip && { clip: clip as tf.Tensor2D }) },
      text: { prompt: prompt as tf.Tensor2D, ...(direction && { direction: direction as tf.Tensor2D }) },
    });
    const terms = EDIT_TERMS.map((name) => rows[name]);
    const total = tf.sum(tf.mul(tf.stack(terms), weights), 0) as tf.Tensor1D; // [4,B] -> [B]
    return { total, ...rows };
  };
}

/** The λ's of rows as a tensor [4,B]. */
export function weightsOfRows(weightings: readonly Weighting[]): tf.Tensor2D {
  return tf.tensor2d(EDIT_TERMS.map((name) => weightings.map((weighting) => weighting[name])));
}

/** The largest weight of each term over all points: what has none anywhere is not computed. */
export function usedLosses(losses: ObjectiveOptions, points: readonly Weighting[]): ObjectiveOptions {
  const largest = Object.fromEntries(
    EDIT_TERMS.map((name) => [name, Math.max(...points.map((point) => point[name]))]),
  ) as unknown as Weighting;
  return { ...losses, ...largest, directionalFloor: DIRECTIONAL_FLOOR };
}
