/**
 * The latent mapper's forward pass: ŵ = w + strength·M(w) (StyleCLIP eq. 4; strength 0.1 is in the code only).
 *
 * M(w) is PixelNorm and four dense layers, each with √2·lrelu, the last one too, for every group of rows; rows of a
 * group without a network get zero.
 *
 * PixelNorm: the original normalises over axis 1, which for W+ is the axis of *layers* within the group; over features
 * is what was meant. `pixelNorm: 'layers'` is for official checkpoints, which depend on it (issue 82 of the original).
 */
import { tf } from '../../tensors/tf.js';
import { requireWeight, type Weights } from '../../tensors/weights.js';
import { ACTIVATION_GAIN, lrelu } from '../stylegan2/activation.js';
import { pixelNorm } from '../stylegan2/mapping.js';
import type { WPlus } from '../stylegan2/spaces.js';
import { groupRows, LAYER_GROUPS, MAPPER_GROUPS, MAPPER_LR_MUL, mapperGroups, type LayerGroups, type MapperGroup } from './architecture.js';

/** The factor of the original, in training and at inference. */
export const MAPPER_STRENGTH = 0.1;

export interface MapperOptions {
  /** Axis of PixelNorm: every row's features, or (official) the rows of the group. */
  pixelNorm?: 'features' | 'layers';
  layerGroups?: LayerGroups;
}

/**
 * The step M(w), before strength.
 * @param mapper raw parameters
 * @param wPlus [N,L,D]
 * @returns [N,L,D], zero in rows of groups that are off
 */
export function mapperOffset(mapper: Weights, wPlus: WPlus, options: MapperOptions = {}): WPlus {
  const { layerGroups = LAYER_GROUPS } = options;
  const [n, layers, d] = wPlus.shape;
  const on = mapperGroups(mapper);
  if (on.length === 0) throw new Error('these are not mapper weights: none of coarse, medium, fine is there');
  const rows = groupRows(layers, layerGroups);
  const parts: WPlus[] = [];
  for (const group of MAPPER_GROUPS) {
    const [begin, end] = rows[group];
    const count = end - begin;
    if (count === 0) continue;
    if (!on.includes(group)) parts.push(tf.zeros([n, count, d]));
    else parts.push(groupOffset(mapper, group, tf.slice(wPlus, [0, begin, 0], [n, count, d]), options));
  }
  return parts.length === 1 ? (parts[0] as WPlus) : tf.concat(parts, 1);
}

/**
 * ŵ = w + strength·M(w)
 * @param options.strength 0.1 as trained; more or less at inference
 */
export function applyMapper(mapper: Weights, wPlus: WPlus, options: MapperOptions & { strength?: number } = {}): WPlus {
  const { strength = MAPPER_STRENGTH } = options;
  return tf.add(wPlus, tf.mul(mapperOffset(mapper, wPlus, options), strength)) as WPlus;
}

function groupOffset(mapper: Weights, group: MapperGroup, w: WPlus, { pixelNorm: axis = 'features' }: MapperOptions): WPlus {
  const [n, count, d] = w.shape;
  const first = requireWeight(mapper, `${group}.0.weight`);
  if (first.shape[0] !== d) throw new Error(`mapper "${group}" takes w of ${first.shape[0]}, got [${w.shape.join(',')}]`);
  let x = tf.reshape(pixelNorm(w, axis === 'layers' ? 1 : 2), [n * count, d]) as tf.Tensor2D;
  for (let i = 0; mapper[`${group}.${i}.weight`]; i++) {
    const weight = requireWeight(mapper, `${group}.${i}.weight`) as tf.Tensor2D;
    const bias = requireWeight(mapper, `${group}.${i}.bias`);
    const scaled = tf.mul(tf.matMul(x, weight), (MAPPER_LR_MUL * ACTIVATION_GAIN) / Math.sqrt(d));
    x = lrelu(tf.add(scaled, tf.mul(bias, MAPPER_LR_MUL * ACTIVATION_GAIN)) as tf.Tensor2D); // [N·count,D]
  }
  return tf.reshape(x, [n, count, d]);
}
