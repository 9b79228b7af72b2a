/**
 * From a generator's picture to the identity network's input.
 *
 * StyleCLIP's ID loss pools to 256 pixels, cuts the face out (rows 35 to 223, columns 32 to 220) and pools to 112; the
 * crop belongs to aligned FFHQ faces. Other bundles take the whole picture at some size. A bundle says which.
 */
import { tf } from '../../tensors/tf.js';
import { resample } from '../resample.js';

export type IdentityInput = {
  /** Side of the network's input in pixels. */
  readonly size: number;
  /** Pool to `from` pixels first, then keep `height` x `width` pixels from (top, left). */
  readonly crop?: {
    readonly from: number;
    readonly top: number;
    readonly left: number;
    readonly height: number;
    readonly width: number;
  };
};

/** What ArcFace wants in StyleCLIP (`criteria/id_loss.py`). */
export const ARCFACE_INPUT: IdentityInput = {
  size: 112,
  crop: { from: 256, top: 35, left: 32, height: 188, width: 188 },
};

/**
 * @param image [N,H,W,3] in [-1,1]
 * @returns [N,size,size,3] in [-1,1]
 */
export function prepareForIdentity(image: tf.Tensor4D, { size, crop }: IdentityInput): tf.Tensor4D {
  if (crop === undefined) return resample(image, size, 'adaptive');
  const pooled = resample(image, crop.from, 'adaptive');
  const face = tf.slice(pooled, [0, crop.top, crop.left, 0], [-1, crop.height, crop.width, -1]);
  return resample(face, size, 'adaptive');
}
