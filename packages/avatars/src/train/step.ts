/**
 * The compiled training step that the clip, identity and attribute trainings share: loss and gradients of the
 * parameters, clipping of the gradient's norm, Adam with decoupled weight decay (AdamW, Loshchilov & Hutter 2019), and a
 * moving average of the weights, which is what is evaluated and shipped.
 *
 * Everything that changes from step to step comes in as a tensor and goes out as a new one, so the same function runs
 * compiled or plain, and a checkpoint of the state is the whole training.
 */
import { adamInit, adamUpdate, tf, valueAndGrads, type AdamState, type Weights } from '@styleclip/core';

/** Type aliases here, so that they count as nested records of tensors. */
export type TrainState = {
  readonly params: Weights;
  readonly adam: AdamState;
  /** Exponential moving average of `params`. */
  readonly average: Weights;
};

/** What changes from step to step besides state and batch. */
export type StepRates = { readonly lr: tf.Scalar; readonly averageDecay: tf.Scalar };

export interface StepOptions {
  readonly beta2?: number;
  /** Decoupled weight decay on matrices and filters (tensors of rank ≥ 2); 0 turns it off. */
  readonly weightDecay?: number;
  /** Largest norm of all gradients together; larger ones are scaled down to it. */
  readonly clipNorm?: number;
}

export type StepResult = { readonly state: TrainState; readonly loss: tf.Scalar };

/** A fresh state around initial parameters (which it takes over). */
export function initialState(params: Weights): TrainState {
  const average: Weights = {};
  for (const [name, tensor] of Object.entries(params)) average[name] = tf.clone(tensor);
  return { params, adam: adamInit(params), average };
}

/**
 * Makes the step function of a loss, ready for a device's `compile`.
 * @param loss mean loss of a batch, a scalar, from the parameters and the batch
 * @returns (state, batch, rates) → next state and loss; `rates.lr` and `rates.averageDecay` are scalars
 */
export function trainingStep<Batch>(loss: (params: Weights, batch: Batch) => tf.Scalar, options: StepOptions = {}) {
  const { beta2 = 0.99, weightDecay = 0, clipNorm = 1 } = options;
  return (state: TrainState, batch: Batch, rates: StepRates): StepResult => {
    const { value, grads } = valueAndGrads((params: Weights) => loss(params, batch))(state.params);
    const updated = adamUpdate(state.params, clipped(grads, clipNorm), state.adam, {
      lr: rates.lr,
      beta1: 0.9,
      beta2,
      eps: 1e-8,
    });
    const params: Weights = {};
    const average: Weights = {};
    for (const [name, next] of Object.entries(updated.params)) {
      const before = state.params[name]!;
      const decayed =
        weightDecay > 0 && before.rank >= 2 ? tf.sub(next, tf.mul(before, tf.mul(rates.lr, weightDecay))) : next;
      params[name] = decayed;
      const mean = state.average[name]!;
      average[name] = tf.add(decayed, tf.mul(tf.sub(mean, decayed), rates.averageDecay));
    }
    return { state: { params, adam: updated.state, average }, loss: value };
  };
}

/** Scales gradients so that their common norm is at most `limit`. */
function clipped(grads: Weights, limit: number): Weights {
  let total: tf.Tensor = tf.scalar(1e-12);
  for (const grad of Object.values(grads)) total = tf.add(total, tf.sum(tf.square(grad)));
  const scale = tf.minimum(tf.div(limit, tf.sqrt(total)), 1);
  const result: Weights = {};
  for (const [name, grad] of Object.entries(grads)) result[name] = tf.mul(grad, scale);
  return result;
}

/** Decay of the moving average at a step: short at first, so that the start is forgotten. */
export function averageDecayAt(step: number, longest = 0.998): number {
  return Math.min(longest, (1 + step) / (10 + step));
}
