/**
 * Walks through the first pictures of a data set in batches of one size, so that one compiled graph serves all of them.
 */
import type { tf } from '@styleclip/core';
import type { AvatarDataset } from '../dataset.js';

export interface PictureBatch {
  /** Which pictures of the data set these are; shorter than the tensor in the last batch. */
  readonly indices: readonly number[];
  /** [batch,R,R,3] in [-1,1]; the last batch is filled up with its first picture. Disposed by the walk. */
  readonly images: tf.Tensor4D;
}

/** @param count how many pictures, at most all of them */
export async function* inBatches(dataset: AvatarDataset, count: number, batch = 100): AsyncGenerator<PictureBatch> {
  const end = Math.min(count, dataset.count);
  for (let first = 0; first < end; first += batch) {
    const indices = Array.from({ length: Math.min(batch, end - first) }, (_, n) => first + n);
    const padded = Array.from({ length: batch }, (_, n) => indices[n] ?? first);
    const { images } = dataset.batch(padded);
    yield { indices, images };
    images.dispose();
  }
}
