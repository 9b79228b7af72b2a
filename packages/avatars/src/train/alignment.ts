/**
 * How well texts and pictures agree: the loss of both trainings of CLIP, from picture features on.
 */
import { encodeText, tf, unitRows, type Weights } from '@styleclip/core';
import { FACTORS } from '../factors.js';
import type { CaptionBatch } from './caption-batch.js';
import { contrastiveLoss } from './contrastive.js';
import { prototypeLoss } from './prototypes.js';

/** Name of the prototypes among the parameters of a training; the finished network has none. */
export const PROTOTYPES = 'prototypes';

/** The network as it is loaded: without what belongs to the training alone. */
export const withoutPrototypes = (weights: Weights): Weights =>
  Object.fromEntries(Object.entries(weights).filter(([name]) => name !== PROTOTYPES));

/** Whether a weight is one of the picture's side. */
export const isVisual = (name: string): boolean => name.startsWith('visual.');

/**
 * Contrastive loss plus prototype loss.
 * @param pictures picture features [B,E], rows of length 1
 * @param params the text side, `logit_scale` and `prototypes`
 * @param fixed what says how CLIP is built (vocabulary, head markers)
 */
export function alignmentLoss(pictures: tf.Tensor2D, params: Weights, fixed: Weights, texts: CaptionBatch): tf.Scalar {
  const clip = { ...params, ...fixed };
  const captions = unitRows(tf.concat([encodeText(clip, texts.statements), encodeText(clip, texts.descriptions)], 0));
  const scale = tf.exp(tf.minimum(clip['logit_scale']!, Math.log(100))); // as CLIP: at most 100
  const values = FACTORS.map((factor) => factor.values.length);
  const contrast = contrastiveLoss(pictures, captions, texts.matches, scale, [...values, texts.descriptions.shape[0]]);
  const prototypes = params[PROTOTYPES] as tf.Tensor2D;
  return tf.add(contrast, prototypeLoss(pictures, captions, prototypes, texts.shown, texts.spoken, scale, values));
}
