/**
 * The rows of an optimization: each is one latent on its way to one text under one set of weights. All pairs of texts and
 * latents are rows, and a sweep has them once for each of its points. Batches take them in that order.
 */
import { generatorSize, type ObjectiveOptions, type Weights } from '@styleclip/core';

/** Weights of the losses that may differ from row to row. */
export type Weighting = Pick<ObjectiveOptions, 'clip' | 'directional' | 'id' | 'l2'>;

/** Indices into points, texts and latents. */
export interface Row {
  point: number;
  edit: number;
  latent: number;
}

/** All rows: point by point, text by text, latent by latent. */
export function rowsOf(points: number, edits: number, latents: number): Row[] {
  const rows: Row[] = [];
  for (let point = 0; point < points; point++)
    for (let edit = 0; edit < edits; edit++)
      for (let latent = 0; latent < latents; latent++) rows.push({ point, edit, latent });
  return rows;
}

/** Rows in a batch at 64², where nothing is said; a step holds all activations of each. */
const ROWS_AT_ONCE = 8;
const PIXELS_AT_ONCE = 1024;

/** How many rows are moved at once: as asked, and where that is 0 eight up to 128², one at 1024². */
export function batchSize(asked: number, generator: Weights): number {
  if (asked > 0) return asked;
  return Math.max(1, Math.min(ROWS_AT_ONCE, Math.floor(PIXELS_AT_ONCE / generatorSize(generator).resolution)));
}

/** Things that are worked on together; `padding` marks those that are there to fill the batch. */
export interface Batch<T> {
  rows: T[];
  padding: boolean[];
}

/**
 * A list in batches of one size, which serves one compiled function: as few as `size` allows, as even as they go, and the
 * last one filled up with repetitions.
 */
export function inBatches<T>(list: readonly T[], size: number): Batch<T>[] {
  const count = Math.ceil(list.length / size);
  const each = Math.ceil(list.length / count);
  return Array.from({ length: count }, (_, i) => {
    const own = list.slice(i * each, (i + 1) * each);
    const filled = [...own, ...Array.from({ length: each - own.length }, () => list.at(-1)!)];
    return { rows: filled, padding: filled.map((_, k) => k >= own.length) };
  });
}

/** The numbers 0 … count − 1 in batches. */
export function indexBatches(count: number, size: number): Batch<number>[] {
  return inBatches(
    Array.from({ length: count }, (_, i) => i),
    size,
  );
}
