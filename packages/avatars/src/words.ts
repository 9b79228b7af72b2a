/** All that can be said about an avatar: the tables of words, put together and indexed by what they are true of. */
import { BEARD_WORDS } from './words-beard.js';
import { CLOTHING_WORDS } from './words-clothes.js';
import { CLOTHES_COLOR_NAMES, COLOR_WORDS, HAIR_COLOR_NAMES } from './words-colors.js';
import type { ColorSlot, Concept, Style } from './concepts.js';
import { EYE_AND_BROW_WORDS } from './words-eyes.js';
import { factor, FACTORS, type FactorName } from './factors.js';
import { GLASSES_WORDS } from './words-glasses.js';
import { GENERAL_HAIR_WORDS } from './words-hair-general.js';
import { HAIR_WORDS } from './words-hair.js';
import { HAT_WORDS } from './words-hats.js';
import { MOUTH_WORDS } from './words-mouth.js';

export const CONCEPTS: readonly Concept[] = [
  ...HAIR_WORDS,
  ...GENERAL_HAIR_WORDS,
  ...HAT_WORDS,
  ...EYE_AND_BROW_WORDS,
  ...MOUTH_WORDS,
  ...GLASSES_WORDS,
  ...BEARD_WORDS,
  ...CLOTHING_WORDS,
  ...COLOR_WORDS,
];

const specific = new Map<string, Concept>();
const general = new Map<string, Concept[]>();
for (const concept of CONCEPTS) {
  for (const value of concept.values) {
    const key = `${concept.factor}/${value}`;
    if (concept.values.length > 1) general.set(key, [...(general.get(key) ?? []), concept]);
    else if (specific.has(key)) throw new Error(`there are two lists of words for ${concept.factor} number ${value}`);
    else specific.set(key, concept);
  }
}
for (const { name, values } of FACTORS) {
  values.forEach((value, index) => {
    if (!specific.has(`${name}/${index}`)) throw new Error(`there are no words for ${name} "${value}"`);
  });
}

/** The concept that is true of this value alone. */
export function specificConcept(name: FactorName, value: number): Concept {
  const found = specific.get(`${name}/${value}`);
  if (!found) throw new RangeError(`"${name}" has ${factor(name).values.length} values, number ${value} was asked for`);
  return found;
}

/** The concepts that are true of this value and of others. */
export function generalConcepts(name: FactorName, value: number): readonly Concept[] {
  return general.get(`${name}/${value}`) ?? [];
}

/** What the colour of hair or clothes with this value may be called. Held-out phrases also use training's plainest name. */
export function colorNames(slot: ColorSlot, value: number, style: Style): readonly string[] {
  const table = slot === 'hair' ? HAIR_COLOR_NAMES : CLOTHES_COLOR_NAMES;
  const names = Object.values(table)[value];
  if (!names) throw new RangeError(`there is no ${slot} colour number ${value}`);
  return style === 'train' ? names.train : [...names['held-out'], ...names.further, names.train[0]!];
}
