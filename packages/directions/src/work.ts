/**
 * How much a picture costs, in multiplications: what progress is weighed by, and what rates are carried over to other sizes.
 *
 * Counted are the convolutions of synthesis, 9·I·O a pixel of a layer's output (a quarter where the layer doubles the
 * resolution: a stride-2 transposed convolution), and the matrix products of CLIP's image side.
 */
import { generatorSize, requireWeight, synthesisLayers, type Weights } from '@styleclip/core';

/** Multiplications of each style layer, toRGB counted, for one picture; 0 above `stopAt`. */
export function layerCosts(generator: Weights, stopAt: number): { name: string; cost: number }[] {
  return synthesisLayers(generatorSize(generator).resolution).map(({ name, resolution, up }) => {
    const [h = 1, w = 1, inputs = 1, outputs = 1] = requireWeight(generator, `${name}.weight`).shape;
    const cost = (h * w * inputs * outputs * resolution ** 2) / (up ? 4 : 1);
    return { name, cost: resolution > stopAt ? 0 : cost };
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
export function passCost(costs: readonly { name: string; cost: number }[], clip: number, layer?: string): number {
  const start = layer === undefined ? 0 : costs.findIndex(({ name }) => name === layer);
  return costs.slice(start).reduce((sum, { cost }) => sum + cost, clip);
}
