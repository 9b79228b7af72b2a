/**
 * The truncation trick and the step from W to W+.
 *
 * ψ pulls w towards the average w: w' = wAvg + ψ·(w − wAvg). Official programs differ in which rows of W+ they pull;
 * `cutoff` counts the first rows that are (NVIDIA's `truncation_cutoff`), the rest keep their w.
 */
import { tf } from '../../tensors/tf.js';
import { expectShape } from './shapes.js';

/**
 * @param w [N,D] or W+ [N,L,D]
 * @param wAvg [D]
 * @param psi 1 leaves w as it is, 0 gives the average
 * @param options.cutoff rows of W+ to truncate, counted from the first; needs W+. All by default.
 */
export function truncate<T extends tf.Tensor2D | tf.Tensor3D>(
  w: T,
  wAvg: tf.Tensor1D,
  psi: number,
  options: { cutoff?: number } = {},
): T {
  const depth = w.shape[w.rank - 1] as number;
  expectShape('truncate: wAvg', wAvg, [depth]);
  const { cutoff } = options;
  if (cutoff === undefined) return tf.add(wAvg, tf.mul(tf.sub(w, wAvg), psi)) as T;
  if (w.rank !== 3) throw new Error('truncate: a cutoff needs W+ [N,L,D]; broadcast w to its layers first');
  const layers = w.shape[1] as number;
  const psis = tf.tensor(
    Array.from({ length: layers }, (_, i) => (i < cutoff ? psi : 1)),
    [1, layers, 1],
  );
  return tf.add(wAvg, tf.mul(tf.sub(w, wAvg), psis)) as T;
}

/** Repeats w for every layer: [N,D] → W+ [N,L,D]. */
export function broadcastW(w: tf.Tensor2D, layers: number): tf.Tensor3D {
  expectShape('broadcastW: w', w, ['N', 'D']);
  const [n, d] = w.shape;
  return tf.mul(tf.reshape(w, [n, 1, d]), tf.ones([1, layers, 1])) as tf.Tensor3D;
}
