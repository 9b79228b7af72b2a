/**
 * From statements to a sentence.
 *
 * A sentence is a template ("a photo of …") around a subject: a noun with adjectives before and phrases after it. Phrases
 * that begin with "with" are drawn together, clauses ("who is winking") come last. Some sentences are bare fragments
 * ("purple hair, round glasses"), since that is how people write prompts. Nouns say nothing about the avatar, they are
 * drawn at random: the model must learn that "a woman" and "a man" are no facts of this world.
 */
import type { Random } from '@styleclip/core';
import type { Style } from './concepts.js';

/** One thing said, where it stands. */
export interface Statement {
  readonly place: 'before' | 'after';
  readonly text: string;
}

/** Templates; the bare subject counts as much as all the others. */
export const TEMPLATES: Readonly<Record<Style, readonly string[]>> = {
  train: [
    'a photo of {}',
    'a picture of {}',
    'an image of {}',
    'an avatar of {}',
    'a cartoon of {}',
    'a drawing of {}',
    'a portrait of {}',
    'the face of {}',
    'a close-up photo of {}',
    'an illustration of {}',
    'this is {}',
    'a cartoon avatar of {}',
    'a photo of the face of {}',
    'a good drawing of {}',
    'a photograph of {}',
    'a painting of {}',
    'a sketch of {}',
    'a rendering of {}',
    'a headshot of {}',
    'a selfie of {}',
    'a nice portrait of {}',
    'here is {}',
    'there is {}',
    'we see {}',
    'a high quality picture of {}',
    'a simple avatar of {}',
    'a funny cartoon of {}',
  ],
  'held-out': [
    'a cartoon portrait of {}',
    'this is a photo of {}',
    'a close-up drawing of {}',
    'this avatar is {}',
    'a good picture of {}',
    'an image of the face of {}',
    'a portrait photo of {}',
  ],
};

/** Nouns with their shares; they say nothing about the avatar. */
export const NOUNS: Readonly<Record<Style, readonly string[]>> = {
  train: [
    ...new Array<string>(8).fill('person'),
    ...['face', 'man', 'woman', 'character', 'human', 'guy', 'lady', 'boy', 'girl', 'avatar', 'figure', 'head'],
  ],
  'held-out': ['person', 'person', 'human face', 'cartoon person', 'character'],
};

const FRAGMENT_SHARE = { train: 0.1, 'held-out': 0 } as const satisfies Record<Style, number>;

/** A sentence that says all statements in some order. */
export function sentence(statements: readonly Statement[], random: Random, style: Style): string {
  if (random.uniform() < FRAGMENT_SHARE[style]) {
    return random.shuffle(statements.map(fragment)).join(random.pick([', ', ' and ']));
  }
  const about = subject(random.pick(NOUNS[style]), random.shuffle([...statements]), random.pick([' and ', ', ']));
  // Training says half of its sentences bare; what is held back always wears a template that training has not seen.
  if (style === 'train' && random.uniform() < 0.5) return about;
  return random.pick(TEMPLATES[style]).replace('{}', about);
}

/** A noun with all that is said of it: "a bald person with round glasses and a small smile". */
export function subject(noun: string, statements: readonly Statement[], comma = ' and '): string {
  const before = statements.filter(({ place }) => place === 'before').map(({ text }) => text);
  const after = statements.filter(({ place }) => place === 'after').map(({ text }) => text);
  const withs = after.filter((text) => text.startsWith('with '));
  const clauses = after.filter((text) => /^who(se)? /.test(text));
  const others = after.filter((text) => !withs.includes(text) && !clauses.includes(text));
  const phrases = [
    ...(withs.length > 0 ? [`with ${list(withs.map((text) => text.slice('with '.length)))}`] : []),
    ...others,
    ...clauses,
  ];
  return articles(`a ${[...before, noun].join(' ')}${phrases.length > 0 ? ` ${phrases.join(comma)}` : ''}`);
}

/** A statement alone, as one writes prompts: "with a purple bob" becomes "purple bob". */
export function fragment({ text }: Statement): string {
  return articles(text.replace(/^with (the |a )?/, ''));
}

/** "a afro" becomes "an afro". */
function articles(text: string): string {
  return text.replace(/\ba (?=[aeiou])(?!one\b)/g, 'an ');
}

/** "x", "x and y", "x, y and z". */
function list(items: readonly string[]): string {
  return items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)!}`;
}
