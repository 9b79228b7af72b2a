/** Where the values of each factor lie among picture features: the directions that texts about them should point in. */
import { tf } from '@styleclip/core';
import { FACTORS, type Avatar } from '../factors.js';
import { visible } from '../visible.js';

/**
 * For each value of each factor, factor after factor: the mean feature of the pictures that show it, minus the mean of
 * these over the factor's values. A value that no picture shows has the zero direction.
 * @param features of the pictures, row after row
 * @returns [V,E]
 */
export function valueDirections(features: Float32Array, avatars: readonly Avatar[]): tf.Tensor2D {
  const width = features.length / avatars.length;
  const rows = FACTORS.flatMap(({ name, values }) => {
    const means = values.map((_, value) =>
      mean(
        avatars.flatMap((avatar, i) =>
          visible(avatar, name) && avatar[name] === value ? [row(features, i, width)] : [],
        ),
      ),
    );
    const centre = mean(means.filter((one) => one !== undefined));
    return means.map((one) => Array.from({ length: width }, (_, i) => (one ? one[i]! - centre![i]! : 0)));
  });
  return tf.tensor2d(rows, [rows.length, width]);
}

const row = (features: Float32Array, index: number, width: number): Float32Array =>
  features.subarray(index * width, (index + 1) * width);

/** The mean of vectors of one length; undefined when there are none. */
function mean(vectors: readonly ArrayLike<number>[]): Float64Array | undefined {
  if (vectors.length === 0) return undefined;
  const sum = new Float64Array(vectors[0]!.length);
  for (const vector of vectors) for (let i = 0; i < sum.length; i++) sum[i]! += vector[i]!;
  return sum.map((total) => total / vectors.length);
}
