/**
 * The texts of one contrastive batch, and which of them fit which picture.
 *
 * First one caption for each value of each factor, in a wording drawn anew each time, whether a picture shows it or not
 * (so that every batch asks all zero-shot questions, and a value's neighbours are the hardest negatives), then whole
 * descriptions of some of the pictures, last some statements that are true of several values ("darker hair", "no hat").
 * A value is asked for once, however many wordings it has, and a wording of a rich value is not met more often than one
 * of a poor one's. Texts are short in
 * this world: each kind is cut to a fixed number of tokens, which causal attention allows, and a text that would be
 * longer is drawn again.
 *
 * The grammar says a thing in a few ways, people say it in many. So that CLIP learns words and not sentences, some texts
 * are shaken: words are left out or put in, and a single statement's words may come in any order (a description's must not: whose
 * colour is it?). Words that deny are never left out. Now and then a word is hidden behind the row for unknown words.
 */
import { END_OF_TEXT, IMAGENET_TEMPLATES, rowsOf, START_OF_TEXT, tf, tokenize, type Random } from '@styleclip/core';
import { caption, drawFragment, drawPrompt, matches, wordings, type Mention } from '../captions.js';
import type { Concept } from '../concepts.js';
import { FACTORS, type Avatar, type FactorName } from '../factors.js';
import { NOUNS, TEMPLATES } from '../grammar.js';
import { visible } from '../visible.js';
import { COMMON_WORDS } from '../words-common.js';
import { CONCEPTS, specificConcept } from '../words.js';

export interface CaptionBatchOptions {
  /** Sorted token ids that the text transformer has rows for. */
  readonly vocabulary: readonly number[];
  /** How many whole descriptions. */
  readonly descriptions: number;
  /** How many statements that are true of several values; they stand behind the descriptions. */
  readonly general?: number;
  /** Tokens, start and end included, of single statements and of descriptions. */
  readonly statementTokens?: number;
  readonly descriptionTokens?: number;
  /** Share of words that are hidden. */
  readonly wordDropout?: number;
  /** Share of texts that are shaken. */
  readonly shaken?: number;
}

export interface CaptionBatch {
  /** Rows of the token embedding, [statements, statementTokens] and [descriptions + general, descriptionTokens] int32. */
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
    general = 0,
    statementTokens = 14,
    descriptionTokens = 26,
    wordDropout = 0.04,
    shaken = 0.35,
  } = options;
  const plainStatements: Text[] = FACTORS.flatMap(({ name, values }) =>
    values.map((_, value) => ({
      ids: fitting(() => statement(specificConcept(name, value), random), statementTokens),
      mentions: [{ factor: name, values: [value] }],
    })),
  );
  const plainDescriptions: Text[] = [
    ...Array.from({ length: count }, (_, n) => describe(avatars[n % avatars.length]!, random, descriptionTokens)),
    ...Array.from({ length: general }, () => {
      const concept = random.pick(GENERAL);
      return { ids: fitting(() => statement(concept, random), descriptionTokens), mentions: [concept] };
    }),
  ];
  const shakeSome = (texts: readonly Text[], length: number, anyOrder: boolean): Text[] =>
    texts.map((text) =>
      random.uniform() < shaken ? { ...text, ids: shake(text.ids, random, { anyOrder, length, vocabulary }) } : text,
    );
  const statements = shakeSome(plainStatements, statementTokens, true);
  const descriptions = shakeSome(plainDescriptions, descriptionTokens, false);
  const hidden = (row: number): boolean =>
    row < vocabulary.length - 1 && !denies(vocabulary[row]!) && random.uniform() < wordDropout;
  const tokens = (texts: readonly Text[], length: number): tf.Tensor2D => {
    const ids = texts.flatMap((text) => [...text.ids, ...new Array<number>(length - text.ids.length).fill(0)]);
    const rows = rowsOf(vocabulary, ids).map((row, i) => (i % length > 0 && hidden(row) ? vocabulary.length : row));
    return tf.tensor2d(Int32Array.from(rows), [texts.length, length], 'int32');
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

/**
 * The token ids that the pruned token embedding has rows for, sorted: everything that training's captions say, the
 * templates of global directions, and common words (words-common.ts). A word is the same tokens in every sentence.
 */
export function captionVocabulary(): number[] {
  const ids = new Set([START_OF_TEXT, END_OF_TEXT]);
  const add = (text: string): void => idsOf(text).forEach((id) => ids.add(id));
  const lists = [wordings('train'), NOUNS.train, IMAGENET_TEMPLATES, COMMON_WORDS];
  for (const text of lists.flat()) add(text.replace('{}', ' '));
  add('a, b. c! d? e - f: g; (h) "i" & j / k\'s');
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

/** What is true of several values. */
const GENERAL = CONCEPTS.filter(({ values }) => values.length > 1);

/** A concept in a sentence: bare, in a template, in one of those that global directions use, or without a noun. */
function statement(concept: Concept, random: Random): string {
  const draw = random.uniform();
  if (draw < 0.15) return drawFragment(concept, random);
  const noun = random.pick(NOUNS.train);
  const text = drawPrompt(concept, random)
    .replace(/\bperson\b/, noun)
    .replace(/^a (?=[aeiou])/, 'an ');
  if (draw < 0.5) return text;
  if (draw < 0.85) return random.pick(TEMPLATES.train).replace('{}', text);
  return random.pick(IMAGENET_TEMPLATES).replace('{}', text.replace(/^an? /, ''));
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
 * Leaves out about one word in ten, puts in one or two that have no business there (so that a word means what it means
 * wherever it stands, and "deep" is not red because one red was called so), and changes the order if any will do.
 * Most of the strangers are common words, of which nothing is to be made.
 */
function shake(ids: readonly number[], random: Random, { anyOrder, length, vocabulary }: ShakeOptions): number[] {
  const words = ids.slice(1, -1).filter((id) => denies(id) || random.uniform() >= 0.1);
  const strangers = Math.min(random.int(3), length - 2 - words.length);
  for (let i = 0; i < strangers; i++) {
    const stranger =
      random.uniform() < 0.8 ? random.pick(meaningless()) : vocabulary[random.int(vocabulary.length - 2)]!; // start and end are the last two
    if (!denies(stranger)) words.splice(random.int(words.length + 1), 0, stranger);
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

/** Tokens of words that turn what is said into its opposite, or into less of it. */
const DENIALS = `no not without lacking lacks minus none never neither nor less fewer free removed off gone isn't doesn't
  can't aren't hasn't zero lost un`;
let denials: ReadonlySet<number> | undefined;
function denies(id: number): boolean {
  denials ??= new Set(idsOf(DENIALS).slice(1, -1));
  return denials.has(id);
}

/** Ids of the common words of one token that no wording of training uses. */
let strangers: readonly number[] | undefined;
function meaningless(): readonly number[] {
  if (!strangers) {
    const meant = new Set(
      CONCEPTS.flatMap(({ wordings: { train } }) => [...(train.before ?? []), ...(train.after ?? [])]).flatMap(idsOf),
    );
    const common = COMMON_WORDS.map((word) => idsOf(word)).filter((ids) => ids.length === 3);
    strangers = common.map((ids) => ids[1]!).filter((id) => !meant.has(id));
  }
  return strangers;
}
