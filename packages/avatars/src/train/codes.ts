/**
 * Codes: the points of W that stand for avatars.
 *
 * The code of an avatar is the sum of one learnt vector per factor value,
 *
 *     w = Σ_f book[f, value_f] / √F,
 *
 * a row of one-hot columns times the code book. An edit that changes one factor is then one vector, wherever it starts.
 * `oneHot` and the column layout are shared by the generator, which learns the book, and by the mapping network, which
 * learns to send z to codes.
 */
import tf from '@tensorflow/tfjs';
import { FACTORS, type Avatar, type FactorName } from '../factors.js';

/** First column of every factor in a row of one-hot columns. */
export const FIRST_COLUMN: Readonly<Record<FactorName, number>> = (() => {
  let column = 0;
  const first = {} as Record<FactorName, number>;
  for (const { name, values } of FACTORS) {
    first[name] = column;
    column += values.length;
  }
  return first;
})();

/** Columns of a row: the values of all factors. */
export const COLUMNS = FACTORS.reduce((sum, { values }) => sum + values.length, 0);

/** Writes the one-hot columns of an avatar into `target` from `offset` on (it must be zero there). */
export function writeOneHot(avatar: Avatar, target: Float32Array, offset: number): void {
  for (const { name } of FACTORS) target[offset + FIRST_COLUMN[name] + avatar[name]] = 1;
}

/** [N, COLUMNS] */
export function oneHot(avatars: readonly Avatar[]): tf.Tensor2D {
  const rows = new Float32Array(avatars.length * COLUMNS);
  avatars.forEach((avatar, n) => writeOneHot(avatar, rows, n * COLUMNS));
  return tf.tensor2d(rows, [avatars.length, COLUMNS]);
}

/** The share of every value as one row [1, COLUMNS]; times the book it is the average code. */
export function sharesRow(): tf.Tensor2D {
  return tf.tensor2d([FACTORS.flatMap(({ shares }) => [...shares])]);
}

/** Rows of one-hot columns [N, COLUMNS] and a raw code book [COLUMNS, D] with unit variance → codes [N, D], about unit variance. */
export function codesOf(rows: tf.Tensor2D, book: tf.Tensor2D): tf.Tensor2D {
  return tf.mul(tf.matMul(rows, book), 1 / Math.sqrt(FACTORS.length)) as tf.Tensor2D;
}
