/**
 * How much a picture costs, in multiplications: what progress is weighed by, and what rates are carried over to other sizes.
 *
 * Counted are the convolutions of synthesis, 9·I·O a pixel of a layer's output (a quarter where the layer doubles the
 * resolution: a stride-2 transposed convolution), and the matrix products of CLIP's image side.
 */
import { requireWeight, synthesisLayers, type Weights } from '@styleclip/core';

/** Channels of each block, by resolution; see GeneratorSize. */
export type BlockChannels = Readonly<Record<number, number>>;

/** What one layer costs for one picture. */
export interface LayerCost {
  readonly name: string;
  readonly resolution: number;
  readonly toRGB: boolean;
  /** Channels of its style. */
  readonly channels: number;
  readonly cost: number;
}

/** Multiplications of each style layer, toRGB counted, for one picture that is looked at where `stopAt` says; 0 above. */
export function layerCosts(blocks: BlockChannels, resolution: number, stopAt: number): LayerCost[] {
  return synthesisLayers(resolution).map(({ name, resolution: side, up, toRGB }) => {
    const inputs = blocks[up ? side / 2 : side] ?? 0;
    const outputs = toRGB ? 3 : (blocks[side] ?? 0);
    const taps = toRGB ? 1 : up ? 9 / 4 : 9;
    const cost = side > stopAt ? 0 : taps * inputs * outputs * side ** 2;
    return { name, resolution: side, toRGB, channels: inputs, cost };
  });
}

/** Multiplications of CLIP's image side for one picture. */
export function clipCost(clip: Weights): number {
  const tokens = requireWeight(clip, 'visual.positional_embedding').shape[0] ?? 0;
  let perToken = requireWeight(clip, 'visual.conv1.weight').size;
  for (const [name, { size, rank }] of Object.entries(clip))
    if (name.startsWith('visual.transformer.') && rank === 2) perToken += size;
  return tokens * perToken;
}

/** Multiplications of the layers from `layer` on (all of them without one), CLIP included. */
export function passCost(costs: readonly LayerCost[], clip: number, layer?: string): number {
  const start = layer === undefined ? 0 : costs.findIndex(({ name }) => name === layer);
  return costs.slice(start).reduce((sum, { cost }) => sum + cost, clip);
}
