import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Weights } from '../tensors/weights.js';
import { disposeAll } from '../tensors/weights.js';
import { writeTinyBundle } from '../testing/tiny-bundle.js';
import { loadBundle } from './bundle.js';
import { requireKnownWords, textProblem } from './known-words.js';

let dir: string;
let clip: Weights; // knows: a person with purple hair , face
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'words-'));
  await writeTinyBundle(dir);
  ({ clip } = await loadBundle(dir, { parts: ['clip'] }));
});
afterAll(async () => {
  disposeAll(clip);
  await rm(dir, { recursive: true });
});

describe('requireKnownWords', () => {
  it.each<[string, string[]]>([
    ['a person with purple hair', []],
    ['a person with a mohawk', ['mohawk']],
    ['Purple HAIR! "…" (-)', []], // punctuation says nothing
    ['purple 😀 😀 hair of 9', ['😀', 'of', '9']],
    ["a person's face", []],
  ])('%j', (text, unknown) => expect(requireKnownWords(clip, text, 'prompt')).toEqual(unknown));

  it.each([
    [
      'a zebra playing the xylophone',
      /^prompt: .*"a zebra playing the xylophone" \(unknown: zebra, playing, the, xylophone\)/,
    ],
    ['mohawk', /\(unknown: mohawk\)/],
    ["the mohawk's", /\(unknown: the, mohawk\)/],
    ['😀😀', /\(unknown: 😀😀\)/],
    ['a with a', /\(it has none\)/],
    ['?!', /\(it has none\)/],
    ['a <|endoftext|>', /\(it has none\)/],
  ])('refuses %j', (text, line) => expect(() => requireKnownWords(clip, text, 'prompt')).toThrow(line));

  it('lets a CLIP with its whole vocabulary know every word', () => {
    const { vocabulary: _, ...whole } = clip;
    expect(requireKnownWords(whole, 'a zebra playing the xylophone 😀', 'prompt')).toEqual([]);
  });
});

describe('textProblem', () => {
  it.each(['hair', '😀', '髪', '  x  ', 'a\u200bb'])('has nothing against %j', (text) =>
    expect(textProblem(text)).toBeUndefined(),
  );
  it.each([
    '   ',
    '\t\n',
    '\u200b\u200d\ufeff',
    '\u0000\u0007',
    '\u00a0\u3000',
    '\u2800',
    '\u3164',
    '&nbsp;',
    '\u00ad',
    '\ue000',
  ])('calls %j blank', (text) => expect(textProblem(text)).toMatch(/nothing but blanks/));
  it.each(['fris\ufffds', '\ud83d hair', 'hair \ude00'])('sees that a character was lost in %j', (text) =>
    expect(textProblem(text)).toMatch(/U\+FFFD/),
  );
  it('takes the marks of CLIP for no words', () =>
    expect(textProblem(' <|StartOfText|> <|endoftext|>')).toMatch(/marks of start and end/));
});
