/**
 * What will be written for a network that was found: every tensor's name, shape and dtype, and what bundle.json says of it.
 *
 * All of it follows from names and shapes, so a file that can't become a part of a bundle fails here, before anything
 * is read or written. Numbers are kept as they are: float16 stays float16 where only axes turn, everything else
 * becomes float32; with `half` all real numbers are rounded to float16.
 */
import {
  activationMarkers,
  ARCFACE_INPUT,
  CLIP_MEAN,
  CLIP_STD,
  type ClipActivation,
  failure,
  headMarkers,
  LAYER_GROUPS,
  MAX_BLOCKS,
  type PlannedTensor,
  planTensors,
  type RawTensor,
  type SafetensorsPlan,
  toRaw,
  usageError,
} from '@styleclip/core';
import type { FoundNetwork } from '../layouts/layout.js';
import type { Heads, Triple } from './read-clip-config.js';

export interface NetworkPlan {
  readonly found: FoundNetwork;
  /** In the order in which they are read. */
  readonly tensors: readonly PlannedTensor[];
  /** Added tensors, ready. */
  readonly constants: Readonly<Record<string, RawTensor>>;
  /** The file that will be written. */
  readonly file: SafetensorsPlan;
  /** Numbers in it. */
  readonly parameters: number;
  /** `F16`, `F32`, or both. */
  readonly dtype: string;
  /** Bytes to read. */
  readonly bytes: number;
  /** What bundle.json says of this part, but for file and hash. */
  readonly info: Readonly<Record<string, unknown>>;
}

/** What no shape of a CLIP shows; heads only where they are not width / 64, OpenAI's own mean and deviation by default. */
export interface ClipFacts extends Heads {
  readonly activation?: ClipActivation;
  readonly mean?: Triple;
  readonly std?: Triple;
}

export interface PlanOptions {
  /** Round all real numbers to float16. */
  readonly half: boolean;
  readonly clip?: ClipFacts;
  /** More tensors to add. */
  readonly constants?: Readonly<Record<string, RawTensor>>;
}

/** @throws UserError when names, shapes or sizes don't go together */
export async function planNetwork(
  found: FoundNetwork,
  { half, clip = {}, constants = {} }: PlanOptions,
): Promise<NetworkPlan> {
  const tensors = planTensors(found.what, found.state, found.table, found.ignored);
  const shapes = new Map(tensors.map(({ name, shape }) => [name, shape]));
  const info = describeNetwork(found, shapes, clip);
  const added = { ...found.constants, ...(await rawMarkers(clip)), ...constants };
  const file: Record<string, { dtype: 'F16' | 'F32'; shape: readonly number[] }> = {};
  for (const { name, shape, dtype } of tensors) file[name] = { dtype: half ? 'F16' : dtype, shape };
  const dtypes = new Set(Object.values(file).map(({ dtype }) => dtype));
  const all: SafetensorsPlan = { ...file, ...added };
  return {
    found,
    tensors,
    constants: added,
    file: all,
    parameters: Object.values(all).reduce((sum, { shape }) => sum + sizeOf(shape), 0),
    dtype: [...dtypes].sort().join(' and '),
    bytes: tensors.reduce((sum, { bytes }) => sum + bytes, 0),
    info,
  };
}

/** Longest z or w: real ones have 512. Averaging w draws a thousand z at once, so a crafted length would take all memory. */
const MAX_LATENT = 16_384;

type Shapes = ReadonlyMap<string, readonly number[]>;

function describeNetwork({ kind, what }: FoundNetwork, shapes: Shapes, clip: ClipFacts): Record<string, unknown> {
  const size = (name: string, axis: number): number => shapes.get(name)?.[axis] ?? 0;
  switch (kind) {
    case 'generator': {
      let resolution = 4;
      for (let blocks = 0; blocks < MAX_BLOCKS && shapes.has(`b${resolution * 2}.conv1.weight`); blocks++)
        resolution *= 2;
      const wDim = size('b4.conv1.affine.weight', 0);
      const zDim = size('mapping.0.weight', 0) || wDim;
      const widest = Math.max(
        ...[...shapes].map(([name, shape]) => (name.startsWith('mapping.') ? Math.max(...shape) : 0)),
      );
      if (Math.max(zDim, wDim, widest) > MAX_LATENT) {
        throw failure(
          `${what}: its latents or their mapping are ${Math.max(zDim, wDim, widest)} wide, at most ${MAX_LATENT} are supported`,
        );
      }
      return { resolution, zDim, wDim, layerGroups: [...LAYER_GROUPS] };
    }
    case 'clip':
      return describeClip(what, size, clip);
    case 'identity':
      return describeIdentity(what, shapes, size);
    case 'mapper':
      return {};
  }
}

type SizeOf = (name: string, axis: number) => number;

function describeClip(
  what: string,
  size: SizeOf,
  { imageHeads, textHeads, activation = 'quick_gelu', mean = CLIP_MEAN, std = CLIP_STD }: ClipFacts,
): Record<string, unknown> {
  const side = Math.sqrt(size('visual.positional_embedding', 0) - 1);
  if (!Number.isInteger(side) || side < 1) {
    throw failure(
      `${what}: ${size('visual.positional_embedding', 0)} positions are no square of patches and one more; only square pictures are supported`,
    );
  }
  for (const [option, width, heads] of [
    ['image-heads', size('visual.class_embedding', 0), imageHeads],
    ['text-heads', size('ln_final.weight', 0), textHeads],
  ] as const) {
    const used = heads ?? Math.max(1, Math.floor(width / 64));
    if (!Number.isInteger(used) || width % used !== 0) {
      const wrong = heads === undefined ? failure : usageError;
      throw wrong(
        `${what}: a width of ${width} does not divide into ${used} heads; say how many there are by --${option}`,
      );
    }
  }
  return {
    inputResolution: side * size('visual.conv1.weight', 0),
    mean: [...mean],
    std: [...std],
    activation,
    embedding: size('text_projection', 1),
    context: size('positional_embedding', 0),
  };
}

/** The real ArcFace takes 112 pixels and, in StyleCLIP, the cut-out face of an FFHQ picture. */
function describeIdentity(what: string, shapes: Shapes, size: SizeOf): Record<string, unknown> {
  let side = Math.sqrt(size('output_layer.3.weight', 0) / size('output_layer.0.weight', 0));
  for (let i = 0; shapes.has(`body.${i}.res_layer.1.weight`); i++) {
    if (i === 0 || shapes.has(`body.${i}.shortcut_layer.0.weight`)) side *= 2;
  }
  if (!Number.isSafeInteger(side)) throw failure(`${what}: its last layer does not fit a square picture`);
  const input = side === ARCFACE_INPUT.size ? { size: side, crop: 'ffhq' } : { size: side };
  return { input, embedding: size('output_layer.3.weight', 1) };
}

async function rawMarkers({ activation = 'quick_gelu', ...heads }: ClipFacts): Promise<Record<string, RawTensor>> {
  const raw: Record<string, RawTensor> = {};
  for (const [name, tensor] of Object.entries({ ...headMarkers(heads), ...activationMarkers(activation) })) {
    raw[name] = await toRaw(tensor, { name });
    tensor.dispose();
  }
  return raw;
}

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}
