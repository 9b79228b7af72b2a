/** The three groups of factors and the rows of W+ that are responsible for each (StyleCLIP's [:4], [4:8], [8:]). */
import { FACTORS, type Avatar, type FactorGroup } from '../factors.js';

export const GROUPS: readonly FactorGroup[] = ['coarse', 'medium', 'fine'];

/** W+ rows where medium and fine begin. */
export const LAYER_GROUPS: readonly [number, number] = [4, 8];

/** Rows of W+ of the bundle's generator, 64×64. */
export const WPLUS_ROWS = 10;

/** The group that a row of W+ belongs to. */
export function groupOfRow(row: number): FactorGroup {
  return row < LAYER_GROUPS[0] ? 'coarse' : row < LAYER_GROUPS[1] ? 'medium' : 'fine';
}

/** `other` with one group of factors taken from `avatar`. */
export function withGroup(group: FactorGroup, avatar: Avatar, other: Avatar): Avatar {
  return Object.fromEntries(FACTORS.map((f) => [f.name, (f.group === group ? avatar : other)[f.name]])) as Avatar;
}
