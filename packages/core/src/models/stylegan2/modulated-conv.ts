/**
 * Weight (de)modulation (StyleGAN2 eq. 1–3) without touching the weights.
 *
 * The paper scales the weights by the style, w'_{ijk} = s_i·w_{ijk}, and divides by their norm over i and k. A
 * convolution is linear, so scaling its *input* channels by s and its *output* channels by
 *
 *     d_j = 1 / √(Σ_i s_i²·Σ_k w_{ijk}² + 1e-8)
 *
 * is the same. The weights stay constants that all pictures of a batch share: one plain convolution instead of a
 * grouped one with a kernel per picture. `modulated-conv.test.ts` holds the literal form and compares.
 */
import { tf } from '../../tensors/tf.js';
import { upsamplingConv, type UpsamplingForm } from './upsampling-conv.js';

export interface ModulatedConvOptions {
  /** Divide by the norm of the modulated weights (all layers but toRGB). */
  demodulate?: boolean;
  /** Double the resolution. */
  up?: boolean;
  /** Which of the equal forms of the upsampling convolution to use. */
  upsampling?: UpsamplingForm;
  /** A factor of the output that joins the demodulation for free. */
  gain?: number;
}

/**
 * @param x [N,H,W,I] (or batch 1 for all styles)
 * @param weight [k,k,I,O]
 * @param style [N,I]
 * @returns [N,H,W,O], or [N,2H,2W,O] with `up`
 */
export function modulatedConv(
  x: tf.Tensor4D,
  weight: tf.Tensor4D,
  style: tf.Tensor2D,
  options: ModulatedConvOptions = {},
): tf.Tensor4D {
  const { demodulate = true, gain = 1 } = options;
  const y = scaledConv(x, weight, style, options);
  if (!demodulate) return gain === 1 ? y : tf.mul(y, gain);
  const d = demodulation(weight, style, gain); // [1|N,O]
  return tf.mul(y, tf.reshape(d, [d.shape[0], 1, 1, weight.shape[3]]));
}

/** The convolution alone, of the input scaled by the style; demodulation is left to the caller. */
export function scaledConv(
  x: tf.Tensor4D,
  weight: tf.Tensor4D,
  style: tf.Tensor2D,
  { up = false, upsampling }: Pick<ModulatedConvOptions, 'up' | 'upsampling'> = {},
): tf.Tensor4D {
  const [batch, inputs] = style.shape;
  if (x.rank !== 4 || weight.rank !== 4 || x.shape[3] !== inputs || weight.shape[2] !== inputs) {
    throw new Error(
      `modulatedConv: input [${x.shape.join(',')}], weights [${weight.shape.join(',')}] and style [${style.shape.join(',')}] ` +
        'do not agree on the input channels',
    );
  }
  if (x.shape[0] !== batch && x.shape[0] !== 1 && batch !== 1) {
    throw new Error(`modulatedConv: ${x.shape[0]} inputs do not go with ${batch} styles`);
  }
  const scaled = tf.mul(x, tf.reshape(style, [batch, 1, 1, inputs])) as tf.Tensor4D; // [N,H,W,I]
  return up ? upsamplingConv(scaled, weight, upsampling) : tf.conv2d(scaled, weight, 1, 'same');
}

/** gain / √(Σ_i s_i²·Σ_k w_{ijk}² + 1e-8): weight [k,k,I,O], style [N,I] → [N,O] */
export function demodulation(weight: tf.Tensor4D, style: tf.Tensor2D, gain = 1): tf.Tensor2D {
  const energy = tf.sum(tf.square(weight), [0, 1]) as tf.Tensor2D; // [I,O]
  const norm = tf.rsqrt(tf.add(tf.matMul(tf.square(style), energy), 1e-8)) as tf.Tensor2D;
  return gain === 1 ? norm : tf.mul(norm, gain);
}
