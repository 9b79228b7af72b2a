/**
 * Reads the state dict of rosinality's stylegan2-pytorch `Generator` (`g_ema`), the layout that StyleCLIP uses.
 *
 * The table below declares every name: its shape, where it goes, how its axes turn and which run-time gain is baked in.
 * PyTorch's layouts become ours (dense [out,in] → [in,out], convolutions [1,O,I,k,k] → [k,k,I,O]) and raw equalised
 * parameters become effective ones. Rosinality's upsampling layers use their weights in a transposed convolution without
 * a flip, as `upsamplingConv` does. Filter kernels (`*.kernel`) are constants of the architecture and are dropped.
 */
import type { tf } from '../../tensors/tf.js';
import { failure } from '../../errors.js';
import type { Weights } from '../../tensors/weights.js';
import { applyNameTable, type NamedShapes, type NameRow, shapesOf } from '../name-table.js';
import { arrange, LINEAR } from '../turns.js';
import { MAX_BLOCKS, synthesisLayers, type SynthesisLayer } from './architecture.js';
import { gainOf, MAPPING_LR_MUL } from './init.js';

/** The checkpoint's average w; it stands beside `g_ema`, not in it. */
export const LATENT_AVG = 'latent_avg';

const CONV = arrange('1 o i y x -> y x i o');
const CONST = arrange('1 c y x -> y x c');
const PLANE = arrange('1 1 y x -> y x');
const VECTOR = arrange('1 c 1 1 -> c');
const SCALAR = arrange('1 ->');

/** The run-time gain of equalised learning rates for one of our names. */
const equalised = (to: string) => ({ gain: (shape: readonly number[]) => gainOf(to, shape, MAPPING_LR_MUL) });

/** The whole table for a generator of this size; `latentAvg` adds the row of `latent_avg`. */
export function rosinalityTable(
  resolution: number,
  mappingLayers: number,
  { latentAvg = false }: { latentAvg?: boolean } = {},
): readonly NameRow[] {
  const rows: NameRow[] = [{ from: 'input.input', to: 'b4.const', shape: [1, 'c4', 4, 4], turn: CONST }];
  for (let i = 0; i < mappingLayers; i++) {
    const [from, to] = [`style.${i + 1}`, `mapping.${i}`];
    const [inputs, outputs] = [i === 0 ? 'z' : `h${i}`, i === mappingLayers - 1 ? 'w' : `h${i + 1}`];
    rows.push({ from: `${from}.weight`, to: `${to}.weight`, shape: [outputs, inputs], turn: LINEAR, ...equalised(`${to}.weight`) });
    rows.push({ from: `${from}.bias`, to: `${to}.bias`, shape: [outputs], ...equalised(`${to}.bias`) });
  }
  let conv = 0; // convolutions are numbered through, toRGBs by block
  for (const layer of synthesisLayers(resolution)) {
    rows.push(...(layer.toRGB ? toRgbRows(layer) : convRows(layer, conv++)));
  }
  if (latentAvg) rows.push({ from: LATENT_AVG, to: 'wAvg', shape: ['w'] });
  return rows;
}

function convRows({ name, resolution: r, up }: SynthesisLayer, number: number): NameRow[] {
  const from = number === 0 ? 'conv1' : `convs.${number - 1}`;
  const [inputs, outputs] = [`c${up ? r / 2 : r}`, `c${r}`];
  return [
    ...modulatedRows(`${from}.conv`, name, [1, outputs, inputs, 3, 3], inputs),
    { from: `${from}.noise.weight`, to: `${name}.noiseStrength`, shape: [1], turn: SCALAR },
    { from: `${from}.activate.bias`, to: `${name}.bias`, shape: [outputs] },
    { from: `noises.noise_${number}`, to: `${name}.noise`, shape: [1, 1, r, r], turn: PLANE },
  ];
}

function toRgbRows({ name, resolution: r }: SynthesisLayer): NameRow[] {
  const from = r === 4 ? 'to_rgb1' : `to_rgbs.${Math.log2(r) - 3}`;
  return [
    ...modulatedRows(`${from}.conv`, name, [1, 3, `c${r}`, 1, 1], `c${r}`),
    { from: `${from}.bias`, to: `${name}.bias`, shape: [1, 3, 1, 1], turn: VECTOR },
  ];
}

function modulatedRows(from: string, to: string, shape: NameRow['shape'], inputs: string): NameRow[] {
  const affine = `${to}.affine.weight`;
  return [
    { from: `${from}.weight`, to: `${to}.weight`, shape, turn: CONV, ...equalised(`${to}.weight`) },
    { from: `${from}.modulation.weight`, to: affine, shape: [inputs, 'w'], turn: LINEAR, ...equalised(affine) },
    { from: `${from}.modulation.bias`, to: `${to}.affine.bias`, shape: [inputs] },
  ];
}

/**
 * The table for a state dict, its sizes read off the names. `latent_avg` is taken along when it is among them.
 *
 * @param what names the file in errors
 * @throws UserError when this is no `g_ema`
 */
export function rosinalityTableOf(what: string, shapes: NamedShapes): readonly NameRow[] {
  if (!shapes.has('conv1.conv.weight')) {
    throw failure(`${what}: "conv1.conv.weight" is missing; expected the names of a \`g_ema\` state dict`);
  }
  let mappingLayers = 0;
  while (shapes.has(`style.${mappingLayers + 1}.weight`)) mappingLayers++;
  let blocks = 0;
  while (blocks < MAX_BLOCKS && shapes.has(`to_rgbs.${blocks}.conv.weight`)) blocks++;
  return rosinalityTable(4 * 2 ** blocks, mappingLayers, { latentAvg: shapes.has(LATENT_AVG) });
}

/** Names of a `g_ema` that need not be read: the filters. */
export const isRosinalityConstant = (name: string): boolean => name.endsWith('.kernel');

/**
 * rosinality's generator as ours. `latentAvg` is the checkpoint's `latent_avg` [D], if it has one.
 *
 * @param state `g_ema` by its original names, in PyTorch's layouts
 * @returns effective generator weights; the caller disposes them
 * @throws UserError when a name is missing or left over, or shapes do not go together
 */
export function fromRosinality(state: Weights, { latentAvg }: { latentAvg?: tf.Tensor1D } = {}): Weights {
  const all = latentAvg ? { ...state, [LATENT_AVG]: latentAvg } : state;
  const table = rosinalityTableOf('rosinality', shapesOf(all));
  return applyNameTable('rosinality', all, table, isRosinalityConstant);
}
