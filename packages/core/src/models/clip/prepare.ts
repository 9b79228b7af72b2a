/**
 * From a generator's picture to CLIP's input.
 *
 * The picture is area-resampled to CLIP's size and brought to CLIP's mean and standard deviation. The official
 * optimizer and mapper forget the second step and feed [-1,1] as it is (StyleCLIP issue 38): `raw` reproduces that.
 */
import { tf } from '../../tensors/tf.js';
import { resample } from '../resample.js';

/** OpenAI's mean and standard deviation of [0,1] pixels, red, green, blue. */
export const CLIP_MEAN: readonly [number, number, number] = [0.48145466, 0.4578275, 0.40821073];
export const CLIP_STD: readonly [number, number, number] = [0.26862954, 0.26130258, 0.27577711];

export type ClipInput = {
  /** Side of CLIP's input in pixels. */
  readonly size: number;
  readonly mean?: readonly number[];
  readonly std?: readonly number[];
  /** Leave values in [-1,1], as the official optimizer and mapper do. Default false. */
  readonly raw?: boolean;
};

/**
 * @param image [N,H,W,3] in [-1,1], any size
 * @returns [N,size,size,3]: ((image + 1)/2 - mean) / std, or [-1,1] as it is when `raw`
 */
export function prepareForClip(
  image: tf.Tensor4D,
  { size, mean = CLIP_MEAN, std = CLIP_STD, raw = false }: ClipInput,
): tf.Tensor4D {
  const small = resample(image, size, 'area');
  if (raw) return small;
  const scale = std.map((s) => 0.5 / s);
  const shift = std.map((s, i) => (0.5 - (mean[i] ?? 0)) / s);
  // Runtimes broadcast a row of pixels much faster than three channels.
  const row = (values: readonly number[]): tf.Tensor1D => tf.tensor1d(Array.from({ length: size }, () => values).flat());
  const rows = tf.reshape(small, [small.shape[0] * size, size * 3]);
  return tf.reshape(tf.add(tf.mul(rows, row(scale)), row(shift)), small.shape);
}
