/**
 * What a StyleGAN2 generator is made of, read off its weights.
 *
 * A generator is a flat record of tensors (`Weights`) with these names; `r` runs over the block resolutions 4, 8, …, R:
 *
 *     mapping.{i}.weight [in,out]   mapping.{i}.bias [out]    wAvg [D]
 *     b4.const [4,4,C]
 *     b{r}.conv0|conv1.weight [3,3,I,O]  .bias [O]  .affine.weight [D,I]  .affine.bias [I]  .noise [r,r]  .noiseStrength []
 *     b{r}.torgb.weight [1,1,C,3]        .bias [3]  .affine.weight [D,C]  .affine.bias [C]
 *     convClamp []      (optional) the largest magnitude of a layer's output
 *
 * b4 has no conv0. The values are the *effective* ones: the run-time gains of equalised learning rates are multiplied
 * in, and the affine bias holds the "+1". `init.ts` speaks of the raw ones. Nothing here is tied to 18 layers or 1024².
 * A generator without noise leaves `.noise` and `.noiseStrength` out of a layer; one without a mapping leaves `mapping.*` out.
 */
import { requireWeight, type Weights } from '../../tensors/weights.js';

/** One modulated layer, in the order in which synthesis runs them; its place in that list is its style index. */
export interface SynthesisLayer {
  /** Prefix of its weights, e.g. `b8.conv0`. */
  name: string;
  /** Style index, 0 … 25 at 1024² (FACTS of the paper count the same way). */
  index: number;
  /** Row of W+ that it reads. A toRGB shares its row with the next block's conv0. */
  layer: number;
  /** Side of its output in pixels. */
  resolution: number;
  toRGB: boolean;
  /** True for conv0, which doubles the resolution. */
  up: boolean;
}

/** Sizes of a generator. */
export interface GeneratorSize {
  /** Side of the picture in pixels. */
  resolution: number;
  /** Length of z; equals wDim when there is no mapping network. */
  zDim: number;
  /** Length of w. */
  wDim: number;
  /** Rows of W+: 2·log2(R) − 2. */
  layers: number;
  mappingLayers: number;
  /** Channels of each block, by resolution. */
  channels: Record<number, number>;
}

/** More blocks above 4×4 than any generator has: 2^12 times 4 pixels. Names of files are counted up to here. */
export const MAX_BLOCKS = 12;

/** Rows of W+ of a generator of this resolution: 10 at 64², 18 at 1024². */
export function wPlusLayers(resolution: number): number {
  const log = Math.log2(resolution);
  if (!Number.isInteger(log) || log < 2) {
    throw new Error(`generator resolution must be a power of two of at least 4, got ${resolution}`);
  }
  return 2 * log - 2;
}

/** The modulated layers of a generator of this resolution in the order of execution: 14 at 64², 26 at 1024². */
export function synthesisLayers(resolution: number): SynthesisLayer[] {
  wPlusLayers(resolution);
  const layers: SynthesisLayer[] = [];
  const add = (name: string, layer: number, r: number): void => {
    layers.push({
      name: `b${r}.${name}`,
      index: layers.length,
      layer,
      resolution: r,
      toRGB: name === 'torgb',
      up: name === 'conv0',
    });
  };
  add('conv1', 0, 4);
  add('torgb', 1, 4);
  for (let r = 8, w = 1; r <= resolution; r *= 2, w += 2) {
    add('conv0', w, r);
    add('conv1', w + 1, r);
    add('torgb', w + 2, r);
  }
  return layers;
}

/** Reads a generator's sizes off its weights; a missing block or layer is an error that names the tensor. */
export function generatorSize(g: Weights): GeneratorSize {
  const channels: Record<number, number> = {};
  let resolution = 4;
  for (; g[`b${resolution}.conv1.weight`]; resolution *= 2) {
    channels[resolution] = requireWeight(g, `b${resolution}.conv1.weight`).shape[3] as number;
  }
  resolution /= 2;
  if (resolution < 4) throw new Error('these are not generator weights: b4.conv1.weight is missing');
  const mappingLayers = countMappingLayers(g);
  const wDim = requireWeight(g, 'b4.conv1.affine.weight').shape[0] as number;
  const zDim = mappingLayers > 0 ? (requireWeight(g, 'mapping.0.weight').shape[0] as number) : wDim;
  return { resolution, zDim, wDim, layers: wPlusLayers(resolution), mappingLayers, channels };
}

/** How many `mapping.{i}` layers there are, counted from 0 without a gap. */
export function countMappingLayers(g: Weights): number {
  let count = 0;
  while (g[`mapping.${count}.weight`]) count++;
  return count;
}

