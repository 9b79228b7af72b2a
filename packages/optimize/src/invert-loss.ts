/**
 * The loss of an inversion, row by row:
 *
 *     L = λ_pixel · mean (G(w) − x)² + λ_clip · (1 − cos of CLIP features) + λ_id · (1 − cos of faces) + λ_near · mean (w − w₀)²
 *
 * Pixels alone leave fine detail blurred and faces of somebody else; the two networks that the bundle has anyway stand in for
 * LPIPS. w₀ is where the stage began. A code of rank 2 is w, of rank 3 W+.
 */
import {
  asWPlus,
  clipFeatures,
  cosineLoss,
  embeddingRows,
  generatorSize,
  identityFeatures,
  render,
  resample,
  tf,
  type Networks,
} from '@styleclip/core';
import type { InvertConfig } from './invert-config.js';
import type { LossOfRows } from './step.js';

/** Terms in the order in which they are told. */
export const INVERT_TERMS = ['pixel', 'clip', 'id', 'near'] as const;

/** What the codes of a batch are compared with. */
export type InvertFixed = {
  /** The pictures, [B,R,R,3]. */
  image: tf.Tensor;
  /** Their features, [B,E], where they are used. */
  clip?: tf.Tensor;
  id?: tf.Tensor;
  /** Where the stage began: the shape of the code. */
  near: tf.Tensor;
};

type Losses = InvertConfig['losses'];

/** Side of the small pictures by which the nearest candidate is found. */
const SMALL = 32;

export function invertLoss(networks: Networks, losses: Losses): LossOfRows<InvertFixed> {
  const { generator, clip, clipInput, identity } = networks;
  const { layers } = generatorSize(generator);
  return (code, fixed) => {
    const image = render(generator, asWPlus(code, layers)); // [B,R,R,3]
    const zero = tf.zeros([code.shape[0]!]) as tf.Tensor1D;
    const squares = (a: tf.Tensor, b: tf.Tensor) => {
      const square = tf.square(tf.sub(a, b));
      return tf.mean(square, square.shape.map((_, axis) => axis).slice(1)) as tf.Tensor1D;
    };
    const terms = {
      pixel: squares(image, fixed.image),
      clip: fixed.clip ? cosineLoss(clipFeatures(clip, image, { input: clipInput }), fixed.clip as tf.Tensor2D) : zero,
      id:
        fixed.id && identity
          ? embeddingRows(identityFeatures(identity.weights, image, identity.input), fixed.id as tf.Tensor2D)
          : zero,
      near: losses.near > 0 ? squares(code, fixed.near) : zero,
    };
    const weighted = INVERT_TERMS.map((name) => tf.mul(terms[name], losses[name]));
    return { total: tf.addN(weighted) as tf.Tensor1D, ...terms };
  };
}

/** What is known of the pictures before anything moves: the features they are compared by, and a small copy. */
export function pictureFeatures(
  { clip, clipInput, identity }: Networks,
  losses: Losses,
): (image: tf.Tensor4D) => { small: tf.Tensor; clip?: tf.Tensor; id?: tf.Tensor } {
  return (image) => ({
    small: small(image),
    ...(losses.clip > 0 && { clip: clipFeatures(clip, image, { input: clipInput }) }),
    ...(losses.id > 0 && identity && { id: identityFeatures(identity.weights, image, identity.input) }),
  });
}

/** [N,R,R,3] → [N,r,r,3] with r at most 32. */
export function small(image: tf.Tensor4D): tf.Tensor4D {
  return resample(image, Math.min(SMALL, image.shape[1]), 'area');
}
