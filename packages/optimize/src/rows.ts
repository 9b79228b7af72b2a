/**
 * The rows of an optimization: each is one latent on its way to one text under one set of weights. All pairs of texts and
 * latents are rows, and a sweep has them once for each of its points. Batches take them in that order.
 */
import type { ObjectiveOptions } from '@styleclip/core';

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
