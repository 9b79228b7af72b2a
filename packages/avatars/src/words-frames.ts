/**
 * Frames: the few ways in which English says that somebody has, wears or looks like something.
 *
 * The tables of words list what is said ("a {hair} quiff, {hair} hair combed up"); a frame makes wordings of it, so that
 * every synonym is met in as many positions as its neighbours. Lists are written as one text with commas between the
 * items, since a thesaurus is read in lines and not in columns.
 */
import type { Wording } from './concepts.js';

/** "a, b, c" → its items; line breaks count as spaces. */
export function list(text: string): string[] {
  return text
    .split(',')
    .map((item) => item.replace(/\s+/g, ' ').trim())
    .filter((item) => item !== '');
}

/** Every item in every frame, `{}` standing for the item. */
function fill(frames: readonly string[], items: string): string[] {
  return list(items).flatMap((item) => frames.map((frame) => frame.replace('{}', item)));
}

/** Noun phrases, with their articles, of what somebody has. */
export const having = (items: string): string[] => fill(['with {}', 'who has {}', 'having {}'], items);

/** Noun phrases, with their articles, of what somebody wears. */
export const wearing = (items: string): string[] =>
  fill(['wearing {}', 'in {}', 'with {}', 'who wears {}', 'dressed in {}'], items);

/** Glasses are had and worn. */
export const wearingGlasses = (items: string): string[] =>
  fill(['with {}', 'wearing {}', 'in {}', 'who has {}', 'who wears {}'], items);

/** Absence of noun phrases without articles ("beard", "glasses"). */
export const lacking = (items: string): string[] =>
  fill(['with no {}', 'without {}', 'lacking {}', 'who does not have {}', "who doesn't have {}", 'minus {}'], items);

/** Adjectives for how somebody looks. */
export const looking = (adjectives: string): Wording => ({
  before: fill(['{}', '{}-looking'], adjectives),
  after: fill(['looking {}', 'who looks {}', 'who is {}', 'with a {} expression'], adjectives),
});

/** What an -ing form or an adjective says before the noun and after it. */
export const being = (words: string): Wording => ({ before: list(words), after: fill(['who is {}'], words) });

/** Several wordings as one, in their order, each phrase once. */
export function together(...wordings: readonly (Wording | readonly string[])[]): Wording {
  const parts = wordings.map((wording) => ('length' in wording ? { after: wording } : wording) as Wording);
  const plainest = parts.find((part) => part.plainest !== undefined)?.plainest;
  return {
    before: [...new Set(parts.flatMap(({ before = [] }) => before))],
    after: [...new Set(parts.flatMap(({ after = [] }) => after))],
    ...(plainest && { plainest }),
  };
}
