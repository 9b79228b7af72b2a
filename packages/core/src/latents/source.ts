/**
 * A source of W+ codes: what edits are trained, chosen and judged on.
 *
 * Three streams that never share a latent: `train` is endless, `validation` chooses the best model, `heldOut` gives the
 * numbers of summary.json. Latent number i of a stream is a function of (seed, stream, i) and of nothing else: so a training
 * continues exactly where it stopped when it knows how many latents it has used, and two runs of one seed see the same latents
 * whatever their batch size.
 */
import type { tf } from '../tensors/tf.js';

/** The part of a latent's address that says what it is for. */
export type LatentStream = 'train' | 'validation' | 'heldOut';

/** Where latents come from. */
export interface LatentSource {
  /** Numbers `from … from+count-1` of a stream, as [count,L,D] on the host. The caller disposes them. */
  rows(stream: LatentStream, from: number, count: number): Promise<tf.Tensor3D>;
  /** Batches of the training stream, without end, starting after `position` latents. The caller disposes each. */
  batches(position: number, batch: number): Promise<Batches>;
  dispose(): Promise<void>;
}

/** An endless stream of batches [N,L,D]. */
export interface Batches {
  next(): Promise<tf.Tensor3D>;
}

/** A tfjs-data iterator that never ends. Its own type is not exported by the library. */
export function endless(iterator: { next(): Promise<IteratorResult<tf.TensorContainer>> }): Batches {
  return { next: async () => (await iterator.next()).value as tf.Tensor3D };
}
