/**
 * StyleSpace (Wu et al., CVPR 2021): a few pictures with an attribute are enough to find the style channels that control it.
 *
 * Each channel is brought to mean 0 and deviation 1 over all latents; among the positive examples its signal-to-noise is
 * |mean| / deviation, and channels are ranked by it (the paper's §4.2, with 10–30 examples). The authors then edit a single
 * channel that they choose by eye among the first. Here the first few move together, each by its mean among the positive
 * examples, so nobody has to look.
 */
import type { Rows } from '../seen.js';

/** Positive examples, as many as the paper says are enough. */
const EXAMPLES = 30;
/** Channels that are moved. */
const CHANNELS = 5;

/**
 * @param s styles [n,channels], toRGB left out
 * @param scores how strongly each picture shows what is asked
 * @returns the step in style space for strength 1, and what it is
 */
export function stylespaceDirection(s: Rows, scores: readonly number[]): { step: Float32Array; note: string } {
  const { width } = s;
  const n = s.data.length / width;
  const positive = [...scores.keys()]
    .sort((a, b) => scores[b]! - scores[a]!)
    .slice(0, Math.min(EXAMPLES, Math.floor(n / 2)));
  const signal = new Float64Array(width);
  const ratio = new Float64Array(width);
  const deviation = new Float64Array(width);
  for (let c = 0; c < width; c++) {
    const all = momentsOf(s, c, [...scores.keys()]);
    deviation[c] = all.std;
    if (!(all.std > 0)) continue;
    const some = momentsOf(s, c, positive);
    signal[c] = (some.mean - all.mean) / all.std;
    ratio[c] = Math.abs(signal[c]!) / Math.max(1e-3, some.std / all.std);
  }
  const chosen = [...ratio.keys()].sort((a, b) => ratio[b]! - ratio[a]!).slice(0, CHANNELS);
  const step = new Float32Array(width);
  for (const c of chosen) step[c] = signal[c]! * deviation[c]!;
  return {
    step,
    note: `the ${chosen.length} channels with the highest signal-to-noise among ${positive.length} positive examples`,
  };
}

function momentsOf({ data, width }: Rows, column: number, rows: readonly number[]): { mean: number; std: number } {
  let [sum, squares] = [0, 0];
  for (const row of rows) sum += data[row * width + column]!;
  const mean = sum / rows.length;
  for (const row of rows) squares += (data[row * width + column]! - mean) ** 2;
  return { mean, std: Math.sqrt(squares / rows.length) };
}
