/**
 * Principal components of picture patches: where CLIP's patch embedding starts.
 *
 * A vision transformer sees each patch through one linear map. Pictures are mostly large areas of colour, so with a
 * random map the few pixels that make an eyebrow are drowned for thousands of steps. Starting with the leading principal
 * components, each divided by its standard deviation, gives details and areas the same loudness at the first step; and
 * positions start with minus the average patch that stands there, so that tokens start centred. Both are only first
 * values of CLIP's own weights; training moves them like all others.
 *
 * The components come from orthogonal iteration (Golub & Van Loan, §8.2): multiply by the covariance, make orthonormal,
 * repeat.
 */
import { tf, type Device, type Random } from '@styleclip/core';
import type { AvatarDataset } from '../dataset.js';

export interface PatchStart {
  /** [patch, patch, 3, width]: the whitened components, as CLIP's `visual.conv1.weight`. */
  readonly filter: tf.Tensor4D;
  /** [patches, width]: minus the embedding of the average patch at each position. */
  readonly offsets: tf.Tensor2D;
}

/**
 * @param width how many components, at most patch·patch·3
 * @param scale standard deviation of each component at the start
 */
export async function patchStart(
  device: Device,
  dataset: AvatarDataset,
  {
    patch,
    width,
    scale,
    random,
    pictures = 600,
    iterations = 12,
  }: { patch: number; width: number; scale: number; random: Random; pictures?: number; iterations?: number },
): Promise<PatchStart> {
  const inputs = patch * patch * 3;
  if (width > inputs)
    throw new Error(`patches of ${patch}×${patch} have ${inputs} components, fewer than the width ${width}`);
  const { images } = dataset.batch(Array.from({ length: pictures }, () => random.int(dataset.count)));
  const statistics = device.compile(
    (x: tf.Tensor4D) => {
      const rows = patchRows(x, patch); // [N, P, inputs]
      const means = tf.mean(rows, 0) as tf.Tensor2D; // [P, inputs]
      const centred = tf.reshape(tf.sub(rows, means), [rows.shape[0] * rows.shape[1], inputs]) as tf.Tensor2D;
      return { means, covariance: tf.div(tf.matMul(centred, centred, true), centred.shape[0]) as tf.Tensor2D };
    },
    { name: 'patch-statistics' },
  );
  const { means, covariance } = await statistics(images);
  await statistics.dispose();
  images.dispose();

  const multiply = device.compile((c: tf.Tensor2D, q: tf.Tensor2D) => tf.matMul(q, c), { name: 'covariance' });
  let rows = Float32Array.from({ length: width * inputs }, () => random.normal()); // [width, inputs]
  let variances = orthonormalise(rows, width);
  for (let i = 0; i < iterations; i++) {
    const q = tf.tensor2d(rows, [width, inputs]);
    const next = await multiply(covariance, q);
    rows = Float32Array.from(next.dataSync());
    tf.dispose([q, next]);
    variances = orthonormalise(rows, width); // the lengths before normalising tend to the eigenvalues
  }
  await multiply.dispose();
  // The weakest component sets the floor: what is weaker still is mostly noise.
  const floor = Math.min(...variances);
  for (let k = 0; k < width; k++) {
    const gain = scale / Math.sqrt(variances[k]! + floor);
    for (let i = 0; i < inputs; i++) rows[k * inputs + i]! *= gain;
  }
  const start = tf.tidy(() => {
    const filter = tf.transpose(tf.tensor2d(rows, [width, inputs])); // [inputs, width]
    return {
      filter: tf.reshape(filter, [patch, patch, 3, width]) as tf.Tensor4D,
      offsets: tf.neg(tf.matMul(means, filter as tf.Tensor2D)) as tf.Tensor2D,
    };
  });
  tf.dispose([means, covariance]);
  return start;
}

/** [N,S,S,3] → [N, patches, patch·patch·3], pixels in (row, column, channel) order. */
function patchRows(x: tf.Tensor4D, patch: number): tf.Tensor3D {
  const [n, size] = x.shape;
  const grid = size / patch;
  const bands = tf.reshape(x, [n * grid, patch, grid, patch * 3]);
  return tf.reshape(tf.transpose(bands, [0, 2, 1, 3]), [n, grid * grid, patch * patch * 3]);
}

/** Modified Gram–Schmidt on the rows, in place; returns the length each row had left. */
function orthonormalise(rows: Float32Array, count: number): number[] {
  const width = rows.length / count;
  const row = (k: number): Float32Array => rows.subarray(k * width, (k + 1) * width);
  return Array.from({ length: count }, (_, k) => {
    const own = row(k);
    for (let j = 0; j < k; j++) {
      const other = row(j);
      let dot = 0;
      for (let i = 0; i < width; i++) dot += own[i]! * other[i]!;
      for (let i = 0; i < width; i++) own[i]! -= dot * other[i]!;
    }
    const length = Math.sqrt(own.reduce((sum, value) => sum + value * value, 0));
    for (let i = 0; i < width; i++) own[i]! /= Math.max(length, 1e-12);
    return length;
  });
}
