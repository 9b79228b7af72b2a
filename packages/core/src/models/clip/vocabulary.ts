/**
 * A small CLIP need not carry 49,408 embedding rows. With an optional tensor `vocabulary` ([K] int32, sorted CLIP
 * token ids, the end-of-text id last) the token embedding has K + 1 rows: one for each of those ids and, at row K,
 * one for every other id. Ids become rows on the host, before anything is traced.
 */
import { tf } from '../../tensors/tf.js';
import { requireWeight, type Weights } from '../../tensors/weights.js';

/** Row of the token embedding for each id, given the sorted vocabulary. Ids outside it share the row after the last. */
export function rowsOf(vocabulary: ArrayLike<number>, ids: readonly number[]): number[] {
  const rows = new Map<number, number>();
  for (let i = 0; i < vocabulary.length; i++) rows.set(vocabulary[i] ?? -1, i);
  return ids.map((id) => rows.get(id) ?? vocabulary.length);
}

/**
 * Rows of the token embedding for token ids; the ids themselves when the weights have no `vocabulary`.
 * Reads a tensor, so call it on the host and not inside a compiled function.
 *
 * @throws when an id lies outside the token embedding
 */
export function tokenRows(clip: Weights, ids: readonly number[]): number[] {
  const vocabulary = clip['vocabulary'];
  if (vocabulary !== undefined) return rowsOf(vocabulary.dataSync(), ids);
  const size = requireWeight(clip, 'token_embedding.weight').shape[0] ?? 0;
  const outside = ids.find((id) => id < 0 || id >= size);
  if (outside !== undefined) throw new Error(`token id ${outside} lies outside the CLIP vocabulary of ${size}`);
  return [...ids];
}

/**
 * Where each text ends: 1 at the first end-of-text token and 0 elsewhere, [N,T] float32.
 * OpenAI finds it at the largest token id; in a pruned vocabulary the end of text is the last row but one.
 */
export function endOfText(clip: Weights, tokens: tf.Tensor2D): tf.Tensor2D {
  const vocabulary = clip['vocabulary'];
  const scores =
    vocabulary === undefined ? tokens : tf.cast(tf.equal(tokens, (vocabulary.shape[0] ?? 0) - 1), 'int32');
  const positions = tf.reshape(tf.argMax(scores, 1), [-1, 1]); // [N,1]: the first of the largest
  const indices = tf.range(0, tokens.shape[1], 1, 'int32'); // [T]
  return tf.cast(tf.equal(indices, positions), 'float32') as tf.Tensor2D;
}
