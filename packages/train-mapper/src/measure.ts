/**
 * What a mapper does to held-out latents, in numbers: hit and leak (see evaluate-edit.ts), identity and CLIP gain.
 *
 *     identity = mean cosine of the face embeddings before and after the edit
 *     clipGain = mean over the latents of cos(E(after), prompt) − cos(E(before), prompt)
 *
 * CLIP sees the picture as it was trained to (normalised) here, whatever the loss fed it, so that runs can be compared.
 */
import {
  applyMapper,
  clipFeatures,
  cosineRows,
  disposeAll,
  identityFeatures,
  readAttributes,
  tf,
  type Device,
  type Weights,
} from '@styleclip/core';
import type { TrainMapperConfig } from './config.js';
import { scoreEdit, type EditScore, type Readings } from './evaluate-edit.js';
import { mapperOptions, render } from './objective.js';
import type { Models } from './models.js';

/** Pictures that are measured at once. */
const BATCH = 20;

/** The numbers of an edit; a field is null where the bundle has no network to measure it. */
export interface EditMeasures {
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

/**
 * Measures a mapper over latents [N,L,D].
 * @param prompt unit CLIP features of the prompt [1,E]
 */
export async function measureEdit(
  { models, config, device }: { models: Models; config: TrainMapperConfig; device: Device },
  mapper: Weights,
  latents: tf.Tensor3D,
  prompt: tf.Tensor2D,
): Promise<EditMeasures> {
  const look = device.compile(
    (mapper: Weights, wPlus: tf.Tensor3D, prompt: tf.Tensor2D): Looked => {
      const before = render(models.generator, wPlus); // [N,R,R,3]
      const after = render(models.generator, applyMapper(mapper, wPlus, mapperOptions(models, config)));
      const clip = (image: tf.Tensor4D) =>
        cosineRows(clipFeatures(models.clip, image, { input: models.clipInput }), prompt) as tf.Tensor1D;
      const looked: Looked = { clipBefore: clip(before), clipAfter: clip(after) };
      if (models.identity) {
        const { weights, input } = models.identity;
        looked.identity = cosineRows(
          identityFeatures(weights, before, input),
          identityFeatures(weights, after, input),
        ) as tf.Tensor1D;
      }
      if (models.attributes) {
        looked.before = readings(models.attributes.weights, before);
        looked.after = readings(models.attributes.weights, after);
      }
      return looked;
    },
    { name: 'measure-edit' },
  );

  const count = latents.shape[0];
  const clipBefore: number[] = [];
  const clipAfter: number[] = [];
  const identity: number[] = [];
  const before: Record<string, number[]> = {};
  const after: Record<string, number[]> = {};
  try {
    for (let from = 0; from < count; from += BATCH) {
      const wPlus = latents.slice([from, 0, 0], [Math.min(BATCH, count - from), -1, -1]);
      const looked = await look(mapper, wPlus, prompt);
      clipBefore.push(...(await looked.clipBefore.data()));
      clipAfter.push(...(await looked.clipAfter.data()));
      if (looked.identity) identity.push(...(await looked.identity.data()));
      if (looked.before) await append(before, looked.before);
      if (looked.after) await append(after, looked.after);
      disposeAll(looked, wPlus);
    }
  } finally {
    await look.dispose();
  }
  const score = scoreAsked(models, config, before, after);
  return {
    latents: count,
    hit: score?.hit ?? null,
    hitBefore: score?.hitBefore ?? null,
    leak: score?.leak ?? null,
    leakByFactor: score?.leakByFactor ?? null,
    identity: identity.length > 0 ? mean(identity) : null,
    clipGain: mean(clipAfter) - mean(clipBefore),
    clipBefore: mean(clipBefore),
    clipAfter: mean(clipAfter),
  };
}

/** The score of what the configuration asks for; undefined when it asks for nothing. */
function scoreAsked(
  models: Models,
  { ask, ignore }: TrainMapperConfig,
  before: Readings,
  after: Readings,
): EditScore | undefined {
  const factor = models.attributes?.factors.find(({ name }) => name === ask?.factor);
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
