/**
 * Text cleaning before tokenizing: what CLIP's `basic_clean`, `whitespace_clean` and `lower` do.
 *
 * The original calls Python's ftfy and unescapes HTML twice. Of ftfy this does the steps that are plain character
 * rules (straight quotes, ligatures, full-width forms, control characters, NFC); it does not guess at text that was
 * decoded with the wrong encoding.
 */
import { unescapeHtml } from './unescape-html.js';

const LIGATURES: Readonly<Record<string, string>> = {
  'Ĳ': 'IJ',
  'ĳ': 'ij',
  'ŉ': 'ʼn',
  'Ǳ': 'DZ',
  'ǲ': 'Dz',
  'ǳ': 'dz',
  'Ǆ': 'DŽ',
  'ǅ': 'Dž',
  'ǆ': 'dž',
  'Ǉ': 'LJ',
  'ǈ': 'Lj',
  'ǉ': 'lj',
  'Ǌ': 'NJ',
  'ǋ': 'Nj',
  'ǌ': 'nj',
  'ﬀ': 'ff',
  'ﬁ': 'fi',
  'ﬂ': 'fl',
  'ﬃ': 'ffi',
  'ﬄ': 'ffl',
  'ﬅ': 'ſt',
  'ﬆ': 'st',
};

/** Code points that ftfy's `remove_control_chars` deletes (tab, newline and carriage return stay). */
const CONTROL = new RegExp(
  '[\\u0000-\\u0008\\u000b\\u000e-\\u001f\\u007f\\u206a-\\u206f\\ufeff\\ufff9-\\ufffc]',
  'gu',
);

/** The character rules of ftfy's `fix_text`. */
function fixCharacters(text: string): string {
  return text
    .replace(/[Ĳĳŉ\u01c4-\u01cc\u01f1-\u01f3\ufb00-\ufb06]/gu, (c) => LIGATURES[c] ?? c)
    .replace(/[\uff01-\uff5e]/gu, (c) => String.fromCodePoint((c.codePointAt(0) ?? 0) - 0xfee0))
    .replace(/[\u02bc\u2018-\u201b]/gu, "'")
    .replace(/[\u201c-\u201f]/gu, '"')
    .replace(/\r\n|[\r\u2028\u2029\u0085]/gu, '\n')
    .replace(CONTROL, '')
    .normalize('NFC');
}

/** The text as CLIP's tokenizer sees it: repaired, unescaped twice, white space collapsed, lower case. */
export function cleanText(text: string): string {
  const unescaped = unescapeHtml(unescapeHtml(fixCharacters(text)));
  return unescaped.replace(/\s+/gu, ' ').trim().toLowerCase();
}
