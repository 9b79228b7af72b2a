import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { cleanText, encodeTokens, END_OF_TEXT, START_OF_TEXT, tokenize } from './index.js';
import { unescapeHtml } from './unescape-html.js';

type Case = { readonly text: string; readonly ids: readonly number[] };
const file = new URL('../../../fixtures/clip-tokenizer.json', import.meta.url);
const cases = JSON.parse(readFileSync(file, 'utf8')) as Case[];

describe("CLIP's tokenizer", () => {
  it('has all 24 strings', () => expect(cases).toHaveLength(24));

  it.each(cases.map(({ text, ids }) => [text.slice(0, 40), text, ids] as const))('encodes %j', (_, text, ids) => {
    expect(encodeTokens(text)).toEqual(ids);
  });

  it('adds start and end and pads with 0', () => {
    const [row = []] = tokenize('a photo');
    expect(row).toHaveLength(77);
    expect(row.slice(0, 5)).toEqual([START_OF_TEXT, 320, 1125, END_OF_TEXT, 0]);
    expect(tokenize(['a', 'b'], 8).map((ids) => ids.length)).toEqual([8, 8]);
  });

  it('takes 77 tokens and refuses 78 in one line', () => {
    expect(tokenize('hair '.repeat(75))[0]).toHaveLength(77);
    const error = /^prompt too long: 78 tokens with start and end, CLIP takes 77; shorten "hair hair .*\.\.\."$/;
    expect(() => tokenize('hair '.repeat(76))).toThrow(error);
  });
});

describe('cleaning', () => {
  it('does what ftfy does by character', () => {
    expect(cleanText('“Ｈｉ”  ﬁne\r\n\u0007it’s')).toBe('"hi" fine it\'s');
    expect(cleanText('cafe\u0301')).toBe('caf\u00e9');
  });

  it('unescapes HTML as Python does', () => {
    expect(unescapeHtml('&lt;b&gt; &amp;amp; &eacute; &copy2026 &hearts; &#x41;&#66 &#150; &#0; &nope; &hearts')).toBe(
      '<b> &amp; é ©2026 ♥ AB – \ufffd &nope; &hearts',
    );
    expect(cleanText('&amp;lt;')).toBe('<');
  });
});
