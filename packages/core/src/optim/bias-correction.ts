/**
 * 1 − βᵗ, the correction of a moving average that began at zero, for a step t that is a tensor.
 *
 * With β = 0.999 and t = 1 the plain formula loses four digits in float32. This one keeps them: 1 − βᵗ = −expm1(x) with
 * x = t·ln β, and expm1(x) = 2 tanh(x/2) / (1 − tanh(x/2)), since ONNX has no expm1.
 */
import { tf } from '../tensors/tf.js';

export function biasCorrection(beta: number, step: tf.Tensor): tf.Tensor {
  const half = step.mul(Math.log(beta) / 2).tanh();
  return half.mul(-2).div(tf.sub(1, half));
}
