/**
 * What an edit minimises (StyleCLIP eq. 1 and 5; `mapper/training/coach.py`, `calc_loss`; `optimization/run_optimization.py`):
 *
 *     L = λ_clip · L_clip(G(ŵ), text) + λ_id · L_id(G(ŵ), G(w)) + λ_l2 · ‖ŵ − w‖²
 *
 * and, beyond the paper, λ_directional · L_dir (StyleGAN-NADA's directional CLIP loss): the change of the picture, in
 * CLIP's space, must point where the text points, so what the text does not speak of stays. Alone it does not say how far
 * to go; beside L_clip it keeps an edit narrow.
 *
 * How the edited code ŵ came about, by a mapper or by being moved itself, is not asked here; it is W+ or S.
 * All of it is TensorFlow.js, with nothing read back, so that it can be traced into one graph. A term of weight 0 is not
 * computed and reads 0. What belongs to the source picture G(w) needs no gradient: `sourceFeatures` computes it apart.
 */
import { encodeText } from '../models/clip/text-encoder.js';
import { tokenTensor } from '../models/clip/tokenizer.js';
import type { ClipInput } from '../models/clip/prepare.js';
import type { IdentityInput } from '../models/identity/prepare.js';
import type { StyleCode, WPlus } from '../models/stylegan2/spaces.js';
import { styles } from '../models/stylegan2/styles.js';
import { synthesize } from '../models/stylegan2/synthesis.js';
import { unitRows } from '../models/unit-rows.js';
import { tf } from '../tensors/tf.js';
import type { Weights } from '../tensors/weights.js';
import { clipFeatures, cosineLoss, directionalClipRows, type ClipInputKind } from './clip.js';
import { embeddingRows, identityFeatures } from './identity.js';
import { latentRows, type LatentReading } from './latent.js';

/** A latent code: W+ [N,L,D], or the styles of S. */
export type LatentCode = WPlus | StyleCode;

/** Weights of the terms, and how two of them are read: the group `losses` of a configuration. */
export interface ObjectiveOptions {
  clip: number;
  directional: number;
  id: number;
  l2: number;
  /** What CLIP sees; 'raw' as in the official code. */
  clipInput: ClipInputKind;
  l2Reading: LatentReading;
  /** See `directionalClipRows`: needed where the edit begins at the source itself. */
  directionalFloor?: number;
}

/** The networks that the objective looks through, frozen, with what their inputs need to know. */
export interface ObjectiveNetworks {
  generator: Weights;
  clip: Weights;
  clipInput: Omit<ClipInput, 'raw'>;
  /** Needed where `id` has weight. */
  identity?: { weights: Weights; input: IdentityInput };
}

/** The terms of one batch: unweighted scalars, and `total` with their weights. */
export type LossTerms = { total: tf.Scalar; clip: tf.Scalar; directional: tf.Scalar; id: tf.Scalar; l2: tf.Scalar };

/** The terms picture by picture, each [N] and unweighted. */
export type LossRows = Record<Exclude<keyof LossTerms, 'total'>, tf.Tensor1D>;

/**
 * What pictures are compared with: unit CLIP features of the prompt, and where it is used prompt minus neutral; [1,E], or
 * [N,E] where each picture has a text of its own.
 */
export type TextTarget = { prompt: tf.Tensor2D; direction?: tf.Tensor2D };

/** What the loss needs of the pictures before the edit: identity [N,E] and CLIP features [N,E], where they are used. */
export type SourceFeatures = { id?: tf.Tensor2D; clip?: tf.Tensor2D };

/** Picture [N,R,R,3] of W+ codes [N,L,D] or style codes, with the noise stored in the weights. */
export function render(generator: Weights, code: LatentCode): tf.Tensor4D {
  const styleCode = code instanceof tf.Tensor ? styles(generator, code) : code;
  return synthesize(generator, styleCode, { noise: 'stored' });
}

/**
 * The texts' features. Reads tensors: call it on the host.
 * @param neutral what the directional loss starts from; left out where that loss has no weight
 * @throws UserError when a text is longer than CLIP's context.
 */
export function textTarget(clip: Weights, { prompt, neutral }: { prompt: string; neutral?: string }): TextTarget {
  return tf.tidy(() => {
    const features = (text: string) => unitRows(encodeText(clip, tokenTensor(clip, text, { length: 'longest' })));
    const target = features(prompt);
    return neutral === undefined
      ? { prompt: target }
      : { prompt: target, direction: tf.sub(target, features(neutral)) as tf.Tensor2D };
  });
}

/** Features of G(w) that the objective compares with; nothing is computed that it does not use. */
export function sourceFeatures(
  { generator, clip, clipInput: input, identity }: ObjectiveNetworks,
  losses: ObjectiveOptions,
  code: LatentCode,
): SourceFeatures {
  const wantsId = losses.id > 0;
  const wantsClip = losses.directional > 0;
  if (!wantsId && !wantsClip) return {};
  const image = render(generator, code); // [N,R,R,3]
  const features: SourceFeatures = {};
  if (wantsId && identity) features.id = identityFeatures(identity.weights, image, identity.input);
  if (wantsClip) features.clip = clipFeatures(clip, image, { input, clipInput: losses.clipInput });
  return features;
}

/** An edit to be judged: `edited`, in the space of `original`, and what `sourceFeatures` says of `original`. */
export type EditedCode = { edited: LatentCode; original: LatentCode; source: SourceFeatures; text: TextTarget };

/** The loss of an edit: the mean over the batch of each term, and their weighted sum. */
export function objective(networks: ObjectiveNetworks, losses: ObjectiveOptions, edit: EditedCode): LossTerms {
  const rows = objectiveRows(networks, losses, edit);
  const [clip, directional, id, l2] = [rows.clip, rows.directional, rows.id, rows.l2].map(
    (term) => tf.mean(term) as tf.Scalar,
  ) as [tf.Scalar, tf.Scalar, tf.Scalar, tf.Scalar];
  const weighted = [
    tf.mul(clip, losses.clip),
    tf.mul(directional, losses.directional),
    tf.mul(id, losses.id),
    tf.mul(l2, losses.l2),
  ];
  return { total: tf.addN(weighted) as tf.Scalar, clip, directional, id, l2 };
}

/** The terms picture by picture, for a caller that weighs each picture's by itself; of the weights only "is it 0?" is asked. */
export function objectiveRows(
  { generator, clip: clipWeights, clipInput: input, identity }: ObjectiveNetworks,
  losses: ObjectiveOptions,
  { edited, original, source, text }: EditedCode,
): LossRows {
  const image = render(generator, edited); // [N,R,R,3]
  const zero = tf.zeros([image.shape[0]]) as tf.Tensor1D;
  const features = clipFeatures(clipWeights, image, { input, clipInput: losses.clipInput }); // [N,E]
  return {
    clip: losses.clip > 0 ? cosineLoss(features, text.prompt) : zero,
    directional:
      source.clip && text.direction
        ? directionalClipRows(features, source.clip, text.direction, { floor: losses.directionalFloor })
        : zero,
    id:
      source.id && identity
        ? embeddingRows(identityFeatures(identity.weights, image, identity.input), source.id)
        : zero,
    l2: losses.l2 > 0 ? latentRows(asTensors(edited), asTensors(original), { reading: losses.l2Reading }) : zero,
  };
}

function asTensors(code: LatentCode): tf.Tensor | tf.Tensor[] {
  return code instanceof tf.Tensor ? code : code.map(({ style }) => style);
}
