/** Moments of a sample of flat style codes: what directions are measured in, and the oracle's step. */
import type { StyleSample } from './style-space.js';

/** Mean and standard deviation of every channel, [width] each. */
export function momentsOf({ flat, width, count }: StyleSample): { mean: Float64Array; std: Float32Array } {
  const mean = new Float64Array(width);
  const square = new Float64Array(width);
  flat.forEach((x, k) => (mean[k % width]! += x / count));
  flat.forEach((x, k) => (square[k % width]! += (x - mean[k % width]!) ** 2 / count));
  return { mean, std: Float32Array.from(square, Math.sqrt) };
}

/** Mean style of some rows minus the mean of all, [width]. */
export function meanStep({ flat, width }: StyleSample, rows: readonly number[], mean: Float64Array): Float32Array {
  return Float32Array.from(
    mean,
    (all, c) => rows.reduce((sum, n) => sum + flat[n * width + c]!, 0) / Math.max(1, rows.length) - all,
  );
}
