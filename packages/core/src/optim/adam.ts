/**
 * Adam (Kingma and Ba, 2015), as a pure function of tensors.
 *
 *     m ← β₁ m + (1 − β₁) g          v ← β₂ v + (1 − β₂) g²
 *     p ← p − lr · m̂ / (√v̂ + ε)      m̂ = m / (1 − β₁ᵗ),  v̂ = v / (1 − β₂ᵗ)
 *
 * The formula and the defaults are PyTorch's. The step count is a scalar tensor of the state, so that one compiled
 * graph serves all steps. No weight decay, no clipping: those are the caller's.
 */
import { tf } from '../tensors/tf.js';
import { mapWeights, requireWeight, type Weights } from '../tensors/weights.js';
import { biasCorrection } from './bias-correction.js';

/** What Adam remembers from step to step. A type alias, so that it counts as a nested record of tensors. */
export type AdamState = {
  /** Steps done, a float32 scalar. */
  step: tf.Tensor;
  /** First and second moment of each parameter's gradient. */
  m: Weights;
  v: Weights;
};

export interface AdamOptions {
  /** Learning rate; a scalar tensor where it changes from step to step inside a compiled function. */
  lr?: number | tf.Tensor;
  beta1?: number;
  beta2?: number;
  eps?: number;
}

/** A state of zeros for these parameters. */
export function adamInit(params: Weights): AdamState {
  return {
    step: tf.scalar(0),
    m: mapWeights(params, (p) => tf.zerosLike(p)),
    v: mapWeights(params, (p) => tf.zerosLike(p)),
  };
}

/** One step. Nothing is changed in place: the caller disposes the old parameters and state. */
export function adamUpdate(
  params: Weights,
  grads: Weights,
  state: AdamState,
  { lr = 1e-3, beta1 = 0.9, beta2 = 0.999, eps = 1e-8 }: AdamOptions = {},
): { params: Weights; state: AdamState } {
  return tf.tidy(() => {
    const step = state.step.add(1);
    const correction1 = biasCorrection(beta1, step);
    const correction2 = biasCorrection(beta2, step);
    const m = mapWeights(state.m, (old, name) => old.mul(beta1).add(requireWeight(grads, name).mul(1 - beta1)));
    const v = mapWeights(state.v, (old, name) =>
      old.mul(beta2).add(
        requireWeight(grads, name)
          .square()
          .mul(1 - beta2),
      ),
    );
    const updated = mapWeights(params, (p, name) => {
      const denominator = requireWeight(v, name).div(correction2).sqrt().add(eps);
      return p.sub(requireWeight(m, name).div(correction1).mul(lr).div(denominator));
    });
    return { params: updated, state: { step, m, v } };
  });
}
