/**
 * The declared table of NVIDIA's PyTorch StyleGAN2, and the sizes that choose it. See nvidia-ada.ts for what differs from
 * rosinality's.
 */
import {
  arrange,
  CONV,
  failure,
  gainOf,
  LINEAR,
  MAX_BLOCKS,
  type NameRow,
  type SynthesisLayer,
  synthesisLayers,
} from '@styleclip/core';
import type { StateDict } from '../tensor.js';

export interface AdaSize {
  /** Side of the picture in pixels. */
  readonly resolution: number;
  readonly mappingLayers: number;
  /** Layers have noise maps. */
  readonly noise: boolean;
  /** `w_avg` is there; it is not in networks that were trained without. */
  readonly average: boolean;
}

/**
 * Sizes read off the names.
 * @throws UserError when the smallest block is not there
 */
export function adaSize(what: string, state: StateDict): AdaSize {
  let blocks = 0;
  while (blocks <= MAX_BLOCKS && state.has(`synthesis.b${4 * 2 ** blocks}.conv1.weight`)) blocks++;
  if (blocks === 0) throw failure(`${what}: "synthesis.b4.conv1.weight" is missing`);
  let mappingLayers = 0;
  while (state.has(`mapping.fc${mappingLayers}.weight`)) mappingLayers++;
  return {
    resolution: 4 * 2 ** (blocks - 1),
    mappingLayers,
    noise: state.has('synthesis.b4.conv1.noise_strength'),
    average: state.has('mapping.w_avg'),
  };
}

/** @param lrMul learning rate multiplier of the mapping network, a run-time gain like 1/√fan_in */
export function adaTable({ resolution, mappingLayers, noise, average }: AdaSize, lrMul: number): readonly NameRow[] {
  const rows: NameRow[] = [
    { from: 'synthesis.b4.const', to: 'b4.const', shape: ['c4', 4, 4], turn: arrange('c y x -> y x c') },
  ];
  if (average) rows.push({ from: 'mapping.w_avg', to: 'wAvg', shape: ['w'] });
  const equalised = (to: string) => ({ gain: (shape: readonly number[]) => gainOf(to, shape, lrMul) });
  for (let i = 0; i < mappingLayers; i++) {
    const [from, to] = [`mapping.fc${i}`, `mapping.${i}`];
    const [inputs, outputs] = [i === 0 ? 'z' : `h${i}`, i === mappingLayers - 1 ? 'w' : `h${i + 1}`];
    rows.push({
      from: `${from}.weight`,
      to: `${to}.weight`,
      shape: [outputs, inputs],
      turn: LINEAR,
      ...equalised(`${to}.weight`),
    });
    rows.push({ from: `${from}.bias`, to: `${to}.bias`, shape: [outputs], ...equalised(`${to}.bias`) });
  }
  for (const layer of synthesisLayers(resolution)) rows.push(...layerRows(layer, noise));
  return rows;
}

function layerRows({ name, resolution: r, toRGB, up }: SynthesisLayer, noise: boolean): NameRow[] {
  const from = `synthesis.${name}`;
  const inputs = `c${up ? r / 2 : r}`;
  const [outputs, k] = toRGB ? [3, 1] : [`c${r}`, 3];
  const equalised = (to: string) => ({ gain: (shape: readonly number[]) => gainOf(to, shape, 1) });
  const rows: NameRow[] = [
    {
      from: `${from}.weight`,
      to: `${name}.weight`,
      shape: [outputs, inputs, k, k],
      turn: CONV,
      ...(toRGB && equalised(`${name}.weight`)),
    },
    { from: `${from}.bias`, to: `${name}.bias`, shape: [outputs] },
    {
      from: `${from}.affine.weight`,
      to: `${name}.affine.weight`,
      shape: [inputs, 'w'],
      turn: LINEAR,
      ...equalised(`${name}.affine.weight`),
    },
    { from: `${from}.affine.bias`, to: `${name}.affine.bias`, shape: [inputs] }, // the +1 is in it
  ];
  if (noise && !toRGB) {
    rows.push({ from: `${from}.noise_const`, to: `${name}.noise`, shape: [r, r] });
    rows.push({ from: `${from}.noise_strength`, to: `${name}.noiseStrength`, shape: [] });
  }
  return rows;
}
