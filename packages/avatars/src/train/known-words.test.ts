import { encodeText, initClip, Random, tf, tokenize, tokenTensor, type Weights } from '@styleclip/core';
import { describe, expect, it } from 'vitest';
import { withVocabulary } from './known-words.js';
import { COMMON_WORDS } from '../words-common.js';
import { captionVocabulary } from './caption-batch.js';

const all = captionVocabulary();
const some = all.filter((_, i) => i % 2 === 0 || i >= all.length - 2); // start and end of text are the last two
const clip = initClip(
  {
    embed: 8,
    image: { size: 8, patch: 4, width: 8, layers: 1, heads: 1 },
    text: { context: 77, vocabulary: some, width: 8, layers: 1, heads: 1 },
  },
  new Random(1),
);
const table = (weights: Weights): number[][] => weights['token_embedding.weight']!.arraySync() as number[][];

describe('withVocabulary', () => {
  const { trainable, fixed } = withVocabulary(clip, all, new Random(2));

  it('keeps the rows of the words that were known, and of unknown ones', () => {
    const [before, after] = [table(clip), table(trainable)];
    expect(after).toHaveLength(all.length + 1);
    some.forEach((id, row) => expect(after[all.indexOf(id)]).toEqual(before[row]));
    expect(after.at(-1)).toEqual(before.at(-1));
    expect(new Set(after.map((row) => row.join())).size).toBe(after.length);
  });

  it('reads texts of known words as before', () => {
    const wider = { ...trainable, ...fixed };
    const known = new Set(some);
    const text = COMMON_WORDS.find((word) => tokenize(word)[0]!.every((id) => id === 0 || known.has(id)))!;
    const read = (weights: Weights): tf.Tensor =>
      encodeText(weights, tokenTensor(weights, [text], { length: 'longest' }));
    expect(tf.max(tf.abs(tf.sub(read(wider), read(clip)))).dataSync()[0]).toBeLessThan(1e-6);
  });

  it('refuses weights with a whole vocabulary', () => {
    const { vocabulary: _, ...whole } = clip;
    expect(() => withVocabulary(whole, all, new Random(3))).toThrow(/no pruned vocabulary/);
  });
});
