/**
 * Ranger (version 20.4.11), the optimizer of StyleCLIP's latent mapper, as a pure function of tensors.
 *
 * Three ideas in one (`mapper/training/ranger.py` of the official code):
 * - gradient centralisation: from the gradient of a tensor with more than one axis its mean over all axes but one is
 *   taken away;
 * - RAdam (Liu et al., 2020): Adam's adaptive step, rectified, once its variance is known well enough (N_sma > 5, from
 *   step 6 on with β₂ = 0.999), and plain momentum before that;
 * - Lookahead (Zhang et al., 2019): every k = 6 steps the parameters are drawn half of the way back to a slow copy.
 *
 * Differences from Adam as it is usual: v̂ is not corrected inside the root (the correction is part of the step size), and
 * ε is 1e-5. The centralised axis is the output's: PyTorch's first axis, the last one here, where
 * dense weights are [in,out] and convolutions [h,w,in,out].
 *
 * Both branches of "is it time?" are computed and chosen with numbers from the step, a tensor of the state, so that one
 * compiled graph serves all steps. Weight decay (0 in the original) is left out.
 */
import { tf } from '../tensors/tf.js';
import { mapWeights, requireWeight, type Weights } from '../tensors/weights.js';
import { biasCorrection } from './bias-correction.js';

/** What Ranger remembers from step to step. */
export type RangerState = {
  /** Steps done, a float32 scalar. */
  step: tf.Tensor;
  /** First and second moment of each parameter's gradient. */
  m: Weights;
  v: Weights;
  /** Lookahead's slow copy of the parameters. */
  slow: Weights;
};

export interface RangerOptions {
  /** Learning rate; a scalar tensor where it changes from step to step inside a compiled function. */
  lr?: number | tf.Tensor;
  beta1?: number;
  beta2?: number;
  eps?: number;
  /** Lookahead: steps between two synchronisations, and how far the slow copy moves. */
  k?: number;
  alpha?: number;
  /** RAdam is adaptive where the length of the approximated moving average is above this. */
  smaThreshold?: number;
  centralise?: boolean;
}

/** The state before the first step; the slow copy starts at the parameters. */
export function rangerInit(params: Weights): RangerState {
  return {
    step: tf.scalar(0),
    m: mapWeights(params, (p) => tf.zerosLike(p)),
    v: mapWeights(params, (p) => tf.zerosLike(p)),
    slow: mapWeights(params, (p) => p.clone()),
  };
}

/** One step. Nothing is changed in place: the caller disposes the old parameters and state. */
export function rangerUpdate(
  params: Weights,
  grads: Weights,
  state: RangerState,
  {
    lr = 1e-3,
    beta1 = 0.95,
    beta2 = 0.999,
    eps = 1e-5,
    k = 6,
    alpha = 0.5,
    smaThreshold = 5,
    centralise = true,
  }: RangerOptions = {},
): { params: Weights; state: RangerState } {
  return tf.tidy(() => {
    const step = state.step.add(1);
    const { momentumSize, adaptiveSize } = stepSizes(step, { beta1, beta2, smaThreshold });
    const synced = isMultiple(step, k); // 1 when the slow copy moves and the parameters go to it, else 0

    const gradient = (name: string): tf.Tensor => {
      const g = requireWeight(grads, name);
      return centralise && g.rank > 1 ? g.sub(g.mean(allButLast(g.rank), true)) : g;
    };
    const centred = mapWeights(params, (_, name) => gradient(name));
    const m = mapWeights(state.m, (old, name) => old.mul(beta1).add(requireWeight(centred, name).mul(1 - beta1)));
    const v = mapWeights(state.v, (old, name) =>
      old.mul(beta2).add(
        requireWeight(centred, name)
          .square()
          .mul(1 - beta2),
      ),
    );
    const fast = mapWeights(params, (p, name) => {
      const moment = requireWeight(m, name);
      const adaptive = moment.div(requireWeight(v, name).sqrt().add(eps)).mul(adaptiveSize);
      return p.sub(adaptive.add(moment.mul(momentumSize)).mul(lr));
    });
    const slow = mapWeights(state.slow, (old, name) =>
      old.add(requireWeight(fast, name).sub(old).mul(synced).mul(alpha)),
    );
    const updated = mapWeights(fast, (p, name) => p.add(requireWeight(slow, name).sub(p).mul(synced)));
    return { params: updated, state: { step, m, v, slow } };
  });
}

/** RAdam's factors of the two kinds of step; the one that does not apply is 0. */
function stepSizes(
  step: tf.Tensor,
  { beta1, beta2, smaThreshold }: { beta1: number; beta2: number; smaThreshold: number },
) {
  const correction1 = biasCorrection(beta1, step);
  const correction2 = biasCorrection(beta2, step);
  const smaMax = 2 / (1 - beta2) - 1;
  const adaptive = step.greaterEqual(firstAdaptiveStep(beta2, smaThreshold)).cast('float32');
  const sma = tf.sub(smaMax, step.mul(2).mul(tf.sub(1, correction2)).div(correction2));
  // Before the step is adaptive sma − 4 may be negative; the relu keeps a root defined whose value is not used.
  const rectified = tf
    .relu(sma.sub(4))
    .mul(sma.sub(2))
    .div(sma)
    .mul(smaMax / ((smaMax - 4) * (smaMax - 2)))
    .mul(correction2);
  return {
    adaptiveSize: adaptive.mul(tf.relu(rectified).sqrt()).div(correction1),
    momentumSize: tf.sub(1, adaptive).div(correction1),
  };
}

/**
 * The first step whose N_sma is above the threshold. N_sma grows with the step, and at step 5 it is 4.996: too close to 5
 * for float32, so it is found here, in float64.
 */
function firstAdaptiveStep(beta2: number, smaThreshold: number): number {
  const smaMax = 2 / (1 - beta2) - 1;
  if (smaMax <= smaThreshold) return Infinity;
  let step = 1;
  while (smaMax - (2 * step * beta2 ** step) / (1 - beta2 ** step) <= smaThreshold) step++;
  return step;
}

/** 1 where `step` is a multiple of `k`, else 0. Steps are whole numbers that float32 holds exactly (up to 2²⁴). */
function isMultiple(step: tf.Tensor, k: number): tf.Tensor {
  const times = step.add(0.5).div(k).floor();
  return times.mul(k).equal(step).cast('float32');
}

function allButLast(rank: number): number[] {
  return Array.from({ length: rank - 1 }, (_, axis) => axis);
}
