/**
 * Codes: the points of W that stand for avatars.
 *
 * The code of an avatar is the sum of one fixed vector per factor value,
 *
 *     w = Σ_f book[f, value_f] / √F,
 *
 * a row of one-hot columns times the code book, whose vectors are random and orthogonal. An edit that changes one factor
 * is then one vector, wherever it starts, and factors do not share a direction. The book is drawn once and for all, so
 * the generator (codes → pictures) and the mapping network (z → codes) can be trained side by side.
 */
import { normalArray, Random, tf } from '@styleclip/core';
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

/**
 * The code book [COLUMNS, wDim]: orthogonal rows whose elements have unit variance on average.
 * @throws RangeError when wDim is too small for that
 */
export function codeBook(wDim: number): tf.Tensor2D {
  if (wDim < COLUMNS)
    throw new RangeError(`codes of ${COLUMNS} factor values need at least as many dimensions, got ${wDim}`);
  const rows: Float64Array[] = [];
  const random = new Random('avatar codes');
  while (rows.length < COLUMNS) {
    const row = Float64Array.from(normalArray(random, wDim));
    for (const other of rows) {
      const overlap = dot(row, other) / wDim; // Gram–Schmidt; every earlier row has the squared length wDim
      for (let i = 0; i < wDim; i++) row[i]! -= overlap * other[i]!;
    }
    const scale = Math.sqrt(wDim / dot(row, row));
    rows.push(row.map((x) => x * scale));
  }
  return tf.tensor2d(Float32Array.from(rows.flatMap((row) => [...row])), [COLUMNS, wDim]);
}

const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, x, i) => sum + x * b[i]!, 0);

/** Rows of one-hot columns [N, COLUMNS] (or of probabilities) → codes [N, D], about unit variance. */
export function codesOf(rows: tf.Tensor2D, book: tf.Tensor2D): tf.Tensor2D {
  return tf.mul(tf.matMul(rows, book), 1 / Math.sqrt(FACTORS.length)) as tf.Tensor2D;
}
