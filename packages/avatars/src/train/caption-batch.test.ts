/** The texts of a contrastive batch: groups, truth of the matches, tokens. */
import { Random } from '@styleclip/core';
import { describe, expect, it } from 'vitest';
import { FACTORS, sampleAvatar } from '../factors.js';
import { visible } from '../visible.js';
import { captionBatch, captionGroups, captionVocabulary } from './caption-batch.js';

const vocabulary = captionVocabulary();
const random = new Random('avatars');
const avatars = Array.from({ length: 12 }, () => sampleAvatar(random));
const values = FACTORS.reduce((sum, factor) => sum + factor.values.length, 0);
const draw = (seed: number) =>
  captionBatch(avatars, new Random(seed), { vocabulary, descriptions: 5, statementTokens: 14, descriptionTokens: 26 });

describe('captionBatch', () => {
  it('has a statement for each value and the descriptions, each of one length', () => {
    const batch = draw(1);
    expect(batch.statements.shape).toEqual([values, 14]);
    expect(batch.descriptions.shape).toEqual([5, 26]);
    expect(captionGroups(5).reduce((sum, size) => sum + size)).toBe(values + 5);
  });

  it('matches a statement with the pictures that visibly have its value', () => {
    const matches = draw(2).matches.arraySync();
    avatars.forEach((avatar, n) => {
      let column = 0;
      for (const { name, values: names } of FACTORS) {
        names.forEach((_, value) =>
          expect(matches[n]![column++]).toBe(visible(avatar, name) && avatar[name] === value ? 1 : 0),
        );
      }
    });
  });

  it('describes the first pictures truly', () => {
    const matches = draw(3).matches.arraySync();
    for (let n = 0; n < 5; n++) expect(matches[n]![values + n]).toBe(1);
  });

  it('ends every text with exactly one end of text', () => {
    const end = vocabulary.length - 1;
    for (const tokens of [draw(4).statements, draw(4).descriptions]) {
      for (const row of tokens.arraySync()) expect(row.filter((token) => token === end)).toHaveLength(1);
    }
  });

  it('draws other wordings for another seed and the same for the same', () => {
    expect(draw(5).statements.arraySync()).toEqual(draw(5).statements.arraySync());
    expect(draw(5).statements.arraySync()).not.toEqual(draw(6).statements.arraySync());
  });
});
