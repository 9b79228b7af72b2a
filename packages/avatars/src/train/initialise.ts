/**
 * First values for the weights of the embedded networks: normals scaled by fan-in, zeros for biases, ones for gains.
 * A trainer names the exceptions; shapes come from the model.
 */
import { normals, tf, type Random, type Weights } from '@styleclip/core';

/** How one tensor starts: normal with this standard deviation, or a constant. */
export type Start = { readonly std: number } | { readonly constant: number };

/**
 * @param shapes name → shape
 * @param rule the start of a tensor; undefined leaves it to the default: He's √(2/fan-in) for rank ≥ 2, else zeros
 */
export function initialise(
  shapes: Readonly<Record<string, readonly number[]>>,
  random: Random,
  rule: (name: string, shape: readonly number[]) => Start | undefined = () => undefined,
): Weights {
  const weights: Weights = {};
  for (const [name, shape] of Object.entries(shapes)) {
    const start = rule(name, shape) ?? (shape.length >= 2 ? { std: Math.sqrt(2 / fanIn(shape)) } : { constant: 0 });
    // Each tensor has its own stream of random numbers, so adding one changes no other.
    weights[name] =
      'constant' in start
        ? tf.fill([...shape], start.constant)
        : tf.tidy(() => tf.mul(normals(random.fork(name), [...shape]), start.std));
  }
  return weights;
}

/** The weights with others in place of some of them, which are disposed. */
export function replaceWeights(weights: Weights, others: Weights): Weights {
  for (const name of Object.keys(others)) weights[name]?.dispose();
  return { ...weights, ...others };
}

/** Inputs that one output sums over, in [in,out] and HWIO layouts: all dimensions but the last. */
export function fanIn(shape: readonly number[]): number {
  return shape.slice(0, -1).reduce((product, side) => product * side, 1);
}
