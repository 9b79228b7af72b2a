/**
 * The original's precomputed relevances: `fs3.npy` and `S_mean_std`, as global_directions/ of StyleCLIP writes them.
 *
 * fs3.npy is an array [rows, width] of unit rows: Δi_c of every non-toRGB style channel, layer after layer in the order
 * of execution. It says nothing of the generator, and today's SingleChannel.py stops at style index 16, so the file may
 * have the rows of all layers (6048 at 1024² config-f) or only those up to a resolution (5376, up to 128²). S_mean_std is a
 * pickle [means, stds], each a list with one array for each of the 26 style layers, toRGB included: from it come the number
 * of layers, hence the resolution, and the channels of each; nothing is tied to 1024². Layers beyond the rows of fs3.npy
 * get a zero direction, as the original leaves their styles alone.
 */
import { openCheckpoint } from '../open-checkpoint.js';
import { kindOf, PyList, PyTensor, PyTuple, type PyValue } from '../pickle/values.js';
import { numbersOf } from './floats.js';
import { failure, notUnit, synthesisLayers, type ByteSource, type Relevance } from '@styleclip/core';

/** One style layer of a generator, toRGB included. */
export interface StyleLayer {
  readonly index: number;
  readonly name: string;
  readonly resolution: number;
  readonly toRGB: boolean;
  readonly channels: number;
}

/** Mean and standard deviation of every channel of every style layer. */
export interface StyleStatistics {
  readonly layers: readonly StyleLayer[];
  /** By style index, [channels] each. */
  readonly means: readonly Float32Array[];
  readonly stds: readonly Float32Array[];
}

/** Larger than any StyleGAN2: 2^13 pixels a side. */
const MOST_LAYERS = 35;
/** A style is as wide as a layer has channels: 512 in all published networks. */
const MOST_CHANNELS = 1 << 14;
/** Numbers of the finished directions: fourteen times those of 1024² with the widest CLIP. The tail's zeros are not in the file. */
const MOST_NUMBERS = 1 << 26;

/**
 * Reads S_mean_std.
 * @param resolution what the generator's must be; otherwise whatever the file has
 * @throws UserError when the file is something else
 */
export async function readStatistics(source: ByteSource, resolution?: number): Promise<StyleStatistics> {
  const { name } = source;
  const { tree } = await openCheckpoint(source);
  const expected =
    'expected a pickle [means, stds] with an array for each style layer, as GetCode.py writes S_mean_std';
  const halves = itemsOf(tree);
  const [means, stds] = (halves ?? []).map(itemsOf);
  if (halves?.length !== 2 || means === undefined || stds === undefined)
    throw failure(`${name}: holds ${describe(tree)}; ${expected}`);
  if (means.length !== stds.length)
    throw failure(`${name}: ${means.length} arrays of means but ${stds.length} of standard deviations`);
  // 2 style layers at 4², three more with each doubling: 3·log2(R) − 4.
  const side = 2 ** ((means.length + 4) / 3);
  if (!Number.isInteger(side) || side < 4 || means.length > MOST_LAYERS) {
    const some = [64, 256, 512, 1024].map((r) => `${synthesisLayers(r).length} at ${r}²`).join(', ');
    throw failure(`${name}: ${means.length} arrays; a StyleGAN2 has one for each style layer, toRGB included: ${some}`);
  }
  if (resolution !== undefined && resolution !== side)
    throw failure(`${name}: ${means.length} arrays are those of a generator of ${side}², not of ${resolution}²`);

  const layers: StyleLayer[] = [];
  const values: { means: Float32Array[]; stds: Float32Array[] } = { means: [], stds: [] };
  for (const { name: layer, index, resolution: r, toRGB } of synthesisLayers(side)) {
    const mean = await vectorOf(means[index], `${name}: means of style layer ${index}`);
    const std = await vectorOf(stds[index], `${name}: standard deviations of style layer ${index}`);
    if (mean.length !== std.length)
      throw failure(`${name}: style layer ${index} has ${mean.length} means but ${std.length} standard deviations`);
    if (std.some((value) => value < 0)) throw failure(`${name}: style layer ${index}: a negative standard deviation`);
    layers.push({ index, name: layer, resolution: r, toRGB, channels: mean.length });
    values.means.push(mean);
    values.stds.push(std);
  }
  return { layers, ...values };
}

/** How many rows fs3.npy can have: those of all layers up to each resolution, toRGB left out. Smallest first. */
export function rowCounts(layers: readonly StyleLayer[]): { rows: number; resolution: number }[] {
  const counts: { rows: number; resolution: number }[] = [];
  let rows = 0;
  for (const { channels, resolution, toRGB } of layers) {
    if (!toRGB) rows += channels;
    if (toRGB) counts.push({ rows, resolution });
  }
  return counts;
}

/**
 * Joins directions and statistics.
 * @param metadata what is known of how the directions were made
 * @throws UserError when the array is not one of directions of this generator
 */
export async function readDirections(
  source: ByteSource,
  statistics: StyleStatistics,
  metadata: Relevance['metadata'],
): Promise<Relevance> {
  const { name } = source;
  const { tree } = await openCheckpoint(source);
  if (!(tree instanceof PyTensor)) throw failure(`${name}: holds ${describe(tree)}; expected the one array of fs3.npy`);
  const { dtype, shape } = tree.tensor;
  const counts = rowCounts(statistics.layers);
  const [rows = 0, width = 0] = shape;
  if (shape.length !== 2 || width === 0 || !counts.some((count) => count.rows === rows)) {
    const accepted = counts.map((count) => `${count.rows} (up to ${count.resolution}²)`).join(', ');
    throw failure(
      `${name}: ${dtype} [${shape.join(', ')}]; this generator's directions are [rows, width of CLIP's embedding] with rows one of ${accepted}`,
    );
  }
  const some = statistics.layers.filter(({ toRGB }) => !toRGB);
  const all = some.reduce((sum, { channels }) => sum + channels, 0);
  if (all * width > MOST_NUMBERS) throw failure(`${name}: ${all} channels × ${width} numbers are too many`);
  const measured = await numbersOf(tree.tensor, name);
  const fault = notUnit(measured, width);
  if (fault !== undefined) throw failure(`${name}: ${fault}`);

  const direction = new Float32Array(all * width); // zero where fs3.npy has no row
  direction.set(measured);
  const columns = {
    layer: new Int16Array(all),
    name: new Array<string>(all),
    channel: new Int16Array(all),
    resolution: new Int16Array(all),
    mean: new Float32Array(all),
    std: new Float32Array(all),
  };
  let row = 0;
  for (const layer of some) {
    columns.layer.fill(layer.index, row, row + layer.channels);
    columns.name.fill(layer.name, row, row + layer.channels);
    columns.resolution.fill(layer.resolution, row, row + layer.channels);
    columns.mean.set(statistics.means[layer.index] as Float32Array, row);
    columns.std.set(statistics.stds[layer.index] as Float32Array, row);
    for (let channel = 0; channel < layer.channels; channel++) columns.channel[row++] = channel;
  }
  return { ...columns, direction, width, metadata };
}

/** The items of a list or tuple. */
function itemsOf(value: PyValue): readonly PyValue[] | undefined {
  return value instanceof PyList || value instanceof PyTuple ? value.items : undefined;
}

/** An array with one dimension that counts ([C], [1, C], [1, 1, C, 1, 1]) as finite float32. */
async function vectorOf(value: PyValue | undefined, where: string): Promise<Float32Array> {
  if (!(value instanceof PyTensor)) throw failure(`${where}: ${kindOf(value)} where an array should be`);
  const { dtype, shape } = value.tensor;
  const sizes = shape.filter((size) => size !== 1);
  if (sizes.length > 1 || shape.includes(0) || (sizes[0] ?? 1) > MOST_CHANNELS)
    throw failure(`${where}: ${dtype} [${shape.join(', ')}] where one number for each channel should be`);
  return numbersOf(value.tensor, where);
}

function describe(tree: PyValue): string {
  const items = itemsOf(tree);
  return items === undefined ? kindOf(tree) : `${kindOf(tree)} of ${items.length}`;
}
