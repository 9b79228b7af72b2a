/**
 * The mapping network of the bundle, z → the code of the avatar that z asks for (latents.ts), in closed form.
 *
 * The function is known, so nothing is trained: its weights are written down in StyleGAN2's own form, PixelNorm and three
 * dense layers, each followed by √2·lrelu.
 *
 *     layer 0   per threshold t of factor f the two ends of a steep ramp,  r(x) and r(x − 1),  x = K·(z_f − t)
 *     layer 1   ramp = relu(x) − relu(x − 1) is 0 below t and 1 above;  ±w_d = ±(first code + Σ ramp · (next − last code))
 *     layer 2   w again, prepared so that the last lrelu gives it back
 *
 * A leaky ReLU hides a ReLU: relu(x) = (lrelu(x) + 0.2·lrelu(−x)) / (1 − 0.2²), so each ReLU above is two units. Between
 * two values a latent gets a mixture of their codes: a share of Σ_t φ(t)/K of the latents, under 1 % for hair at K = 512.
 * K and the thresholds K·t are rounded to numbers that float16 holds exactly, so storing the weights moves no ramp.
 */
import { tf, type Weights } from '@styleclip/core';
import { FACTORS } from '../factors.js';
import { THRESHOLDS } from '../latents.js';
import { codeBook, FIRST_COLUMN } from './codes.js';

/** Steepness of the ramps: how many of them, side by side, make up one standard deviation of z. */
const STEEPNESS = 512;
const SLOPE = 0.2;
const GAIN = Math.SQRT2;
/** relu(x) is this times (lrelu(x) + SLOPE·lrelu(−x)). */
const RELU = 1 / (1 - SLOPE * SLOPE);

interface Ramp {
  readonly dimension: number;
  readonly threshold: number;
  /** Row of the code book that the ramp leaves, and the one that it goes to. */
  readonly from: number;
  readonly to: number;
}

const RAMPS: readonly Ramp[] = FACTORS.flatMap(({ name }, dimension) =>
  THRESHOLDS[dimension]!.map((threshold, i) => ({
    dimension,
    threshold,
    from: FIRST_COLUMN[name] + i,
    to: FIRST_COLUMN[name] + i + 1,
  })),
);

/** Effective weights `mapping.{0,1,2}.{weight,bias}` for codes of this length. */
export function mappingNetwork(zDim: number, wDim: number): Weights {
  if (zDim < FACTORS.length)
    throw new RangeError(`z needs a dimension per factor, at least ${FACTORS.length}, got ${zDim}`);
  const bookTensor = codeBook(wDim);
  const book = bookTensor.arraySync().map((row) => row.map((x) => x / Math.sqrt(FACTORS.length)));
  bookTensor.dispose();

  // Layer 0: units 4i … 4i+3 are x, −x, x − 1, 1 − x of ramp i. Layers give √2·lrelu(xW + b); dividing by √2 is left to the next.
  const ramp = matrix(zDim, 4 * RAMPS.length);
  RAMPS.forEach(({ dimension, threshold }, i) => {
    const offset = -Math.round(STEEPNESS * threshold);
    [1, -1, 1, -1].forEach((sign, k) => {
      ramp.weight[dimension]![4 * i + k] = sign * STEEPNESS;
      ramp.bias[4 * i + k] = sign * (offset - (k < 2 ? 0 : 1));
    });
  });

  // Layer 1: units 2d and 2d+1 are w_d and −w_d.
  const code = matrix(4 * RAMPS.length, 2 * wDim);
  for (let d = 0; d < wDim; d++) {
    const first = FACTORS.reduce((sum, { name }) => sum + book[FIRST_COLUMN[name]]![d]!, 0);
    [1, -1].forEach((sign, k) => {
      code.bias[2 * d + k] = sign * first;
      RAMPS.forEach(({ from, to }, i) => {
        const step = (sign * (book[to]![d]! - book[from]![d]!) * RELU) / GAIN;
        [step, SLOPE * step, -step, -SLOPE * step].forEach(
          (weight, unit) => (code.weight[4 * i + unit]![2 * d + k] = weight),
        );
      });
    });
  }

  // Layer 2: the y_d with √2·lrelu(y_d) = w_d, which is w_d/√2 above 0 and w_d/(0.2·√2) below.
  const inverse = matrix(2 * wDim, wDim);
  for (let d = 0; d < wDim; d++) {
    const [above, below] = [1 / GAIN, 1 / (SLOPE * GAIN)];
    inverse.weight[2 * d]![d] = ((above - SLOPE * below) * RELU) / GAIN;
    inverse.weight[2 * d + 1]![d] = ((SLOPE * above - below) * RELU) / GAIN;
  }
  return Object.fromEntries(
    [ramp, code, inverse].flatMap(({ weight, bias }, i) => [
      [`mapping.${i}.weight`, tf.tensor2d(weight)],
      [`mapping.${i}.bias`, tf.tensor1d(bias)],
    ]),
  ) as Weights;
}

const matrix = (rows: number, columns: number) => ({
  weight: Array.from({ length: rows }, () => new Array<number>(columns).fill(0)),
  bias: new Array<number>(columns).fill(0),
});
