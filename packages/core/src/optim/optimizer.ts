/**
 * An optimizer chosen by name, behind one pair of functions: the state it starts from, and one step.
 *
 * What is left out of the settings is the optimizer's own default, so a configuration holds only what differs.
 */
import type { tf } from '../tensors/tf.js';
import type { Weights } from '../tensors/weights.js';
import { adamInit, adamUpdate, type AdamState } from './adam.js';
import { rangerInit, rangerUpdate, type RangerState } from './ranger.js';

export const OPTIMIZERS = ['adam', 'ranger'] as const;
export type OptimizerName = (typeof OPTIMIZERS)[number];

/** An optimizer's memory: scalars and records of tensors, by name. */
export type OptimizerState = { [name: string]: tf.Tensor | Weights };

/** The group `optimizer` of a configuration, without its schedule. */
export interface OptimizerSettings {
  name: OptimizerName;
  beta1?: number | undefined;
  beta2?: number | undefined;
  eps?: number | undefined;
}

/** The state that an optimizer starts from. */
export function initOptimizer(name: OptimizerName, params: Weights): OptimizerState {
  return name === 'ranger' ? rangerInit(params) : adamInit(params);
}

/** One step. Nothing is changed in place: the caller disposes the old parameters and state. */
export function updateOptimizer(
  { name, beta1, beta2, eps }: OptimizerSettings,
  { params, grads, state, lr }: { params: Weights; grads: Weights; state: OptimizerState; lr: number | tf.Tensor },
): { params: Weights; state: OptimizerState } {
  const options = {
    lr,
    ...(beta1 !== undefined && { beta1 }),
    ...(beta2 !== undefined && { beta2 }),
    ...(eps !== undefined && { eps }),
  };
  return name === 'ranger'
    ? rangerUpdate(params, grads, state as RangerState, options)
    : adamUpdate(params, grads, state as AdamState, options);
}
