/** The texts of a contrastive batch: groups, truth of the matches, tokens. */
import { IMAGENET_TEMPLATES, Random, tokenize } from '@styleclip/core';
import { describe, expect, it } from 'vitest';
import { caption } from '../captions.js';
import { FACTORS, sampleAvatar } from '../factors.js';
import { visible } from '../visible.js';
import { COMMON_WORDS } from '../words-common.js';
import { captionBatch, captionGroups, captionVocabulary } from './caption-batch.js';

const vocabulary = captionVocabulary();
const random = new Random('avatars');
const avatars = Array.from({ length: 12 }, () => sampleAvatar(random));
const values = FACTORS.reduce((sum, factor) => sum + factor.values.length, 0);
const draw = (seed: number) =>
  captionBatch(avatars, new Random(seed), { vocabulary, descriptions: 5, statementTokens: 14, descriptionTokens: 26 });

describe('captionVocabulary', () => {
  it('has the words of training, of the templates of global directions, and common ones, but not all words', () => {
    const known = new Set(vocabulary);
    const unknown = (text: string): boolean => tokenize(text)[0]!.some((id) => id !== 0 && !known.has(id));
    const drawn = Array.from({ length: 500 }, () => caption(sampleAvatar(random), random).text);
    const templates = IMAGENET_TEMPLATES.map((template) => template.replace('{}', 'person'));
    expect([...drawn, ...templates, ...COMMON_WORDS].filter(unknown)).toEqual([]);
    expect(['zebra', 'xylophone', 'horse'].filter((word) => !unknown(word))).toEqual([]);
    expect([...vocabulary].sort((a, b) => a - b)).toEqual(vocabulary);
    expect(vocabulary.length).toBeLessThan(4096); // up to there a product with one-hot rows embeds the tokens
  });
});

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

  it('says of some texts behind the descriptions that they are true of several values', () => {
    const batch = captionBatch(avatars, new Random(7), { vocabulary, descriptions: 5, general: 6 });
    expect(batch.descriptions.shape).toEqual([11, 26]);
    const [spoken, shown, matches] = [batch.spoken.arraySync(), batch.shown.arraySync(), batch.matches.arraySync()];
    for (let text = values + 5; text < values + 11; text++) {
      const said = spoken[text]!;
      expect(said.reduce((sum, x) => sum + x)).toBeGreaterThan(1);
      avatars.forEach((_, n) => expect(matches[n]![text]).toBe(said.some((x, v) => x * shown[n]![v]! > 0) ? 1 : 0));
    }
  });

  it('never leaves out or hides a word that denies', () => {
    const denying = captionBatch(avatars, new Random(8), { vocabulary, descriptions: 5, shaken: 1, wordDropout: 1 });
    const left = new Set(denying.statements.arraySync().flat());
    const denials = ['no', 'not', 'without', 'lacking', 'minus'].map((word) =>
      vocabulary.indexOf(tokenize(word)[0]![1]!),
    );
    expect(denials.filter((row) => left.has(row)).length).toBeGreaterThan(0);
    expect(left.size).toBeLessThan(40); // start, end, unknown, and words that deny
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
