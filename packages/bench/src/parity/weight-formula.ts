/**
 * Weights made from a formula, so that full-size networks can be compared without storing 100 MB of them.
 *
 * `u(t, i)` for tensor number t and element i (row-major) is a hash of both in 32-bit unsigned arithmetic, mapped to
 * [−½, ½). A tensor's number is the place of its name among the sorted names of the original's state dict. Each
 * network has rules that turn u into a weight of sensible size; the golden numbers were computed by the original
 * PyTorch programs with the same weights (fixtures/README.md).
 */
import { tf, type Weights } from '@styleclip/core';

/** From u to a value, computed in float64 and stored as float32. */
export type Rule = (u: number) => number;

/** √12·u has variance one. */
export const UNIT_VARIANCE = Math.sqrt(12);

/** Element i of tensor t: −½ ≤ u < ½. */
export function formula(t: number, i: number, salt = 1): number {
  let h = i ^ Math.imul(t + 1 + 1000 * salt, 0x9e3779b1);
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  h ^= h >>> 16;
  return (h >>> 0) / 4294967296 - 0.5;
}

/** The first `count` elements of tensor t under a rule. */
export function formulaValues(t: number, count: number, rule: Rule): Float32Array {
  const values = new Float32Array(count);
  for (let i = 0; i < count; i++) values[i] = rule(formula(t, i));
  return values;
}

/** Tensor t in the given shape. */
export function formulaTensor(t: number, shape: readonly number[], rule: Rule): tf.Tensor {
  return tf.tensor(formulaValues(t, sizeOf(shape), rule), [...shape], 'float32');
}

/**
 * A whole state dict.
 * @param shapes every counted name of the original with its shape, in the original's layout
 * @param ruleOf the rule of a name
 */
export function formulaWeights(
  shapes: Readonly<Record<string, readonly number[]>>,
  ruleOf: (name: string, shape: readonly number[]) => Rule,
): Weights {
  const weights: Weights = {};
  for (const [t, name] of Object.keys(shapes).sort().entries()) {
    const shape = shapes[name] as readonly number[];
    weights[name] = formulaTensor(t, shape, ruleOf(name, shape));
  }
  return weights;
}

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}
