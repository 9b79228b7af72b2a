/**
 * Official mapper checkpoints (`LevelsMapper`) by a declared table.
 *
 *     course_mapping [sic] | medium_mapping | fine_mapping .mapping.{1..4}.weight [out,in] | .bias [out]
 *
 * In a training checkpoint the names stand behind `mapper.`, beside the `decoder.` that the mapper was trained with;
 * pass the mapper's part alone. Official mappers need `pixelNorm: 'layers'`.
 */
import tf from '@tensorflow/tfjs';
import type { Weights } from '../../weights.js';
import { MAPPER_DEPTH, type MapperGroup } from './architecture.js';

const OFFICIAL_NAMES = { coarse: 'course_mapping', medium: 'medium_mapping', fine: 'fine_mapping' } as const satisfies Record<MapperGroup, string>;

/** Official name → ours, for all three groups. */
export const OFFICIAL_MAPPER_TABLE: Readonly<Record<string, string>> = officialTable();

function officialTable(): Record<string, string> {
  const table: Record<string, string> = {};
  for (const [group, official] of Object.entries(OFFICIAL_NAMES)) {
    for (let i = 0; i < MAPPER_DEPTH; i++) {
      for (const kind of ['weight', 'bias']) table[`${official}.mapping.${i + 1}.${kind}`] = `${group}.${i}.${kind}`;
    }
  }
  return table;
}

/**
 * @param state the mapper's part of an official state dict, PyTorch layouts; whole groups may be absent
 * @returns raw parameters; the caller disposes them
 * @throws when a name is unknown or a group is incomplete
 */
export function fromOfficialMapper(state: Weights): Weights {
  const mapper: Weights = {};
  for (const [name, tensor] of Object.entries(state)) {
    const ours = OFFICIAL_MAPPER_TABLE[name];
    if (!ours) throw new Error(`official mapper: unknown name "${name}", expected e.g. "course_mapping.mapping.1.weight"`);
    mapper[ours] = tensor.rank === 2 ? tf.transpose(tensor) : tensor.clone();
  }
  for (const [official, ours] of Object.entries(OFFICIAL_MAPPER_TABLE)) {
    const group = ours.slice(0, ours.indexOf('.'));
    const begun = Object.keys(mapper).some((name) => name.startsWith(`${group}.`));
    if (begun && !mapper[ours]) throw new Error(`official mapper: "${official}" is missing`);
  }
  if (Object.keys(mapper).length === 0) throw new Error('official mapper: the state dict is empty');
  return mapper;
}
