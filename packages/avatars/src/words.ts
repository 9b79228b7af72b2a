/** All that can be said about an avatar: the tables of words, put together and indexed by what they are true of. */
import { CLOTHES_COLOR_NAMES, BODY_WORDS, HAIR_COLOR_NAMES } from './words-body.js';
import type { ColorSlot, Concept, Style } from './concepts.js';
import { factor, FACTORS, type FactorName } from './factors.js';
import { FACE_WORDS } from './words-face.js';
import { HEAD_WORDS } from './words-head.js';

export const CONCEPTS: readonly Concept[] = [...HEAD_WORDS, ...FACE_WORDS, ...BODY_WORDS];

const specific = new Map<string, Concept>();
const general = new Map<string, Concept[]>();
for (const concept of CONCEPTS) {
  for (const value of concept.values) {
    const key = `${concept.factor}/${value}`;
    if (concept.values.length === 1) specific.set(key, concept);
    else general.set(key, [...(general.get(key) ?? []), concept]);
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
  return style === 'train' ? names.train : [...names['held-out'], names.train[0]!];
}
