/**
 * The latent spaces of StyleGAN2, as types, and the ways between them and flat arrays.
 *
 *     Z  [N,zDim]   standard normal noise
 *     W  [N,D]      after the mapping network
 *     W+ [N,L,D]    one w per layer; what inversion, the optimizer and the mapper edit
 *     S             one style vector [N,C] per modulated layer, toRGB marked; what global directions edit
 */
import tf from '@tensorflow/tfjs';

/** [N,zDim] */
export type Z = tf.Tensor2D;
/** [N,D] */
export type W = tf.Tensor2D;
/** [N,L,D] */
export type WPlus = tf.Tensor3D;

/** The style of one modulated layer. */
export interface StyleVector {
  /** Layer name, e.g. `b8.conv0`. */
  name: string;
  /** The row of W+ it comes from. */
  layer: number;
  /** Side of the layer's output in pixels. */
  resolution: number;
  toRGB: boolean;
  /** [N,C], C the input channels of the layer. */
  style: tf.Tensor2D;
}

/** One style per modulated layer in the order of execution; the place in the list is the style index. */
export type StyleCode = StyleVector[];
