/**
 * How far an edit has moved the latent: ‖ŵ − w‖ in one of three readings.
 *
 *     mean  mean of squares over all coordinates: the mapper's code (weight 0.8)
 *     sum   sum of squares over a picture's coordinates: the optimizer's code (weight 0.008)
 *     norm  √(sum of squares), the L2 norm the paper writes
 *
 * Weights of different readings can't be compared. Each is computed per picture and averaged over the batch. For a style
 * code (a list of tensors) `mean` adds up the layers' means, as the mapper's code does; `sum` and `norm` run over all layers.
 */
import { tf } from '../tensors/tf.js';

export type LatentReading = 'mean' | 'sum' | 'norm';

export type Latent = tf.Tensor | readonly tf.Tensor[];

/**
 * The mean over the batch.
 *
 * @param edited W+ [N,L,D], or the styles [N,C] of a style code
 * @param original the same shapes, or batch 1
 * @returns a scalar
 */
export function latentLoss(edited: Latent, original: Latent, options: { reading?: LatentReading } = {}): tf.Scalar {
  return tf.mean(latentRows(edited, original, options));
}

/** The same, picture by picture: [N]. */
export function latentRows(
  edited: Latent,
  original: Latent,
  { reading = 'mean' }: { reading?: LatentReading } = {},
): tf.Tensor1D {
  const a = asList(edited);
  const b = asList(original);
  if (a.length !== b.length) throw new Error(`latentLoss: ${a.length} styles against ${b.length}`);
  const perPicture = a.map((x, i) => squares(x, b[i] as tf.Tensor, reading)); // each [N]
  const total = perPicture.reduce((sum, part) => tf.add(sum, part));
  // the small constant keeps the gradient of the root finite at ŵ = w
  return (reading === 'norm' ? tf.sqrt(tf.add(total, 1e-12)) : total) as tf.Tensor1D;
}

function asList(latent: Latent): readonly tf.Tensor[] {
  return latent instanceof tf.Tensor ? [latent] : latent;
}

function squares(x: tf.Tensor, y: tf.Tensor, reading: LatentReading): tf.Tensor {
  if (x.shape.slice(1).join() !== y.shape.slice(1).join()) {
    throw new Error(`latentLoss: shapes [${x.shape.join(',')}] and [${y.shape.join(',')}] differ`);
  }
  const square = tf.square(tf.sub(x, y));
  const axes = square.shape.map((_, axis) => axis).slice(1);
  return reading === 'mean' ? tf.mean(square, axes) : tf.sum(square, axes);
}
