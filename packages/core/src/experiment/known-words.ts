/**
 * Texts that say nothing to CLIP, or less than they seem to.
 *
 * A small CLIP has embeddings for the words of its own world, and one more for all others: a picture can't be drawn towards
 * "mohawk" by a network to which it is the same as "zebra". Such words are named; a text in which no content word is known is
 * refused. Content words are all but the few that only join others: "a … with a …" says nothing when both gaps are unknown,
 * while "a person with a …" still says something, and is left to the user.
 */
import { usageError } from '../errors.js';
import { cleanText, unknownWords } from '../models/clip/index.js';
import type { Weights } from '../tensors/weights.js';

/** Articles, prepositions, conjunctions, and the forms of "be" and "have". */
const JOINING = new Set(
  'a an the this that of with without in on at to for from by as like and or but is are be has have'.split(' '),
);

/** What no reader sees: white space, control, format and unassigned characters, zero-width ones, fillers. */
const UNSEEN = /[\s\p{C}\p{Z}\p{Default_Ignorable_Code_Point}\u2800]/gu;

/** Words and digits as CLIP's tokenizer cuts them; endings such as 's and CLIP's own marks are cut off and not caught. */
const WORDS = /<\|(?:start|end)oftext\|>|'s|'t|'re|'ve|'m|'ll|'d|(\p{L}+|\p{N})/gu;

/** CLIP's own marks, which are tokens and no words. */
const MARKS = /<\|(?:start|end)oftext\|>/g;

/** What stands where a character was lost, and halves of characters, which no file in UTF-8 can keep. */
const LOST = /[\ufffd\p{Surrogate}]/u;

/** What a word has that is more than punctuation: a letter, a digit, a symbol or an emoji. */
const SAID = /[\p{L}\p{N}\p{S}]/u;

/** What is wrong with a text before any CLIP is asked, in words that follow its name; undefined when nothing is. */
export function textProblem(text: string): string | undefined {
  if (LOST.test(text)) {
    return `holds U+FFFD or half a character, so something was lost, got ${JSON.stringify(text)}; write it anew in UTF-8`;
  }
  const cleaned = cleanText(text);
  if (cleaned.replace(UNSEEN, '') === '') {
    return `holds nothing but blanks (spaces, control or zero-width characters), got ${JSON.stringify(text)}`;
  }
  if (cleaned.replace(MARKS, '').replace(UNSEEN, '') === '') {
    return `holds nothing but CLIP's marks of start and end, got ${JSON.stringify(text)}`;
  }
  return undefined;
}

/**
 * The words of a text that this CLIP has no embedding for, in their order, each once; none for a CLIP with its whole vocabulary.
 * Punctuation does not count. Reads a tensor: call it on the host.
 * @param key names the text in the error, such as `prompt`
 * @throws UserError when no content word is known
 */
export function requireKnownWords(clip: Weights, text: string, key: string): string[] {
  if (clip['vocabulary'] === undefined) return [];
  const unknown = [...new Set(unknownWords(clip, text).filter((word) => !word.startsWith("'") && SAID.test(word)))];
  const words = [...cleanText(text).matchAll(WORDS)].flatMap(([, word]) => word ?? []);
  if (words.every((word) => JOINING.has(word) || unknown.includes(word))) {
    const named = unknown.length > 0 ? `unknown: ${unknown.join(', ')}` : 'it has none';
    throw usageError(
      `${key}: the bundle's CLIP knows no content word of ${JSON.stringify(text)} (${named}); say it in words of its world`,
    );
  }
  return unknown;
}

/** What is said of words that `requireKnownWords` found unknown. */
export function describeUnknownWords(words: readonly string[]): string {
  const named = words.map((word) => JSON.stringify(word)).join(', ');
  return `the bundle's CLIP does not know ${named}: the edit can't follow ${words.length === 1 ? 'that word' : 'those words'}`;
}
