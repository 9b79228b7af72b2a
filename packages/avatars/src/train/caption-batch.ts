/**
 * The texts of one contrastive batch, and which of them fit which picture.
 *
 * First one caption for each value of each factor, in a wording drawn anew each time, whether a picture shows it or not
 * (so that every batch asks all zero-shot questions), then whole descriptions of some of the pictures. Texts are short in
 * this world: each kind is cut to a fixed number of tokens, which causal attention allows, and a text that would be
 * longer is drawn again.
 *
 * The grammar says a thing in a few ways, people say it in many. So that CLIP learns words and not sentences, some texts
 * are shaken: words are left out or put in, and a single statement's words may come in any order (a description's must not: whose
 * colour is it?). Now and then a word is hidden behind the row for unknown words.
 */
import { END_OF_TEXT, rowsOf, START_OF_TEXT, tf, tokenize, type Random } from '@styleclip/core';
import { caption, matches, prompts, wordings, type Mention } from '../captions.js';
import { FACTORS, sampleAvatar, type Avatar, type FactorName } from '../factors.js';
import { TEMPLATES } from '../grammar.js';
import { visible } from '../visible.js';

export interface CaptionBatchOptions {
  /** Sorted token ids that the text transformer has rows for. */
  readonly vocabulary: readonly number[];
  /** How many whole descriptions. */
  readonly descriptions: number;
  /** Tokens, start and end included, of single statements and of descriptions. */
  readonly statementTokens?: number;
  readonly descriptionTokens?: number;
  /** Share of words that are hidden. */
  readonly wordDropout?: number;
  /** Share of texts that are shaken. */
  readonly shaken?: number;
}

export interface CaptionBatch {
  /** Rows of the token embedding, [statements, statementTokens] and [descriptions, descriptionTokens] int32. */
  readonly statements: tf.Tensor2D;
  readonly descriptions: tf.Tensor2D;
  /** [pictures, statements + descriptions], 1 where the text fits. */
  readonly matches: tf.Tensor2D;
  /** [pictures, values of all factors], 1 for what a picture shows. */
  readonly shown: tf.Tensor2D;
  /** [statements + descriptions, values of all factors], 1 for what a text is true of. */
  readonly spoken: tf.Tensor2D;
}

/** Sizes of the groups of captions: the values of each factor, and the descriptions. */
export function captionGroups(descriptions: number): number[] {
  return [...FACTORS.map(({ values }) => values.length), descriptions];
}

/** Draws the texts for a batch of pictures. The caller disposes the tensors. */
export function captionBatch(avatars: readonly Avatar[], random: Random, options: CaptionBatchOptions): CaptionBatch {
  const {
    vocabulary,
    descriptions: count,
    statementTokens = 14,
    descriptionTokens = 26,
    wordDropout = 0.04,
    shaken = 0.35,
  } = options;
  const plainStatements: Text[] = FACTORS.flatMap(({ name, values }) =>
    values.map((_, value) => ({
      ids: fitting(() => statement(random.pick(prompts(name, value)), random), statementTokens),
      mentions: [{ factor: name, values: [value] }],
    })),
  );
  const plainDescriptions: Text[] = Array.from({ length: count }, (_, n) =>
    describe(avatars[n % avatars.length]!, random, descriptionTokens),
  );
  const shakeSome = (texts: readonly Text[], length: number, anyOrder: boolean): Text[] =>
    texts.map((text) =>
      random.uniform() < shaken ? { ...text, ids: shake(text.ids, random, { anyOrder, length, vocabulary }) } : text,
    );
  const statements = shakeSome(plainStatements, statementTokens, true);
  const descriptions = shakeSome(plainDescriptions, descriptionTokens, false);
  const hide = (rows: number[]): number[] =>
    rows.map((row, i) =>
      i > 0 && row < vocabulary.length - 1 && random.uniform() < wordDropout ? vocabulary.length : row,
    );
  const tokens = (texts: readonly Text[], length: number): tf.Tensor2D => {
    const rows = texts.map(({ ids }) =>
      hide(rowsOf(vocabulary, [...ids, ...new Array<number>(length - ids.length).fill(0)])),
    );
    return tf.tensor2d(Int32Array.from(rows.flat()), [texts.length, length], 'int32');
  };
  const all = [...statements, ...descriptions];
  const fits = Float32Array.from(
    avatars.flatMap((avatar) => all.map(({ mentions }) => (matches(mentions, avatar) ? 1 : 0))),
  );
  return {
    statements: tokens(statements, statementTokens),
    descriptions: tokens(descriptions, descriptionTokens),
    matches: tf.tensor2d(fits, [avatars.length, all.length]),
    shown: tf.tensor2d(
      Float32Array.from(
        avatars.flatMap((avatar) => valueRow((name, value) => visible(avatar, name) && avatar[name] === value)),
      ),
      [avatars.length, statements.length],
    ),
    spoken: tf.tensor2d(
      Float32Array.from(
        all.flatMap(({ mentions }) =>
          valueRow((name, value) => mentions.some((said) => said.factor === name && said.values.includes(value))),
        ),
      ),
      [all.length, statements.length],
    ),
  };
}

/** The token ids of everything that training's captions say, sorted: the rows of the pruned token embedding. */
export function captionVocabulary(random: Random, samples = 20_000): number[] {
  const ids = new Set([START_OF_TEXT, END_OF_TEXT]);
  const add = (text: string): void => tokenize(text).forEach((row) => row.forEach((id) => ids.add(id)));
  for (const wording of wordings('train')) add(wording.replace('{}', ''));
  for (let i = 0; i < samples; i++) add(caption(sampleAvatar(random), random).text);
  ids.delete(0); // padding
  return [...ids].sort((a, b) => a - b);
}

/** One number for each value of each factor: 1 where `holds`. */
function valueRow(holds: (name: FactorName, value: number) => boolean): number[] {
  return FACTORS.flatMap(({ name, values }) => values.map((_, value) => (holds(name, value) ? 1 : 0)));
}

interface Text {
  readonly ids: readonly number[];
  readonly mentions: readonly Mention[];
}

/** Nouns that say nothing about the avatar. */
const NOUNS = ['person', 'person', 'person', 'face', 'man', 'woman', 'character', 'human'] as const;

/** A prompt with another noun, in a template half of the time. */
function statement(prompt: string, random: Random): string {
  const text = prompt.replace(/\bperson\b/, random.pick(NOUNS));
  return random.uniform() < 0.5 ? text : random.pick(TEMPLATES.train).replace('{}', text);
}

/** Ids, with start and end, of the first drawn text that fits into `length` tokens. */
function fitting(draw: () => string, length: number): number[] {
  for (let attempt = 0; attempt < 100; attempt++) {
    const ids = idsOf(draw());
    if (ids.length <= length) return ids;
  }
  throw new Error(`no wording of a caption fits into ${length} tokens`);
}

function describe(avatar: Avatar, random: Random, length: number): Text {
  for (let attempt = 0; attempt < 100; attempt++) {
    const { text, mentions } = caption(avatar, random);
    const ids = idsOf(text);
    if (ids.length <= length) return { ids, mentions };
  }
  throw new Error(`no description of an avatar fits into ${length} tokens`);
}

/**
 * Leaves out about one word in eight, puts in one or two that have no business there (so that a word means what it means
 * wherever it stands, and "deep" is not red because one red was called so), and changes the order if any will do.
 */
function shake(ids: readonly number[], random: Random, { anyOrder, length, vocabulary }: ShakeOptions): number[] {
  const words = ids.slice(1, -1).filter(() => random.uniform() >= 0.12);
  const strangers = Math.min(random.int(3), length - 2 - words.length);
  for (let i = 0; i < strangers; i++) {
    words.splice(random.int(words.length + 1), 0, vocabulary[random.int(vocabulary.length - 2)]!); // start and end are the last two
  }
  if (anyOrder && random.uniform() < 0.5) random.shuffle(words);
  return [START_OF_TEXT, ...words, END_OF_TEXT];
}

interface ShakeOptions {
  readonly anyOrder: boolean;
  /** Most tokens, start and end included. */
  readonly length: number;
  readonly vocabulary: readonly number[];
}

function idsOf(text: string): number[] {
  const [row] = tokenize(text);
  return row!.slice(0, row!.indexOf(END_OF_TEXT) + 1);
}
