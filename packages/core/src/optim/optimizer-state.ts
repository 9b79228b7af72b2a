/**
 * An optimizer's state as one flat record, so that a checkpoint can hold it, and back.
 *
 * `{ step, m: { 'coarse.0.weight' } }` becomes `{ step, 'm/coarse.0.weight' }`. The slash is in no weight's name.
 */
import { tf } from '../tensors/tf.js';
import type { Weights } from '../tensors/weights.js';
import type { OptimizerState } from './optimizer.js';

/** The state's tensors by flat names; the tensors are the same, not copies. */
export function flattenState(state: OptimizerState): Weights {
  const flat: Weights = {};
  for (const [name, value] of Object.entries(state)) {
    if (value instanceof tf.Tensor) flat[name] = value;
    else for (const [inner, tensor] of Object.entries(value)) flat[`${name}/${inner}`] = tensor;
  }
  return flat;
}

/** What `flattenState` was given. */
export function unflattenState(flat: Weights): OptimizerState {
  const state: OptimizerState = {};
  for (const [name, tensor] of Object.entries(flat)) {
    const slash = name.indexOf('/');
    if (slash < 0) state[name] = tensor;
    else ((state[name.slice(0, slash)] ??= {}) as Weights)[name.slice(slash + 1)] = tensor;
  }
  return state;
}
