/**
 * What a latent z asks for.
 *
 * Dimension f of z belongs to factor f: the quantile of z_f/σ under the standard normal distribution chooses its value
 * by the shares of the world, with σ the root mean square of z, by which the mapping network divides too. So
 * z ~ N(0, I) gives avatars with the world's shares. The other dimensions of z are not used.
 */
import type { tf } from '@styleclip/core';
import { FACTORS, type Avatar } from './factors.js';

/** Standard normal distribution function, by Abramowitz and Stegun 7.1.26 (to 1.5e-7). */
export function normalCdf(x: number): number {
  const t = 1 / (1 + (0.3275911 * Math.abs(x)) / Math.SQRT2);
  const poly = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  const tail = 0.5 * poly * Math.exp(-(x * x) / 2);
  return x < 0 ? tail : 1 - tail;
}

/** Its inverse, by bisection: the x with normalCdf(x) = u. */
function normalQuantile(u: number): number {
  let low = -8;
  let high = 8;
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (normalCdf(middle) < u) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** For each factor, in the order of FACTORS, where the normalised z_f passes from each value to the next; ascending. */
export const THRESHOLDS: readonly (readonly number[])[] = FACTORS.map(({ shares }) => {
  let below = 0;
  return shares.slice(0, -1).map((share) => normalQuantile((below += share)));
});

/** The avatars that z [N, Z] asks for; Z must be at least the number of factors. */
export function askedAvatars(z: tf.Tensor2D): Avatar[] {
  const [count, length] = z.shape;
  const values = z.dataSync<'float32'>();
  return Array.from({ length: count }, (_, n) => {
    const row = values.subarray(n * length, (n + 1) * length);
    const rms = Math.sqrt(row.reduce((sum, x) => sum + x * x, 0) / length);
    return Object.fromEntries(
      FACTORS.map(({ name }, f) => [name, THRESHOLDS[f]!.filter((t) => row[f]! / rms >= t).length]),
    ) as Avatar;
  });
}
