/**
 * What can be said about an avatar.
 *
 * A concept is a statement about one factor that is true of one or more of its values ("a beanie", but also "a hat", which
 * is true of a beanie and of a brimmed hat), with the ways of saying it. There are two sets of wordings: those that
 * training uses, and those kept back, which ask for the same in other words. Training has the whole thesaurus, for what
 * people write should be known. So what is kept back is no rare synonym but a combination: words that training knows from
 * elsewhere in a phrase ("whose hair is …", "with … on") or next to a word ("rose pink", "deep purple") where it has never
 * seen them. No wording that is kept back stands in one of training, whole or within it.
 *
 * A wording stands before the noun ("bald") or after it ("with a bald head"). After it, `{hair}` and `{clothes}` are
 * places for a colour, which may stay empty: hats take the colour of the clothes, beards that of the hair. The article is
 * always written "a"; the grammar turns it into "an" where the next word asks for it.
 */
import { valueIndex, type FactorName, type ValueName } from './factors.js';

/** Which set of wordings. */
export type Style = 'train' | 'held-out';

/** Ways to say one thing. */
export interface Wording {
  /** Adjectives: "a … person". */
  readonly before?: readonly string[];
  /** Phrases: "a person …". */
  readonly after?: readonly string[];
  /** Which list begins with the plainest wording, the one a person would try first; `after` by default. */
  readonly plainest?: 'before' | 'after';
}

export interface Concept {
  readonly factor: FactorName;
  /** Indices of the values of which it is true. */
  readonly values: readonly number[];
  readonly wordings: Readonly<Record<Style, Wording>>;
}

/**
 * One concept; a helper that keeps the tables of words readable and their value names checked.
 *
 * Frames (words-frames.ts) make many wordings, now and then one that is kept back; training does without those.
 */
export function concept<F extends FactorName>(
  factor: F,
  values: ValueName<F> | readonly ValueName<F>[],
  train: Wording,
  heldOut: Wording,
): Concept {
  const names = typeof values === 'string' ? [values] : values;
  const kept = [...(heldOut.before ?? []), ...(heldOut.after ?? [])].map((phrase) => fillColor(phrase));
  const apart = (phrases: readonly string[] = []): string[] =>
    phrases.filter((phrase) => !kept.some((other) => containsPhrase(fillColor(phrase), other)));
  return {
    factor,
    values: names.map((name) => valueIndex(factor, name)),
    wordings: { train: { ...train, before: apart(train.before), after: apart(train.after) }, 'held-out': heldOut },
  };
}

/** Whether the words of `phrase` stand next to each other, in their order, in `text`. */
export function containsPhrase(text: string, phrase: string): boolean {
  return ` ${text} `.includes(` ${phrase} `);
}

/** The colour a phrase has a place for. */
export type ColorSlot = 'hair' | 'clothes';

export const COLOR_FACTOR = { hair: 'hairColor', clothes: 'clothesColor' } as const satisfies Record<
  ColorSlot,
  FactorName
>;

/** The place for a colour in a phrase, if it has one. */
export function colorSlot(phrase: string): ColorSlot | undefined {
  return phrase.includes('{hair}') ? 'hair' : phrase.includes('{clothes}') ? 'clothes' : undefined;
}

/** Puts a colour (or nothing) into a phrase's place. */
export function fillColor(phrase: string, color = ''): string {
  return phrase
    .replace(/\{(hair|clothes)\}/g, color)
    .replace(/ {2,}/g, ' ')
    .trim();
}
