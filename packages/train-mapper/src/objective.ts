/**
 * What a mapper minimises (StyleCLIP eq. 5; `mapper/training/coach.py`, `calc_loss`):
 *
 *     L = λ_clip · L_clip(G(ŵ), text) + λ_id · L_id(G(ŵ), G(w)) + λ_l2 · ‖ŵ − w‖²,      ŵ = w + strength · M(w)
 *
 * and, beyond the paper, λ_directional · L_dir (StyleGAN-NADA's directional CLIP loss): the change of the picture, in
 * CLIP's space, must point where the text points, so what the text does not speak of stays. Alone it does not say how far
 * to go; beside L_clip it keeps an edit narrow.
 *
 * All of it is TensorFlow.js, with nothing read back, so that it can be traced into one graph. A term of weight 0 is not
 * computed and reads 0. What belongs to the source picture G(w) needs no gradient: `sourceFeatures` computes it apart.
 */
import {
  applyMapper,
  clipFeatures,
  cosineLoss,
  directionalClipLoss,
  encodeText,
  identityFeatures,
  identityLoss,
  latentLoss,
  styles,
  synthesize,
  tf,
  tokenTensor,
  unitRows,
  type ClipLossOptions,
  type MapperOptions,
  type Weights,
} from '@styleclip/core';
import type { TrainMapperConfig } from './config.js';
import type { Models } from './models.js';

/** The terms of one batch: unweighted scalars, and `total` with their weights. */
export type LossTerms = { total: tf.Scalar; clip: tf.Scalar; directional: tf.Scalar; id: tf.Scalar; l2: tf.Scalar };

/** What pictures are compared with: unit CLIP features of the prompt, and where it is used prompt minus neutral; [1,E]. */
export type TextTarget = { prompt: tf.Tensor2D; direction?: tf.Tensor2D };

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
 * The texts' features. Reads tensors: call it on the host.
 * @throws UserError when a text is longer than CLIP's context.
 */
export function textTarget(
  clip: Weights,
  { prompt, losses }: Pick<TrainMapperConfig, 'prompt' | 'losses'>,
): TextTarget {
  return tf.tidy(() => {
    const features = (text: string) => unitRows(encodeText(clip, tokenTensor(clip, text, { length: 'longest' })));
    const target = features(prompt);
    return losses.directional > 0
      ? { prompt: target, direction: tf.sub(target, features(losses.neutral)) as tf.Tensor2D }
      : { prompt: target };
  });
}

/** Features of G(w) that the loss compares with; nothing is computed that the configuration does not use. */
export function sourceFeatures(models: Models, config: TrainMapperConfig, wPlus: tf.Tensor3D): SourceFeatures {
  const wantsId = config.losses.id > 0;
  const wantsClip = config.losses.directional > 0;
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
  { mapper, wPlus, source, text }: { mapper: Weights; wPlus: tf.Tensor3D; source: SourceFeatures; text: TextTarget },
): LossTerms {
  const { losses } = config;
  const zero = tf.scalar(0);
  const edited = applyMapper(mapper, wPlus, mapperOptions(models, config)); // [N,L,D]
  const image = render(models.generator, edited); // [N,R,R,3]
  const features = clipFeatures(models.clip, image, clipOptions(models, config)); // [N,E]
  const clip = losses.clip > 0 ? (tf.mean(cosineLoss(features, text.prompt)) as tf.Scalar) : zero;
  const directional = source.clip && text.direction ? directionalClipLoss(features, source.clip, text.direction) : zero;
  const id =
    source.id && models.identity
      ? identityLoss(models.identity.weights, image, source.id, models.identity.input)
      : zero;
  const l2 = losses.l2 > 0 ? latentLoss(edited, wPlus, { reading: losses.l2Reading }) : zero;
  const weighted = [
    tf.mul(clip, losses.clip),
    tf.mul(directional, losses.directional),
    tf.mul(id, losses.id),
    tf.mul(l2, losses.l2),
  ];
  return { total: tf.addN(weighted) as tf.Scalar, clip, directional, id, l2 };
}
