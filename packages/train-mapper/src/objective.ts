/**
 * What a mapper minimises (StyleCLIP eq. 5; `mapper/training/coach.py`, `calc_loss`):
 *
 *     L = λ_clip · L_clip(G(ŵ), text) + λ_id · L_id(G(ŵ), G(w)) + λ_l2 · ‖ŵ − w‖²,      ŵ = w + strength · M(w)
 *
 * All of it is TensorFlow.js, with nothing read back, so that it can be traced into one graph. A term of weight 0 is not
 * computed and reads 0. What belongs to the source picture G(w) needs no gradient: `sourceFeatures` computes it apart.
 */
import tf from '@tensorflow/tfjs';
import {
  applyMapper,
  clipFeatures,
  clipLoss,
  directionalClipLoss,
  encodeText,
  identityFeatures,
  identityLoss,
  latentLoss,
  styles,
  synthesize,
  tokenTensor,
  unitRows,
} from '@styleclip/core';
import type { ClipLossOptions, MapperOptions, Weights } from '@styleclip/core';
import type { TrainMapperConfig } from './config.js';
import type { Models } from './models.js';

/** The terms of one batch: unweighted scalars, and `total` with their weights. */
export type LossTerms = { total: tf.Scalar; clip: tf.Scalar; id: tf.Scalar; l2: tf.Scalar };

/** What the loss needs of the pictures before the edit: identity [N,E] and CLIP features [N,E], where they are used. */
export type SourceFeatures = { id?: tf.Tensor2D; clip?: tf.Tensor2D };

/** Picture [N,R,R,3] of W+ codes [N,L,D], with the noise stored in the weights. */
export function render(generator: Weights, wPlus: tf.Tensor3D): tf.Tensor4D {
  return synthesize(generator, styles(generator, wPlus), { noise: 'stored' });
}

/** The mapper's options, as core takes them. */
export function mapperOptions(
  models: Pick<Models, 'layerGroups'>,
  { mapper }: Pick<TrainMapperConfig, 'mapper'>,
): MapperOptions & { strength: number } {
  return { pixelNorm: mapper.pixelNorm, strength: mapper.strength, layerGroups: models.layerGroups };
}

/** How pictures go into CLIP. */
export function clipOptions(models: Models, { losses }: Pick<TrainMapperConfig, 'losses'>): ClipLossOptions {
  return { input: models.clipInput, clipInput: losses.clipInput };
}

/**
 * The text a picture is compared with: the prompt's CLIP features [1,E], or for a directional loss the unit features'
 * difference, prompt minus neutral. Reads tensors: call it on the host.
 * @throws UserError when a text is longer than CLIP's context.
 */
export function textTarget(clip: Weights, prompt: string, losses: TrainMapperConfig['losses']): tf.Tensor2D {
  return tf.tidy(() => {
    const target = unitRows(encodeText(clip, tokenTensor(clip, prompt, { length: 'longest' })));
    if (losses.clipLoss === 'global') return target;
    return tf.sub(target, unitRows(encodeText(clip, tokenTensor(clip, losses.neutral, { length: 'longest' }))));
  });
}

/** Features of G(w) that the loss compares with; nothing is computed that the configuration does not use. */
export function sourceFeatures(models: Models, config: TrainMapperConfig, wPlus: tf.Tensor3D): SourceFeatures {
  const wantsId = config.losses.id > 0;
  const wantsClip = config.losses.clipLoss === 'directional';
  if (!wantsId && !wantsClip) return {};
  const image = render(models.generator, wPlus); // [N,R,R,3]
  const features: SourceFeatures = {};
  if (wantsId && models.identity) features.id = identityFeatures(models.identity.weights, image, models.identity.input);
  if (wantsClip) features.clip = clipFeatures(models.clip, image, clipOptions(models, config));
  return features;
}

/** The loss of a mapper on a batch of latents [N,L,D]. */
export function lossTerms(
  models: Models,
  config: TrainMapperConfig,
  { mapper, wPlus, source, text }: { mapper: Weights; wPlus: tf.Tensor3D; source: SourceFeatures; text: tf.Tensor2D },
): LossTerms {
  const { losses } = config;
  const edited = applyMapper(mapper, wPlus, mapperOptions(models, config)); // [N,L,D]
  const image = render(models.generator, edited); // [N,R,R,3]
  const options = clipOptions(models, config);
  const clip = source.clip
    ? directionalClipLoss(clipFeatures(models.clip, image, options), source.clip, text)
    : clipLoss(models.clip, image, text, options);
  const id =
    source.id && models.identity
      ? identityLoss(models.identity.weights, image, source.id, models.identity.input)
      : tf.scalar(0);
  const l2 = losses.l2 > 0 ? latentLoss(edited, wPlus, { reading: losses.l2Reading }) : tf.scalar(0);
  let total = tf.mul(clip, losses.clip);
  if (source.id) total = tf.add(total, tf.mul(id, losses.id));
  if (losses.l2 > 0) total = tf.add(total, tf.mul(l2, losses.l2));
  return { total: total as tf.Scalar, clip, id, l2 };
}
