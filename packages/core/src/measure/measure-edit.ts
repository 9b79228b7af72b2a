/**
 * What an edit does to pictures, in numbers: hit and leak (see score-edit.ts), identity and CLIP gain.
 *
 *     identity = mean cosine of the face embeddings before and after the edit
 *     clipGain = mean over the pictures of cos(E(after), prompt) − cos(E(before), prompt)
 *
 * Any method's edits are measured by it: it takes pictures before and after, or functions that draw them. CLIP sees the
 * picture as it was trained to (normalised) here, whatever the loss fed it, so that runs can be compared.
 */
import type { Device } from '../experiment/device.js';
import type { Networks } from '../experiment/networks.js';
import { clipFeatures } from '../losses/clip.js';
import { identityFeatures } from '../losses/identity.js';
import { readAttributes } from '../models/attributes.js';
import { cosineRows } from '../models/unit-rows.js';
import { disposeAll, type Weights } from '../tensors/weights.js';
import { tf } from '../tensors/tf.js';
import { scoreEdit, type EditScore, type Readings } from './score-edit.js';

/** Pictures that are measured at once, unless told. */
const BATCH = 20;

/** An edit to be measured, batch by batch. */
export interface Edit<Input extends readonly unknown[]> {
  /** Pictures [N,R,R,3] in [-1,1] before and after the edit. Traced for the device together with what looks at them. */
  pictures: (...input: Input) => { before: tf.Tensor4D; after: tf.Tensor4D };
  /** What `pictures` takes, batch by batch. A batch's tensors belong to who yields it, and are not used past the next. */
  batches: Iterable<Input> | AsyncIterable<Input>;
}

/** What is asked of the pictures. */
export interface Question {
  /** Unit CLIP features of the prompt, [1,E]. */
  prompt: tf.Tensor2D;
  /** A factor of the attribute probe and the values that count as a hit; without it there is no hit and no leak. */
  ask?: { factor: string; values: readonly string[] } | undefined;
  /** Factors that leak does not count. */
  ignore?: readonly string[];
}

/** The numbers of an edit; a field is null where the bundle has no network to measure it, or nothing was asked. */
export interface EditMeasures {
  /** How many were measured. */
  latents: number;
  hit: number | null;
  hitBefore: number | null;
  leak: number | null;
  leakByFactor: Record<string, number> | null;
  identity: number | null;
  clipGain: number;
  clipBefore: number;
  clipAfter: number;
}

/** What is read off one batch: features compared in the graph, readings as indices [N]. */
type Looked = {
  clipBefore: tf.Tensor1D;
  clipAfter: tf.Tensor1D;
  identity?: tf.Tensor1D;
  before?: Record<string, tf.Tensor>;
  after?: Record<string, tf.Tensor>;
};

/** Measures an edit with the networks that there are. */
export async function measureEdit<Input extends readonly unknown[]>(
  device: Device,
  { clip, clipInput, identity, attributes }: Pick<Networks, 'clip' | 'clipInput' | 'identity' | 'attributes'>,
  { pictures, batches }: Edit<Input>,
  { prompt, ask, ignore = [] }: Question,
): Promise<EditMeasures> {
  const look = device.compile(
    (prompt: tf.Tensor2D, ...input: Input): Looked => {
      const { before, after } = pictures(...input); // [N,R,R,3]
      const likeness = (image: tf.Tensor4D) =>
        cosineRows(clipFeatures(clip, image, { input: clipInput }), prompt) as tf.Tensor1D;
      const looked: Looked = { clipBefore: likeness(before), clipAfter: likeness(after) };
      if (identity) {
        const face = (image: tf.Tensor4D) => identityFeatures(identity.weights, image, identity.input);
        looked.identity = cosineRows(face(before), face(after)) as tf.Tensor1D;
      }
      if (attributes) {
        looked.before = readings(attributes.weights, before);
        looked.after = readings(attributes.weights, after);
      }
      return looked;
    },
    { name: 'measure-edit' },
  );

  const clipBefore: number[] = [];
  const clipAfter: number[] = [];
  const sameness: number[] = [];
  const before: Record<string, number[]> = {};
  const after: Record<string, number[]> = {};
  try {
    for await (const input of batches) {
      const looked = await look(prompt, ...input);
      clipBefore.push(...(await looked.clipBefore.data()));
      clipAfter.push(...(await looked.clipAfter.data()));
      if (looked.identity) sameness.push(...(await looked.identity.data()));
      if (looked.before) await append(before, looked.before);
      if (looked.after) await append(after, looked.after);
      disposeAll(looked);
    }
  } finally {
    await look.dispose();
  }
  const score = scoreAsked(attributes?.factors ?? [], { ask, ignore }, before, after);
  return {
    latents: clipAfter.length,
    hit: score?.hit ?? null,
    hitBefore: score?.hitBefore ?? null,
    leak: score?.leak ?? null,
    leakByFactor: score?.leakByFactor ?? null,
    identity: sameness.length > 0 ? mean(sameness) : null,
    clipGain: mean(clipAfter) - mean(clipBefore),
    clipBefore: mean(clipBefore),
    clipAfter: mean(clipAfter),
  };
}

/** Latents [N,L,D] in batches; each is disposed when the next one is asked for. */
export function* batchesOf(latents: tf.Tensor3D, size: number = BATCH): Generator<tf.Tensor3D> {
  const [count] = latents.shape;
  for (let from = 0; from < count; from += size) {
    const batch = latents.slice([from, 0, 0], [Math.min(size, count - from), -1, -1]);
    try {
      yield batch;
    } finally {
      batch.dispose();
    }
  }
}

/** The score of what is asked; undefined when nothing is. */
function scoreAsked(
  factors: NonNullable<Networks['attributes']>['factors'],
  { ask, ignore }: { ask: Question['ask']; ignore: readonly string[] },
  before: Readings,
  after: Readings,
): EditScore | undefined {
  const factor = factors.find(({ name }) => name === ask?.factor);
  if (!ask || !factor) return undefined;
  return scoreEdit(before, after, {
    factor: ask.factor,
    values: ask.values.map((value) => factor.values.indexOf(value)),
    ignore,
  });
}

/** What the probe sees: the index of the likeliest value of every factor, [N] int32. */
function readings(probe: Weights, images: tf.Tensor4D): Record<string, tf.Tensor> {
  return Object.fromEntries(
    Object.entries(readAttributes(probe, images)).map(([factor, logits]) => [factor, tf.argMax(logits, 1)]),
  );
}

async function append(lists: Record<string, number[]>, tensors: Record<string, tf.Tensor>): Promise<void> {
  for (const [factor, tensor] of Object.entries(tensors)) (lists[factor] ??= []).push(...(await tensor.data()));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
