/**
 * Intervals of a mean by the bootstrap (Efron 1979), percentile method: draw as many values as there are, with replacement,
 * take the mean, many times over; the interval holds the middle share of these means.
 *
 * The generator of random numbers is seeded and this project's own, so the same values give the same interval on any machine.
 */
import type { Random } from '@styleclip/core';

/** A mean with its interval. */
export interface Interval {
  mean: number;
  low: number;
  high: number;
  /** How many values it is the mean of. */
  n: number;
}

export interface BootstrapOptions {
  random: Random;
  /** How often the mean is drawn. */
  draws?: number;
  /** Share of the means that lie in the interval. */
  level?: number;
}

/**
 * The mean of some values and its interval.
 * @throws RangeError when there is no value, or one is not finite
 */
export function bootstrapMean(
  values: ArrayLike<number>,
  { random, draws = 2000, level = 0.95 }: BootstrapOptions,
): Interval {
  const n = values.length;
  if (n === 0) throw new RangeError('bootstrapMean: no values');
  let sum = 0;
  for (let i = 0; i < n; i++) {
    if (!Number.isFinite(values[i])) throw new RangeError(`bootstrapMean: value ${i} is ${values[i]}`);
    sum += values[i]!;
  }
  const means = new Float64Array(draws);
  for (let draw = 0; draw < draws; draw++) {
    let drawn = 0;
    for (let i = 0; i < n; i++) drawn += values[random.int(n)]!;
    means[draw] = drawn / n;
  }
  means.sort();
  const tail = (1 - level) / 2;
  return { mean: sum / n, low: quantile(means, tail), high: quantile(means, 1 - tail), n };
}

/** Linear interpolation between the sorted values, as numpy's default. */
export function quantile(sorted: ArrayLike<number>, share: number): number {
  const at = share * (sorted.length - 1);
  const [below, above] = [Math.floor(at), Math.ceil(at)];
  return sorted[below]! + (at - below) * (sorted[above]! - sorted[below]!);
}

/** The middle one of some values; of an even number the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  return quantile(
    [...values].sort((a, b) => a - b),
    0.5,
  );
}
