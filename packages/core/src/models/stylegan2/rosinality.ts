/**
 * Reads the state dict of rosinality's stylegan2-pytorch `Generator` (`g_ema`), the layout that StyleCLIP uses.
 *
 * The table below declares every name: where it goes, how its axes turn and which run-time gain is baked in. PyTorch's
 * layouts become ours (dense [out,in] → [in,out], convolutions [1,O,I,k,k] → [k,k,I,O]) and raw equalised parameters
 * become effective ones. Rosinality's upsampling layers use their weights in a transposed convolution without a flip,
 * as `upsamplingConv` does. Filter kernels (`*.kernel`) are constants of the architecture and are dropped.
 */
import tf from '@tensorflow/tfjs';
import type { Weights } from '../../weights.js';
import { synthesisLayers, type SynthesisLayer } from './architecture.js';
import { gainOf, MAPPING_LR_MUL } from './init.js';

/** How one tensor of the state dict becomes one of ours. */
interface Entry {
  /** Name in the state dict. */
  from: string;
  /** Name in our record. */
  to: string;
  /** Drops leading axes of size 1, keeping this many. */
  rank: number;
  /** Order of the remaining axes. */
  axes?: readonly number[];
}

const DENSE = { rank: 2, axes: [1, 0] } as const; // [out,in] → [in,out]
const CONV = { rank: 4, axes: [2, 3, 1, 0] } as const; // [O,I,k,k] → [k,k,I,O]
const CONST = { rank: 3, axes: [1, 2, 0] } as const; // [C,4,4] → [4,4,C]

/** The whole table for a generator of this size. */
export function rosinalityTable(resolution: number, mappingLayers: number): readonly Entry[] {
  const entries: Entry[] = [{ from: 'input.input', to: 'b4.const', ...CONST }];
  for (let i = 0; i < mappingLayers; i++) {
    entries.push({ from: `style.${i + 1}.weight`, to: `mapping.${i}.weight`, ...DENSE });
    entries.push({ from: `style.${i + 1}.bias`, to: `mapping.${i}.bias`, rank: 1 });
  }
  let conv = 0; // convolutions are numbered through, toRGBs by block
  for (const layer of synthesisLayers(resolution)) {
    entries.push(...(layer.toRGB ? toRgbEntries(layer) : convEntries(layer, conv++)));
  }
  return entries;
}

function convEntries({ name }: SynthesisLayer, number: number): Entry[] {
  const from = number === 0 ? 'conv1' : `convs.${number - 1}`;
  return [
    { from: `${from}.conv.weight`, to: `${name}.weight`, ...CONV },
    { from: `${from}.conv.modulation.weight`, to: `${name}.affine.weight`, ...DENSE },
    { from: `${from}.conv.modulation.bias`, to: `${name}.affine.bias`, rank: 1 },
    { from: `${from}.noise.weight`, to: `${name}.noiseStrength`, rank: 0 },
    { from: `${from}.activate.bias`, to: `${name}.bias`, rank: 1 },
    { from: `noises.noise_${number}`, to: `${name}.noise`, rank: 2 },
  ];
}

function toRgbEntries({ name, resolution }: SynthesisLayer): Entry[] {
  const from = resolution === 4 ? 'to_rgb1' : `to_rgbs.${Math.log2(resolution) - 3}`;
  return [
    { from: `${from}.conv.weight`, to: `${name}.weight`, ...CONV },
    { from: `${from}.conv.modulation.weight`, to: `${name}.affine.weight`, ...DENSE },
    { from: `${from}.conv.modulation.bias`, to: `${name}.affine.bias`, rank: 1 },
    { from: `${from}.bias`, to: `${name}.bias`, rank: 1 },
  ];
}

/**
 * @param state `g_ema` by its original names, in PyTorch's layouts
 * @param options.latentAvg the checkpoint's `latent_avg` [D], if it has one
 * @returns effective generator weights; the caller disposes them
 * @throws when a name is missing or left over
 */
export function fromRosinality(state: Weights, options: { latentAvg?: tf.Tensor1D } = {}): Weights {
  const { resolution, mappingLayers } = sizeOf(state);
  const table = rosinalityTable(resolution, mappingLayers);
  checkNames(state, table, resolution);
  const weights: Weights = {};
  for (const entry of table) weights[entry.to] = convert(state[entry.from] as tf.Tensor, entry);
  if (options.latentAvg) weights['wAvg'] = options.latentAvg.clone();
  return weights;
}

function convert(tensor: tf.Tensor, { from, to, rank, axes }: Entry): tf.Tensor {
  const extra = tensor.rank - rank;
  if (extra < 0 || tensor.shape.some((size, axis) => axis < extra && size !== 1)) {
    // the toRGB bias [1,3,1,1] has its ones behind as well
    if (tensor.size !== Math.max(...tensor.shape, 1)) {
      throw new Error(`rosinality: "${from}" has shape [${tensor.shape.join(',')}], which does not fit "${to}"`);
    }
  }
  return tf.tidy(() => {
    const shape = rank === 1 ? [tensor.size] : tensor.shape.slice(extra);
    const turned = axes ? tf.transpose(tf.reshape(tensor, shape), [...axes]) : tf.reshape(tensor, shape);
    return tf.mul(turned, gainOf(to, turned.shape, MAPPING_LR_MUL));
  });
}

function sizeOf(state: Weights): { resolution: number; mappingLayers: number } {
  if (!state['conv1.conv.weight']) {
    throw new Error('rosinality: "conv1.conv.weight" is missing; expected the names of a `g_ema` state dict');
  }
  let mappingLayers = 0;
  while (state[`style.${mappingLayers + 1}.weight`]) mappingLayers++;
  let blocks = 0;
  while (state[`to_rgbs.${blocks}.conv.weight`]) blocks++;
  return { resolution: 4 * 2 ** blocks, mappingLayers };
}

function checkNames(state: Weights, table: readonly Entry[], resolution: number): void {
  const known = new Set(table.map((e) => e.from));
  const missing = [...known].filter((name) => !state[name]);
  const left = Object.keys(state).filter((name) => !known.has(name) && !name.endsWith('.kernel'));
  if (missing.length > 0) {
    throw new Error(`rosinality: a ${resolution}² generator needs "${missing[0]}" (${missing.length} names missing)`);
  }
  if (left.length > 0) {
    throw new Error(`rosinality: unknown name "${left[0]}" (${left.length} left over after the ${resolution}² table)`);
  }
}
