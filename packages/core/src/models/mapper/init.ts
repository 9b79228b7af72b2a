/**
 * Fresh mappers. The first output is of order one, not zero (as in the original): at strength 0.1 training starts from
 * a small random step, not from the identity.
 */
import { tf } from '../../tensors/tf.js';
import { normals, type Random } from '../../tensors/random.js';
import type { Weights } from '../../tensors/weights.js';
import { MAPPER_DEPTH, MAPPER_GROUPS, MAPPER_LR_MUL, type MapperGroup } from './architecture.js';

export interface MapperConfig {
  /** Length of w. */
  wDim: number;
  /** Networks to have; all by default. Coarse and medium alone keep colours as they are. */
  groups?: readonly MapperGroup[];
}

/** Raw parameters of a mapper. Each group draws from a fork of its own, so switching one off leaves the others as they were. */
export function initMapper({ wDim, groups = MAPPER_GROUPS }: MapperConfig, random: Random): Weights {
  if (groups.length === 0) throw new Error('a mapper needs at least one of coarse, medium, fine');
  const mapper: Weights = {};
  for (const group of groups) {
    const own = random.fork(group);
    for (let i = 0; i < MAPPER_DEPTH; i++) {
      mapper[`${group}.${i}.weight`] = normals(own, [wDim, wDim], { std: 1 / MAPPER_LR_MUL });
      mapper[`${group}.${i}.bias`] = tf.zeros([wDim]);
    }
  }
  return mapper;
}
