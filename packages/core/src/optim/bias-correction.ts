/**
 * 1 − βᵗ, the correction of a moving average that began at zero, for a step t that is a tensor.
 *
 * With β = 0.999 and t = 1 the plain formula loses four digits in float32; −expm1(t·ln β) keeps them.
 */
import type { tf } from '../tensors/tf.js';

export function biasCorrection(beta: number, step: tf.Tensor): tf.Tensor {
  return step.mul(Math.log(beta)).expm1().neg();
}
