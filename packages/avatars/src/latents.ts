/**
 * What a latent z asks for.
 *
 * Every value of every factor owns one dimension of z. The value of a factor is drawn by the Gumbel-max trick: with
 * u = Φ(z/σ), σ the root mean square of z (the mapping network sees z divided by it),
 *
 *     value = argmax_v  log share_v − log(−log u_v),
 *
 * so that z ~ N(0, I) gives avatars with the world's shares. The other dimensions of z are not used.
 */
import tf from '@tensorflow/tfjs';
import { FACTORS, type Avatar } from './factors.js';
import { COLUMNS, FIRST_COLUMN } from './train/codes.js';

/** Scores [N, COLUMNS] whose largest column within a factor is the value that z [N, Z] asks for. */
function scores(z: tf.Tensor2D): tf.Tensor2D {
  const rms = tf.sqrt(tf.mean(tf.square(z), 1, true));
  const used = tf.slice(tf.div(z, rms), [0, 0], [z.shape[0], COLUMNS]);
  const u = tf.mul(tf.add(tf.erf(tf.div(used, Math.SQRT2)), 1), 0.5);
  const gumbel = tf.neg(tf.log(tf.neg(tf.log(tf.clipByValue(u, 1e-6, 1 - 1e-6)))));
  return tf.add(gumbel, tf.tensor2d([FACTORS.flatMap(({ shares }) => shares.map(Math.log))])) as tf.Tensor2D;
}

/** One-hot columns of the avatars that z [N, Z] asks for: [N, COLUMNS]. */
export function askedRows(z: tf.Tensor2D): tf.Tensor2D {
  const all = scores(z);
  const parts = FACTORS.map(({ name, values }) => {
    const own = tf.slice(all, [0, FIRST_COLUMN[name]], [z.shape[0], values.length]);
    return tf.oneHot(tf.argMax(own, 1) as tf.Tensor1D, values.length);
  });
  return tf.cast(tf.concat(parts, 1), 'float32') as tf.Tensor2D;
}

/** The avatars that z [N, Z] asks for. */
export function askedAvatars(z: tf.Tensor2D): Avatar[] {
  const rows = tf.tidy(() => askedRows(z).dataSync());
  return Array.from(
    { length: z.shape[0] },
    (_, n) =>
      Object.fromEntries(
        FACTORS.map(({ name, values }) => {
          const begin = n * COLUMNS + FIRST_COLUMN[name];
          return [name, rows.subarray(begin, begin + values.length).indexOf(1)];
        }),
      ) as Avatar,
  );
}
