/**
 * The latent mapper's parameters (StyleCLIP §5, code `LevelsMapper`) by name, and the groups of layers it speaks of.
 *
 *     {group}.{i}.weight [D,D]   {group}.{i}.bias [D]      group = coarse | medium | fine, i = 0 … 3
 *
 * Each group of W+ rows has one network, shared by the rows of the group; a group that is off has no tensors. The
 * parameters are *raw*: weights are drawn from N(0,1)/lrMul and are scaled at run time by lrMul/√D, biases by lrMul, with
 * lrMul = 0.01 as in the original. They are what the optimizer moves, so that its learning rate means what it meant
 * there (Ranger at 0.5 acts as 0.005).
 */
import type { Weights } from '../../tensors/weights.js';

export const MAPPER_GROUPS = ['coarse', 'medium', 'fine'] as const;
export type MapperGroup = (typeof MAPPER_GROUPS)[number];

/** Where the medium and the fine group begin, as rows of W+. */
export type LayerGroups = readonly [medium: number, fine: number];

/** The paper's groups at every resolution: rows 0–3, 4–7, and the rest. */
export const LAYER_GROUPS: LayerGroups = [4, 8];

/** Learning rate multiplier of every dense layer. */
export const MAPPER_LR_MUL = 0.01;

/** Dense layers of each group's network. */
export const MAPPER_DEPTH = 4;

/** Half-open range of W+ rows of each group; the last ones are empty where W+ is short. */
export function groupRows(layers: number, [medium, fine]: LayerGroups = LAYER_GROUPS): Record<MapperGroup, readonly [number, number]> {
  if (!(medium >= 0 && fine >= medium)) throw new Error(`layer groups must rise, got [${medium},${fine}]`);
  const [m, f] = [Math.min(medium, layers), Math.min(fine, layers)];
  return { coarse: [0, m], medium: [m, f], fine: [f, layers] };
}

/** The groups that have a network in these weights. */
export function mapperGroups(mapper: Weights): MapperGroup[] {
  return MAPPER_GROUPS.filter((group) => mapper[`${group}.0.weight`]);
}
