/**
 * Resizing by matrices: a separable resampler is one [in,out] matrix per axis, so that value and gradient are two
 * matrix products each, on every backend.
 *
 * `area` weighs each source pixel by its overlap with the target pixel: StyleCLIP's "nearest x7, then average pool
 * size/32" to 224 is exactly this. `adaptive` is PyTorch's `AdaptiveAvgPool2d`: the plain mean over every source pixel
 * that the target pixel touches. Both agree where the sizes divide.
 */
import { tf } from '../tensors/tf.js';

export type Resampling = 'area' | 'adaptive';

/** The [from, to] matrix of one axis, row-major; columns sum to 1. */
export function resamplingMatrix(from: number, to: number, kind: Resampling): Float32Array {
  const matrix = new Float32Array(from * to);
  for (let out = 0; out < to; out++) {
    const start = (out * from) / to;
    const end = ((out + 1) * from) / to;
    const first = Math.floor((out * from) / to);
    const last = Math.ceil(((out + 1) * from) / to);
    for (let i = first; i < last && i < from; i++) {
      const overlap = Math.min(end, i + 1) - Math.max(start, i);
      matrix[i * to + out] = kind === 'area' ? overlap / (end - start) : 1 / (last - first);
    }
  }
  return matrix;
}

/**
 * Resizes a batch of images.
 *
 * @param image [N,H,W,C]
 * @returns [N,size,size,C]; the image itself when it has that size already
 */
export function resample(image: tf.Tensor4D, size: number, kind: Resampling): tf.Tensor4D {
  const [n, height, width, channels] = image.shape;
  if (height === size && width === size) return image;
  const columns = tf.tensor2d(resamplingMatrix(width, size, kind), [width, size]);
  const rows = tf.tensor2d(resamplingMatrix(height, size, kind), [height, size]);
  let x: tf.Tensor = tf.transpose(image, [0, 1, 3, 2]); // [N,H,C,W]
  x = tf.matMul(tf.reshape(x, [n * height * channels, width]), columns); // [N*H*C, S]
  x = tf.transpose(tf.reshape(x, [n, height, channels, size]), [0, 2, 3, 1]); // [N,C,S(x),H]
  x = tf.matMul(tf.reshape(x, [n * channels * size, height]), rows); // [N*C*S(x), S(y)]
  return tf.transpose(tf.reshape(x, [n, channels, size, size]), [0, 3, 2, 1]); // [N,S(y),S(x),C]
}
