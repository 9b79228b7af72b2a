/** Pictures of an edit: before and after, and the grid of strengths (figure 6 of the paper). */
import { disposeAll, grid, tf, type WPlus } from '@styleclip/core';
import { addScaled, styleStep, type Choice, type Relevances } from './style-direction.js';
import type { Trial } from './trial.js';

/** Pictures are enlarged to about this many pixels, by a whole factor. */
const SHOWN_SIDE = 128;

/** Pictures that are drawn at once. */
const BATCH = 16;

const zoomOf = (side: number): number => Math.max(1, Math.round(SHOWN_SIDE / side));

/** Pictures [N,R,R,3] of W+ codes moved by a direction, batch by batch. The caller disposes them. */
export async function drawAll(trial: Trial, wPlus: WPlus, direction: Float32Array): Promise<tf.Tensor4D> {
  const parts: tf.Tensor4D[] = [];
  for (let from = 0; from < wPlus.shape[0]; from += BATCH) {
    const rows = tf.slice(wPlus, [from, 0, 0], [Math.min(BATCH, wPlus.shape[0] - from), -1, -1]);
    parts.push(await trial.draw(rows, direction));
    rows.dispose();
  }
  const all = tf.concat(parts) as tf.Tensor4D;
  disposeAll(parts);
  return all;
}

/** One row a stage: the pictures before, after the first edit, after the second … @returns PNG bytes */
export async function stagesSheet(stages: readonly tf.Tensor4D[]): Promise<Buffer> {
  const [columns, side] = stages[0]!.shape;
  const all = tf.concat([...stages]) as tf.Tensor4D;
  const png = await grid(all, { columns, zoom: zoomOf(side) });
  all.dispose();
  return png;
}

export interface StrengthGrid {
  readonly relevances: Relevances;
  /** What the picture was moved by before this edit. */
  readonly before: Float32Array;
  /** Rows, from few channels to many. */
  readonly choices: readonly Choice[];
  /** Columns. */
  readonly alphas: readonly number[];
}

/** One picture at every pair of strengths: rows choose channels, columns are α. @param wPlus [1,L,D] @returns PNG bytes */
export async function strengthGrid(
  trial: Trial,
  wPlus: WPlus,
  { relevances, before, choices, alphas }: StrengthGrid,
): Promise<Buffer> {
  const cells: tf.Tensor4D[] = [];
  const labels: string[] = [];
  for (const choice of choices) {
    const { direction, channels } = styleStep(relevances, choice);
    for (const alpha of alphas) {
      cells.push(await trial.draw(wPlus, addScaled(before, direction, alpha)));
      const chosen = 'beta' in choice ? `b ${choice.beta}` : `k ${channels.length}`;
      labels.push(`${chosen} a ${Number(alpha.toFixed(2))}`);
    }
  }
  const all = tf.concat(cells) as tf.Tensor4D;
  const png = await grid(all, { columns: alphas.length, labels, zoom: zoomOf(all.shape[1]) });
  disposeAll(cells, all);
  return png;
}
