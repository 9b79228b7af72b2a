/** Gives a CLIP of a pruned vocabulary rows for more words; those it has keep what they have learnt. */
import { splitTrainable, tf, type Random, type Weights } from '@styleclip/core';

const TABLE = 'token_embedding.weight';

/**
 * Weights whose token embedding has a row for each id of `vocabulary`. Rows of new words are drawn around the row for unknown
 * words, with half of the spread of the others: so they say little until they are trained.
 * @param clip weights with a `vocabulary` (core's models/clip/vocabulary.ts); not changed
 * @param vocabulary sorted token ids, the end of text last
 * @returns trainable weights and fixed ones; new tensors where they differ, else the same
 */
export function withVocabulary(
  clip: Weights,
  vocabulary: readonly number[],
  random: Random,
): { trainable: Weights; fixed: Weights } {
  const { trainable, fixed } = splitTrainable(clip);
  const known = fixed['vocabulary'];
  const table = trainable[TABLE];
  if (!known || !table) throw new Error(`withVocabulary: these CLIP weights have no pruned vocabulary`);
  const width = table.shape[1]!;
  const rowOf = new Map(Array.from(known.dataSync(), (id, row) => [id, row]));
  const before = Float32Array.from(table.dataSync());
  const unknown = before.subarray(rowOf.size * width, (rowOf.size + 1) * width);
  const spread = Math.sqrt(before.reduce((sum, x) => sum + x * x, 0) / before.length);
  const after = new Float32Array((vocabulary.length + 1) * width);
  vocabulary.forEach((id, row) => {
    const old = rowOf.get(id);
    const values =
      old === undefined
        ? Float32Array.from(unknown, (x) => x + 0.5 * spread * random.normal())
        : before.subarray(old * width, (old + 1) * width);
    after.set(values, row * width);
  });
  after.set(unknown, vocabulary.length * width);
  return {
    trainable: { ...trainable, [TABLE]: tf.tensor2d(after, [vocabulary.length + 1, width]) },
    fixed: { ...fixed, vocabulary: tf.tensor1d(Int32Array.from(vocabulary), 'int32') },
  };
}
