/**
 * Official mapper checkpoints (`LevelsMapper`) by a declared table.
 *
 *     course_mapping [sic] | medium_mapping | fine_mapping .mapping.{1..4}.weight [out,in] | .bias [out]
 *
 * In a training checkpoint the names stand behind `mapper.`, beside the `decoder.` that the mapper was trained with;
 * pass the mapper's part alone. Whole groups may be absent (`--no_fine_mapper`). Official mappers need
 * `pixelNorm: 'layers'`.
 */
import { failure } from '../../errors.js';
import type { Weights } from '../../tensors/weights.js';
import { applyNameTable, type NamedShapes, type NameRow, shapesOf } from '../name-table.js';
import { LINEAR } from '../turns.js';
import { MAPPER_DEPTH, MAPPER_GROUPS, type MapperGroup } from './architecture.js';

const OFFICIAL_NAMES = { coarse: 'course_mapping', medium: 'medium_mapping', fine: 'fine_mapping' } as const satisfies Record<MapperGroup, string>;

/** The table of these groups. */
export function officialMapperTable(groups: readonly MapperGroup[]): readonly NameRow[] {
  return groups.flatMap((group) =>
    Array.from({ length: MAPPER_DEPTH }, (_, i): NameRow[] => {
      const [from, to] = [`${OFFICIAL_NAMES[group]}.mapping.${i + 1}`, `${group}.${i}`];
      return [
        { from: `${from}.weight`, to: `${to}.weight`, shape: ['w', 'w'], turn: LINEAR },
        { from: `${from}.bias`, to: `${to}.bias`, shape: ['w'] },
      ];
    }).flat(),
  );
}

/** Official name → ours, for all three groups. */
export const OFFICIAL_MAPPER_TABLE: Readonly<Record<string, string>> = Object.fromEntries(
  officialMapperTable(MAPPER_GROUPS).map(({ from, to }) => [from as string, to]),
);

/**
 * The table for a state dict: the groups of which any name is there.
 *
 * @param what names the file in errors
 * @throws UserError when no group is there
 */
export function officialMapperTableOf(what: string, shapes: NamedShapes): readonly NameRow[] {
  const names = [...shapes.keys()];
  const groups = MAPPER_GROUPS.filter((group) => names.some((name) => name.startsWith(`${OFFICIAL_NAMES[group]}.`)));
  if (groups.length === 0) {
    const first = names[0] === undefined ? 'the state dict is empty' : `it begins with "${names[0]}"`;
    throw failure(`${what}: no mapper there; expected names such as "course_mapping.mapping.1.weight", ${first}`);
  }
  return officialMapperTable(groups);
}

/**
 * @param state the mapper's part of an official state dict, PyTorch layouts; whole groups may be absent
 * @returns raw parameters; the caller disposes them
 * @throws UserError when a name is unknown or a group is incomplete
 */
export function fromOfficialMapper(state: Weights): Weights {
  const shapes = shapesOf(state);
  return applyNameTable('official mapper', state, officialMapperTableOf('official mapper', shapes));
}
