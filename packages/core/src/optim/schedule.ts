/**
 * Learning rates over time: plain functions from a step to a factor in [0, 1].
 *
 * They are numbers on the host; a compiled step takes lr · factor as a scalar tensor.
 */

export interface WarmupCosine {
  /** Number of steps in all. */
  steps: number;
  /** Steps of linear warm-up at the beginning; the first step has factor 1 / warmup. */
  warmup?: number;
  /** The factor at the end of the cosine. */
  final?: number;
}

/** Linear warm-up, then half a cosine from 1 down to `final`. `step` counts from 0. */
export function warmupCosine(step: number, { steps, warmup = 0, final = 0 }: WarmupCosine): number {
  if (step < warmup) return (step + 1) / warmup;
  const t = clamp01((step - warmup) / Math.max(1, steps - warmup));
  return final + (1 - final) * 0.5 * (1 + Math.cos(Math.PI * t));
}

/** Linear warm-up to 1 over `warmup` steps, constant afterwards. `step` counts from 0. */
export function linearWarmup(step: number, warmup: number): number {
  return warmup <= 0 ? 1 : Math.min(1, (step + 1) / warmup);
}

/**
 * The schedule of StyleGAN2's projector, which StyleCLIP's latent optimization uses (`get_lr` in
 * optimization/run_optimization.py): linear warm-up over the first 5 %, cosine ramp-down over the last 25 %.
 *
 * @param t step / steps, in [0, 1]; t = 0 gives 0, so the first step changes nothing
 */
export function rampUpDown(t: number, { rampUp = 0.05, rampDown = 0.25 } = {}): number {
  const down = Math.min(1, (1 - t) / rampDown);
  return (0.5 - 0.5 * Math.cos(Math.PI * down)) * Math.min(1, t / rampUp);
}

export const DECAYS = ['constant', 'cosine', 'ramp'] as const;

/**
 * A learning rate as configurations write it: its highest value, the steps it takes to get there, and what comes then.
 * 'ramp' is `rampUpDown`, which has a warm-up of its own.
 */
export interface LearningRate {
  lr: number;
  warmup: number;
  decay: (typeof DECAYS)[number];
}

/** The learning rate of a step, counted from 0. */
export function learningRate(step: number, { lr, warmup, decay }: LearningRate, steps: number): number {
  switch (decay) {
    case 'constant':
      return lr * linearWarmup(step, warmup);
    case 'cosine':
      return lr * warmupCosine(step, { steps, warmup });
    case 'ramp':
      return lr * rampUpDown(step / steps);
  }
}

function clamp01(t: number): number {
  return Math.min(1, Math.max(0, t));
}
