/**
 * The cosine between all pairs of rows: how alike the steps are that a mapper takes for different latents (StyleCLIP, Table 2).
 *
 * Mean and standard deviation run over the n·(n−1)/2 pairs of different rows. The deviation is the population's (divided by
 * the number of pairs, as numpy's default); the paper does not say which it prints, and for so many pairs it makes no difference.
 */

/** What is said of the cosines. */
export interface PairStatistics {
  mean: number;
  std: number;
  pairs: number;
}

/**
 * @param rows [n,width], row-major
 * @param columns half-open range of columns that are compared; all by default
 * @returns undefined where there are fewer than two rows, or a row is zero and has no direction
 */
export function pairwiseCosines(
  rows: Float32Array,
  width: number,
  [begin, end]: readonly [number, number] = [0, width],
): PairStatistics | undefined {
  const n = rows.length / width;
  const span = end - begin;
  if (n < 2 || span === 0) return undefined;
  const unit = new Float64Array(n * span);
  for (let row = 0; row < n; row++) {
    let square = 0;
    for (let i = 0; i < span; i++) square += rows[row * width + begin + i]! ** 2;
    if (square === 0) return undefined;
    const scale = 1 / Math.sqrt(square);
    for (let i = 0; i < span; i++) unit[row * span + i] = rows[row * width + begin + i]! * scale;
  }
  let [sum, squares, pairs] = [0, 0, 0];
  for (let a = 0; a < n; a++) {
    for (let b = a + 1; b < n; b++) {
      let cosine = 0;
      for (let i = 0; i < span; i++) cosine += unit[a * span + i]! * unit[b * span + i]!;
      sum += cosine;
      squares += cosine * cosine;
      pairs++;
    }
  }
  const mean = sum / pairs;
  return { mean, std: Math.sqrt(Math.max(0, squares / pairs - mean * mean)), pairs };
}
