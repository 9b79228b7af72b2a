/**
 * How well texts and pictures agree: the loss of both trainings of CLIP, from picture features on.
 */
import { encodeText, tf, unitRows, type Weights } from '@styleclip/core';
import { FACTORS } from '../factors.js';
import type { CaptionBatch } from './caption-batch.js';
import { contrastiveLoss } from './contrastive.js';
import { prototypeLoss } from './prototypes.js';
import { silenceLoss } from './silence.js';

/** Name of the prototypes among the parameters of a training; the finished network has none. */
export const PROTOTYPES = 'prototypes';

/** The network as it is loaded: without what belongs to the training alone. */
export const withoutPrototypes = (weights: Weights): Weights =>
  Object.fromEntries(Object.entries(weights).filter(([name]) => name !== PROTOTYPES));

/** Whether a weight is one of the picture's side. */
export const isVisual = (name: string): boolean => name.startsWith('visual.');

/** Share of the silence loss, whose terms are squares of logits. */
const SILENCE = 0.03;

/**
 * Contrastive loss plus prototype loss; with `directions` the silence loss too.
 * @param pictures picture features [B,E], rows of length 1
 * @param params the text side, `logit_scale` and `prototypes`
 * @param fixed what says how CLIP is built (vocabulary, head markers)
 * @param directions of all values among the picture features [V,E], where the picture side is finished
 */
export function alignmentLoss(
  pictures: tf.Tensor2D,
  params: Weights,
  fixed: Weights,
  texts: CaptionBatch,
  directions?: tf.Tensor2D,
): tf.Scalar {
  const clip = { ...params, ...fixed };
  const captions = unitRows(tf.concat([encodeText(clip, texts.statements), encodeText(clip, texts.descriptions)], 0));
  const scale = tf.exp(tf.minimum(clip['logit_scale']!, Math.log(100))); // as CLIP: at most 100
  const values = FACTORS.map((factor) => factor.values.length);
  const contrast = contrastiveLoss(pictures, captions, texts.matches, scale, [...values, texts.descriptions.shape[0]]);
  const prototypes = params[PROTOTYPES] as tf.Tensor2D;
  const aligned = tf.add(
    contrast,
    prototypeLoss(pictures, captions, prototypes, texts.shown, texts.spoken, scale, values),
  ) as tf.Scalar;
  if (!directions) return aligned;
  return tf.add(aligned, tf.mul(silenceLoss(captions, directions, texts.spoken, scale, values), SILENCE));
}
