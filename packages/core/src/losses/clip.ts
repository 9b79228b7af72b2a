/**
 * The CLIP loss: 1 - cos between an edited picture and a text (StyleCLIP eq. 1 and `criteria/clip_loss.py`, where it is
 * written 1 - logits/100), and its directional form (StyleGAN-NADA eq. 2): 1 - cos between the picture's movement and
 * the text's.
 */
import { tf } from '../tensors/tf.js';
import type { Weights } from '../tensors/weights.js';
import { encodeImage } from '../models/clip/image-encoder.js';
import { type ClipInput, prepareForClip } from '../models/clip/prepare.js';
import { cosineRows, unitRows } from '../models/unit-rows.js';

/** 'normalised' brings pictures to CLIP's mean and std; 'raw' feeds [-1,1] as the official optimizer and mapper do. */
export type ClipInputKind = 'normalised' | 'raw';

export type ClipLossOptions = {
  /** What this CLIP takes. */
  readonly input: Omit<ClipInput, 'raw'>;
  readonly clipInput?: ClipInputKind;
};

/** Features of generator pictures [N,H,W,3] in [-1,1], not of unit length. [N,E] */
export function clipFeatures(
  clip: Weights,
  image: tf.Tensor4D,
  { input, clipInput = 'normalised' }: ClipLossOptions,
): tf.Tensor2D {
  return encodeImage(clip, prepareForClip(image, { ...input, raw: clipInput === 'raw' }));
}

/** 1 - cos of matching rows, [N]; either side may be a single row. */
export function cosineLoss(a: tf.Tensor2D, b: tf.Tensor2D): tf.Tensor1D {
  return tf.sub(1, cosineRows(a, b));
}

/**
 * Mean over the batch of 1 - cos(picture, text).
 *
 * @param image [N,H,W,3] in [-1,1]
 * @param textFeatures [N,E] or [1,E], any length
 */
export function clipLoss(
  clip: Weights,
  image: tf.Tensor4D,
  textFeatures: tf.Tensor2D,
  options: ClipLossOptions,
): tf.Scalar {
  return tf.mean(cosineLoss(clipFeatures(clip, image, options), textFeatures));
}

/**
 * Mean over the batch of 1 - cos(E(edited) - E(source), direction).
 *
 * As in StyleGAN-NADA, picture features are brought to unit length before the difference is taken.
 *
 * @param edited features of the edited pictures [N,E]
 * @param source features of the pictures before [N,E]
 * @param direction target text minus neutral text [N,E] or [1,E]
 */
export function directionalClipLoss(edited: tf.Tensor2D, source: tf.Tensor2D, direction: tf.Tensor2D): tf.Scalar {
  return tf.mean(directionalClipRows(edited, source, direction));
}

/**
 * The same, picture by picture: [N].
 *
 * Where the edited picture is still the source, the movement has no direction, and the gradient of the cosine no bound; Adam
 * would remember it for a thousand steps. With a `floor` the movement d is divided by √(|d|² + floor²) in place of |d|: a
 * descent that begins at the source needs one.
 */
export function directionalClipRows(
  edited: tf.Tensor2D,
  source: tf.Tensor2D,
  direction: tf.Tensor2D,
  { floor = 0 }: { floor?: number | undefined } = {},
): tf.Tensor1D {
  const moved = tf.sub(unitRows(edited), unitRows(source)) as tf.Tensor2D; // [N,E]
  if (floor === 0) return cosineLoss(moved, direction);
  const along = tf.sum(tf.mul(moved, unitRows(direction)), -1);
  const length = tf.sqrt(tf.add(tf.sum(tf.square(moved), -1), floor ** 2));
  return tf.sub(1, tf.div(along, length)) as tf.Tensor1D;
}
