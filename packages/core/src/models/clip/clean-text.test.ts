/** Cleaning of texts against ftfy, Python's html and OpenAI's CLIP, as oracle/clean_text.py ran them. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { cleanText, fixText } from './clean-text.js';

const { characters, texts } = JSON.parse(
  readFileSync(new URL('../../../fixtures/clip-clean-text.json', import.meta.url), 'utf8'),
) as { characters: Record<string, string>; texts: { text: string; cleaned: string }[] };

describe('fixText', () => {
  it('changes the very characters that ftfy changes, of all that there are', () => {
    const wrong: string[] = [];
    for (let code = 0; code < 0x110000; code++) {
      if (code === 0xd800) code = 0xe000; // surrogates
      const character = String.fromCodePoint(code);
      const hexadecimal = code.toString(16).padStart(4, '0');
      if (/[\p{Unassigned}\p{Private_Use}]/u.test(character) && !(hexadecimal in characters)) continue; // nine of ten
      const want = characters[hexadecimal] ?? character.normalize('NFC');
      if (fixText(character) !== want) wrong.push(`${hexadecimal}: ${fixText(character)}, ftfy makes it ${want}`);
    }
    expect(Object.keys(characters)).toHaveLength(327);
    expect(wrong).toEqual([]);
  });

  it('makes single surrogates visible', () => {
    expect(fixText('a\ud83d b\udca9 \ud83d\udca9')).toBe('a\ufffd b\ufffd \ud83d\udca9');
  });

  it('does not guess at encodings', () => {
    expect(fixText('cafÃ©')).toBe('cafÃ©'); // ftfy: café
  });
});

describe('cleanText', () => {
  it.each(texts.map(({ text, cleaned }) => [text, cleaned]))('cleans %j as CLIP does', (text, cleaned) => {
    expect(cleanText(text)).toBe(cleaned);
  });
});
