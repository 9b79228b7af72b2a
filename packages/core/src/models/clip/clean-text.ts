/**
 * Text cleaning before tokenizing: what CLIP's `basic_clean`, `whitespace_clean` and `lower` do.
 *
 * `basic_clean` calls Python's ftfy (`fix_text` as it comes; 6.3 is mirrored here) and then unescapes HTML twice. ftfy's
 * steps, over and over until a line stays as it is:
 *
 *     HTML entities with their semicolon     names of HTML 4.01 and a few more, see unescape-html.ts; not after a "<"
 *     text decoded with the wrong encoding   NOT done: "cafÃ©" stays, where ftfy guesses "café"
 *     C1 controls                            become Windows-1252's characters
 *     Latin ligatures, digraphs              taken apart: ﬁ, ǆ
 *     full and half width                    as usual: Ａ ￥ ﾡ ｶﾞ become A ¥ ㄱ ガ, the ideographic space a space
 *     curly quotes                           straight, low „ones‟ too; «guillemets» stay
 *     line breaks                            all "\n"
 *     single surrogates                      U+FFFD
 *     colours and moves of a terminal        taken out
 *     control characters                     taken out, as are byte order marks
 *     Unicode's form                         NFC
 *
 * All other compatibility characters stay: ³ ™ Ⅳ ㎏ … and mathematical letters.
 */
import { unescapeHtml, unescapeWholeEntities, windows1252 } from './unescape-html.js';

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

/** Python's white space: JavaScript's without the byte order mark. */
const WHITE_SPACE = /[^\S\ufeff]+/gu;

/** Code points that ftfy's `remove_control_chars` deletes (tab, newline and carriage return stay). */
const CONTROL = new RegExp(
  '[\\u0000-\\u0008\\u000b\\u000e-\\u001f\\u007f\\u206a-\\u206f\\ufeff\\ufff9-\\ufffc]',
  'gu',
);

/** One round of ftfy's steps. */
function fixOnce(text: string): string {
  return text
    .replace(/[\u0080-\u009f]/gu, (c) => windows1252(c.charCodeAt(0)))
    .replace(/[Ĳĳŉ\u01c4-\u01cc\u01f1-\u01f3\ufb00-\ufb06]/gu, (c) => LIGATURES[c] ?? c)
    .replace(/\u3000/gu, ' ')
    .replace(/[\uff01-\uffef]/gu, (c) => c.normalize('NFKC'))
    .replace(/[\u02bc\u2018-\u201b]/gu, "'")
    .replace(/[\u201c-\u201f]/gu, '"')
    .replace(/\r\n|[\r\u2028\u2029]/gu, '\n')
    .replace(/\p{Surrogate}/gu, '\ufffd')
    .replace(/\u001b\[[\p{Nd};]*[a-zA-Z]/gu, '')
    .replace(CONTROL, '')
    .normalize('NFC');
}

/** ftfy's `fix_text`, but for its guesses at encodings. */
export function fixText(text: string): string {
  let entities = true;
  const lines = text.split(/(?<=\n)/u).map((line) => {
    if (line.includes('<')) entities = false; // the text is HTML, from here to its end
    for (let fixed = ''; ; line = fixed) {
      fixed = fixOnce(entities ? unescapeWholeEntities(line) : line);
      if (fixed === line) return line;
    }
  });
  return lines.join('');
}

/** The text as CLIP's tokenizer sees it: repaired, unescaped twice, white space collapsed, lower case. */
export function cleanText(text: string): string {
  const unescaped = unescapeHtml(unescapeHtml(fixText(text)));
  return unescaped.replace(WHITE_SPACE, ' ').replace(/^ | $/gu, '').toLowerCase();
}
