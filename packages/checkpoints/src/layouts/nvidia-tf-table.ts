/** The declared table of NVIDIA's TensorFlow StyleGAN2, and the sizes that choose it. See nvidia-tf.ts for what is turned. */
import {
  arrange,
  failure,
  gainOf,
  HALF_TURN,
  MAX_BLOCKS,
  type NameRow,
  type SynthesisLayer,
  synthesisLayers,
} from '@styleclip/core';
import type { StateDict } from '../tensor.js';

export interface TfSize {
  /** Side of the picture in pixels. */
  readonly resolution: number;
  readonly mappingLayers: number;
  /** Layers have noise maps. */
  readonly noise: boolean;
  /** `dlatent_avg` is there. */
  readonly average: boolean;
}

const PLANE = arrange('1 1 y x -> y x');

/**
 * Sizes read off the names.
 * @throws UserError when the smallest block is not there
 */
export function tfSize(what: string, state: StateDict): TfSize {
  if (!state.has('synthesis/4x4/Conv/weight')) throw failure(`${what}: "synthesis/4x4/Conv/weight" is missing`);
  let blocks = 1;
  while (blocks <= MAX_BLOCKS && state.has(`synthesis/${scope(4 * 2 ** blocks)}/Conv1/weight`)) blocks++;
  let mappingLayers = 0;
  while (state.has(`mapping/Dense${mappingLayers}/weight`)) mappingLayers++;
  return {
    resolution: 4 * 2 ** (blocks - 1),
    mappingLayers,
    noise: state.has('synthesis/noise0'),
    average: state.has('dlatent_avg'),
  };
}

/** @param lrMul `mapping_lrmul`, a run-time gain like 1/√fan_in */
export function tfTable({ resolution, mappingLayers, noise, average }: TfSize, lrMul: number): readonly NameRow[] {
  const rows: NameRow[] = [
    {
      from: 'synthesis/4x4/Const/const',
      to: 'b4.const',
      shape: [1, 'c4', 4, 4],
      turn: arrange('1 c y x -> y x c'),
    },
  ];
  if (average) rows.push({ from: 'dlatent_avg', to: 'wAvg', shape: ['w'] });
  for (let i = 0; i < mappingLayers; i++) {
    const [from, to] = [`mapping/Dense${i}`, `mapping.${i}`];
    const [inputs, outputs] = [i === 0 ? 'z' : `h${i}`, i === mappingLayers - 1 ? 'w' : `h${i + 1}`];
    rows.push({ from: `${from}/weight`, to: `${to}.weight`, shape: [inputs, outputs], ...raw(`${to}.weight`, lrMul) });
    rows.push({ from: `${from}/bias`, to: `${to}.bias`, shape: [outputs], ...raw(`${to}.bias`, lrMul) });
  }
  let conv = 0; // noise maps are numbered through
  for (const layer of synthesisLayers(resolution)) {
    rows.push(...layerRows(layer, noise && !layer.toRGB ? conv++ : undefined));
  }
  return rows;
}

function layerRows({ name: to, resolution: r, toRGB, up }: SynthesisLayer, noise: number | undefined): NameRow[] {
  const layer = toRGB ? 'ToRGB' : up ? 'Conv0_up' : r === 4 ? 'Conv' : 'Conv1';
  const from = `synthesis/${scope(r)}/${layer}`;
  const inputs = `c${up ? r / 2 : r}`;
  const [outputs, k] = toRGB ? [3, 1] : [`c${r}`, 3];
  const rows: NameRow[] = [
    {
      from: `${from}/weight`,
      to: `${to}.weight`,
      shape: [k, k, inputs, outputs],
      ...(up && { turn: HALF_TURN }),
      ...raw(`${to}.weight`),
    },
    { from: `${from}/bias`, to: `${to}.bias`, shape: [outputs] },
    {
      from: `${from}/mod_weight`,
      to: `${to}.affine.weight`,
      shape: ['w', inputs],
      ...raw(`${to}.affine.weight`),
    },
    { from: `${from}/mod_bias`, to: `${to}.affine.bias`, shape: [inputs], offset: 1 },
  ];
  if (noise !== undefined) {
    rows.push({ from: `synthesis/noise${noise}`, to: `${to}.noise`, shape: [1, 1, r, r], turn: PLANE });
    rows.push({ from: `${from}/noise_strength`, to: `${to}.noiseStrength`, shape: [] });
  }
  return rows;
}

function scope(resolution: number): string {
  return `${resolution}x${resolution}`;
}

/** The run-time gain of a raw parameter. */
function raw(to: string, lrMul = 1): Pick<NameRow, 'gain'> {
  return { gain: (shape) => gainOf(to, shape, lrMul) };
}
