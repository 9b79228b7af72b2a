/**
 * What an avatar looks like, in words, and whether words are true of an avatar.
 *
 * A caption says one to four things that can be seen, never something hidden, and notes what it said: for each
 * mentioned factor the values of which the words are true. So "a person with a hat" is a true caption of many avatars, and
 * training can know which of a batch's texts are true of which of its pictures. Words are in `words-*.ts`, sentences in
 * `grammar.ts`; the two styles of wording share no phrase and no template.
 */
import type { Random } from '@styleclip/core';
import { COLOR_FACTOR, colorSlot, fillColor, type ColorSlot, type Concept, type Style } from './concepts.js';
import { factor, FACTORS, type Avatar, type FactorName } from './factors.js';
import { fragment, sentence, subject, TEMPLATES, type Statement } from './grammar.js';
import { hasBeard, hasHair, visible } from './visible.js';
import { colorNames, CONCEPTS, generalConcepts, specificConcept } from './words.js';

/** A factor that is spoken of, and the values of which the words are true. */
export interface Mention {
  readonly factor: FactorName;
  readonly values: readonly number[];
}

export interface Caption {
  readonly text: string;
  readonly mentions: readonly Mention[];
}

export interface CaptionOptions {
  /** Which wordings; those of training by default. */
  style?: Style;
  /** How many factors to speak of, if not drawn at random. */
  mentions?: number;
}

/** How many factors a caption speaks of: the shares of 1, 2, 3 and 4. */
const MENTION_SHARES = [0.36, 0.3, 0.2, 0.14] as const;

/** Of a value with general words ("a hat"), the share of captions that use them instead of the specific ones ("a beanie"). */
const GENERAL_SHARE = 0.3;

/**
 * The share of statements that use one of a concept's first wordings. A thesaurus gives "purple" thirty neighbours; those
 * that most people write are still met most often.
 */
const PLAIN_SHARE = 0.25;

/** How many wordings, and how many names of a colour, count as plain. */
const PLAIN_WORDINGS = 3;
const PLAIN_NAMES = 2;

/** Absence is less of a fact than presence: how often "no glasses" is spoken of, compared with a pair of glasses. */
const ABSENCE_WEIGHT = 0.4;

/** Whether all that is mentioned can be seen on the avatar and is so. */
export function matches(said: Caption | readonly Mention[], avatar: Avatar): boolean {
  const mentions = 'mentions' in said ? said.mentions : said;
  return mentions.every(
    (mention) => visible(avatar, mention.factor) && mention.values.includes(avatar[mention.factor]),
  );
}

/** A true caption of the avatar. */
export function caption(
  avatar: Avatar,
  random: Random,
  { style = 'train', mentions: count }: CaptionOptions = {},
): Caption {
  const chosen = chooseFactors(avatar, random, count ?? 1 + drawIndex(MENTION_SHARES, random));
  const colors = new Set<ColorSlot>();
  if (chosen.delete('hairColor')) colors.add('hair');
  if (chosen.delete('clothesColor')) colors.add('clothes');
  // Where there is no other hair, its colour is best said of the beard: that takes another factor's place.
  if (colors.has('hair') && !hasHair(avatar) && chosen.size > 0 && !chosen.has('beard')) {
    chosen.delete(random.pick([...chosen]));
    chosen.add('beard');
  }

  const mentions: Mention[] = [];
  const statements: Statement[] = [];
  const say = (concept: Concept, statement: Statement): void => {
    mentions.push({ factor: concept.factor, values: concept.values });
    statements.push(statement);
  };

  for (const name of chosen) {
    const concept = chooseConcept(name, avatar[name], random);
    say(concept, choosePhrase(concept, style, random, statements));
  }
  for (const slot of colors) {
    const name = COLOR_FACTOR[slot];
    const places = statements.flatMap(({ text }, i) => (colorSlot(text) === slot ? [i] : []));
    if (places.length > 0 && random.uniform() < 0.8) {
      const place = random.pick(places);
      const color = pickPlainly(colorNames(slot, avatar[name], style), PLAIN_NAMES, style, random);
      statements[place] = { place: 'after', text: fillColor(statements[place]!.text, color) };
      mentions.push({ factor: name, values: [avatar[name]] });
    } else {
      const concept = specificConcept(name, avatar[name]);
      say(concept, choosePhrase(concept, style, random, statements));
    }
  }
  return { text: sentence(statements.map(plain), random, style), mentions };
}

/** A prompt in the wordings of training, plain ones more often than their share. */
export function drawPrompt(concept: Concept, random: Random): string {
  return pickPlainly(conceptPrompts(concept, 'train'), PLAIN_WORDINGS, 'train', random);
}

/** As `drawPrompt`, without a noun. */
export function drawFragment(concept: Concept, random: Random): string {
  return fragment(plain(pickPlainly(statementsOf(concept, 'train'), PLAIN_WORDINGS, 'train', random)));
}

/**
 * Prompts that ask for one value of a factor and for no other: "a person with purple hair". The plainest comes first.
 *
 * @param style the wordings of training (default) or those it never saw
 */
export function prompts(name: FactorName, value: number, style: Style = 'train'): string[] {
  return [...conceptPrompts(specificConcept(name, value), style)];
}

/** What a prompt asks for, when it is one of the prompts of `prompts` or of a general concept ("a person with a hat"). */
export function understand(prompt: string): readonly Mention[] | undefined {
  known ??= knownPrompts();
  return known.get(prompt.trim().toLowerCase().replace(/\.$/, ''));
}

/** Every piece of text that the captions of a style are made of, for building a vocabulary. */
export function wordings(style: Style): string[] {
  const phrases = CONCEPTS.flatMap((concept) => {
    const { before = [], after = [] } = concept.wordings[style];
    return [...before, ...after].map((text) => fillColor(text));
  });
  const colors = (['hair', 'clothes'] as const).flatMap((slot) =>
    factor(COLOR_FACTOR[slot]).values.flatMap((_, value) => colorNames(slot, value, style)),
  );
  return [...new Set([...phrases, ...colors, ...TEMPLATES[style]])];
}

let known: Map<string, readonly Mention[]> | undefined;

function knownPrompts(): Map<string, readonly Mention[]> {
  const table = new Map<string, readonly Mention[]>();
  for (const concept of CONCEPTS) {
    const mentions = [{ factor: concept.factor, values: concept.values }];
    for (const style of ['held-out', 'train'] as const) {
      for (const statement of statementsOf(concept, style).map(plain)) {
        table.set(subject('person', [statement]), mentions);
        table.set(fragment(statement), mentions);
      }
    }
  }
  return table;
}

/** Both are asked for thousands of times a second, and are made of some hundred wordings. */
const promptsOf = new WeakMap<Concept, Partial<Record<Style, string[]>>>();
const statementTable = new WeakMap<Concept, Partial<Record<Style, Statement[]>>>();

function remembered<T>(
  table: WeakMap<Concept, Partial<Record<Style, T>>>,
  concept: Concept,
  style: Style,
  make: () => T,
): T {
  const known = table.get(concept) ?? {};
  table.set(concept, known);
  return (known[style] ??= make());
}

/** The concept's prompts. Shared; not to be changed. */
function conceptPrompts(concept: Concept, style: Style): readonly string[] {
  return remembered(promptsOf, concept, style, () =>
    statementsOf(concept, style).map((statement) => subject('person', [plain(statement)])),
  );
}

/** All statements of a concept, with their places for colours, the plainest first. Shared; not to be changed. */
function statementsOf(concept: Concept, style: Style): readonly Statement[] {
  return remembered(statementTable, concept, style, () => {
    const { before = [], after = [], plainest = 'after' } = concept.wordings[style];
    const adjectives = before.map((text) => ({ place: 'before' as const, text }));
    const phrases = after.map((text) => ({ place: 'after' as const, text }));
    return plainest === 'before' ? [...adjectives, ...phrases] : [...phrases, ...adjectives];
  });
}

/** One of the list; in training one of its first `plain` more often than its share. */
function pickPlainly<T>(options: readonly T[], plain: number, style: Style, random: Random): T {
  return random.pick(style === 'train' && random.uniform() < PLAIN_SHARE ? options.slice(0, plain) : options);
}

/** A statement whose place for a colour stays empty. */
function plain({ place, text }: Statement): Statement {
  return { place, text: fillColor(text) };
}

/** `count` different factors that can be seen, or fewer if there are not so many. */
function chooseFactors(avatar: Avatar, random: Random, count: number): Set<FactorName> {
  const seen = FACTORS.filter(({ name }) => visible(avatar, name)).map(({ name }) => name);
  const chosen = new Set<FactorName>();
  while (chosen.size < Math.min(count, seen.length)) {
    const left = seen.filter((name) => !chosen.has(name));
    chosen.add(
      left[
        drawIndex(
          left.map((name) => (isAbsent(avatar, name) ? ABSENCE_WEIGHT : 1)),
          random,
        )
      ]!,
    );
  }
  return chosen;
}

function isAbsent(avatar: Avatar, name: FactorName): boolean {
  return (name === 'glasses' && avatar.glasses === 0) || (name === 'beard' && !hasBeard(avatar));
}

function chooseConcept(name: FactorName, value: number, random: Random): Concept {
  const general = generalConcepts(name, value);
  return general.length > 0 && random.uniform() < GENERAL_SHARE ? random.pick(general) : specificConcept(name, value);
}

/** A wording of the concept; an adjective only while there are fewer than two. */
function choosePhrase(concept: Concept, style: Style, random: Random, said: readonly Statement[]): Statement {
  const adjectives = said.filter(({ place }) => place === 'before').length;
  const all = statementsOf(concept, style);
  return pickPlainly(
    adjectives < 2 ? all : all.filter(({ place }) => place === 'after'),
    PLAIN_WORDINGS,
    style,
    random,
  );
}

/** An index drawn with the given weights. */
function drawIndex(weights: readonly number[], random: Random): number {
  let rest = random.uniform() * weights.reduce((sum, weight) => sum + weight, 0);
  const index = weights.findIndex((weight) => (rest -= weight) < 0);
  return index < 0 ? weights.length - 1 : index;
}
