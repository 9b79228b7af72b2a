/** Words for clothing and for the three colours. */
import { concept, type Concept, type Style, type Wording } from './concepts.js';
import type { ValueName } from './factors.js';

const CLOTHING_WORDS: readonly Concept[] = [
  concept(
    'clothing',
    'crewneck',
    {
      after: [
        'in a {clothes} t-shirt',
        'wearing a {clothes} t-shirt',
        'in a {clothes} crew neck shirt',
        'with a {clothes} round neck shirt',
      ],
    },
    {
      after: [
        'with a {clothes} t-shirt on',
        'wearing a {clothes} shirt with a round neck',
        'in a {clothes} crew neck t-shirt',
      ],
    },
  ),
  concept(
    'clothing',
    'vneck',
    {
      after: [
        'in a {clothes} v-neck',
        'wearing a {clothes} v-neck',
        'in a {clothes} v-neck shirt',
        'with a {clothes} v-neck top',
      ],
    },
    {
      after: [
        'wearing a {clothes} shirt with a v-neck',
        'with a {clothes} v-neck on',
        'whose {clothes} shirt has a v-neck',
      ],
    },
  ),
  concept(
    'clothing',
    'scoop',
    {
      after: [
        'in a {clothes} scoop neck top',
        'wearing a {clothes} scoop neck shirt',
        'in a low-cut {clothes} shirt',
        'with a low-cut {clothes} top',
      ],
    },
    {
      after: [
        'wearing a {clothes} top with a scoop neck',
        'in a {clothes} top that is low-cut',
        'whose {clothes} shirt has a scoop neck',
      ],
    },
  ),
  concept(
    'clothing',
    'hoodie',
    {
      after: [
        'in a {clothes} hoodie',
        'wearing a {clothes} hoodie',
        'in a {clothes} hooded sweater',
        'with a {clothes} hoodie',
      ],
    },
    { after: ['with a {clothes} hoodie on', 'wearing a hooded {clothes} top', 'who is wearing a {clothes} hoodie'] },
  ),
  concept(
    'clothing',
    'overalls',
    {
      after: [
        'in {clothes} overalls',
        'wearing {clothes} overalls',
        'in {clothes} dungarees',
        'with {clothes} straps over the shoulders',
      ],
    },
    { after: ['with {clothes} overalls on', 'wearing {clothes} dungarees', 'with {clothes} dungarees on'] },
  ),
  concept(
    'clothing',
    'collar',
    {
      after: [
        'in a collared {clothes} sweater',
        'wearing a {clothes} sweater with a collar',
        'in a {clothes} sweater over a collared shirt',
        'with a {clothes} sweater and a white collar',
      ],
    },
    {
      after: [
        'wearing a collared {clothes} sweater',
        'whose {clothes} sweater has a collar',
        'with a {clothes} sweater on and a white collar',
      ],
    },
  ),
  concept(
    'clothing',
    'blazer',
    {
      after: [
        'in a {clothes} blazer',
        'wearing a {clothes} blazer',
        'in a {clothes} jacket',
        'wearing a {clothes} suit jacket',
      ],
    },
    { after: ['with a {clothes} blazer on', 'in a {clothes} suit jacket', 'who is wearing a {clothes} jacket'] },
  ),
];

/** What a colour is called; the first name is the plainest. */
export type ColorNames<F extends 'hairColor' | 'clothesColor' | 'skin'> = Readonly<
  Record<ValueName<F>, Readonly<Record<Style, readonly string[]>>>
>;

export const HAIR_COLOR_NAMES: ColorNames<'hairColor'> = {
  black: { train: ['black', 'jet black'], 'held-out': ['deep black', 'pure black'] },
  brown: { train: ['brown', 'dark brown', 'chestnut'], 'held-out': ['deep brown', 'chestnut brown'] },
  blonde: { train: ['blonde', 'blond', 'golden', 'light yellow'], 'held-out': ['golden blonde', 'light blonde'] },
  ginger: { train: ['ginger', 'orange', 'copper'], 'held-out': ['bright orange', 'copper orange'] },
  silver: { train: ['silver', 'gray', 'grey', 'light gray'], 'held-out': ['silver gray', 'light grey'] },
  red: { train: ['red', 'crimson', 'deep red'], 'held-out': ['crimson red', 'pure red'] },
  pink: { train: ['pink', 'light pink', 'rose'], 'held-out': ['rose pink', 'bright pink'] },
  purple: { train: ['purple', 'violet', 'bright purple'], 'held-out': ['deep purple', 'violet purple'] },
  blue: { train: ['blue', 'bright blue', 'pure blue'], 'held-out': ['deep blue'] },
  green: { train: ['green', 'emerald', 'bright green'], 'held-out': ['emerald green', 'deep green'] },
};

export const CLOTHES_COLOR_NAMES: ColorNames<'clothesColor'> = {
  black: { train: ['black', 'dark'], 'held-out': ['deep black'] },
  gray: { train: ['gray', 'grey'], 'held-out': ['light gray', 'silver grey'] },
  red: { train: ['red', 'bright red'], 'held-out': ['deep red'] },
  orange: { train: ['orange', 'bright orange'], 'held-out': ['light orange'] },
  yellow: { train: ['yellow', 'bright yellow'], 'held-out': ['golden yellow'] },
  green: { train: ['green', 'emerald'], 'held-out': ['emerald green'] },
  blue: { train: ['blue', 'bright blue'], 'held-out': ['pure blue'] },
  purple: { train: ['purple', 'violet'], 'held-out': ['bright violet'] },
};

export const SKIN_NAMES: ColorNames<'skin'> = {
  pale: { train: ['pale', 'very light', 'white'], 'held-out': ['very pale'] },
  light: { train: ['fair', 'light', 'peach'], 'held-out': ['light peach'] },
  tan: { train: ['tan', 'tanned', 'golden'], 'held-out': ['golden tan'] },
  brown: { train: ['brown', 'medium brown'], 'held-out': ['plain brown'] },
  dark: { train: ['dark', 'dark brown', 'very dark'], 'held-out': ['deep dark'] },
};

/** Phrases with a place for a colour that say the colour alone. */
export const COLOR_PHRASES = {
  hairColor: {
    train: {
      before: ['{color}-haired'],
      after: ['with {color} hair', 'who has {color} hair', 'with {color} colored hair'],
    },
    'held-out': { after: ['whose hair is {color}', 'with hair that is {color}', 'with hair colored {color}'] },
  },
  clothesColor: {
    train: {
      after: [
        'in {color} clothes',
        'dressed in {color}',
        'wearing {color} clothes',
        'wearing {color}',
        'whose clothes are {color}',
      ],
    },
    'held-out': { after: ['with clothes that are {color}', 'with {color} clothes on', 'dressed in {color} clothes'] },
  },
  skin: {
    train: { before: ['{color}-skinned'], after: ['with {color} skin', 'who has {color} skin', 'with a {color} face'] },
    'held-out': { after: ['whose skin is {color}', 'with skin that is {color}', 'whose face is {color}'] },
  },
} as const satisfies Record<string, Record<Style, Wording>>;

/** Every phrase of the colour with every name of every value. */
function colorWords<F extends 'hairColor' | 'clothesColor' | 'skin'>(factor: F, names: ColorNames<F>): Concept[] {
  const say = (style: Style, value: ValueName<F>): Wording => {
    const phrases: Wording = COLOR_PHRASES[factor][style];
    // A name that training knows becomes a new wording in a phrase that it does not know.
    const called = style === 'train' ? names[value].train : [...names[value]['held-out'], names[value].train[0]!];
    const fill = (phrase: string): string[] => called.map((name) => phrase.replace('{color}', name));
    return { before: phrases.before?.flatMap(fill), after: phrases.after?.flatMap(fill) };
  };
  return (Object.keys(names) as ValueName<F>[]).map((value) =>
    concept(factor, value, say('train', value), say('held-out', value)),
  );
}

export const BODY_WORDS: readonly Concept[] = [
  ...CLOTHING_WORDS,
  ...colorWords('hairColor', HAIR_COLOR_NAMES),
  ...colorWords('clothesColor', CLOTHES_COLOR_NAMES),
  ...colorWords('skin', SKIN_NAMES),
];
