/** Optimizers and schedules. */
export { adamInit, adamUpdate, type AdamOptions, type AdamState } from './adam.js';
export { rangerInit, rangerUpdate, type RangerOptions, type RangerState } from './ranger.js';
export {
  DECAYS,
  learningRate,
  linearWarmup,
  rampUpDown,
  warmupCosine,
  type LearningRate,
  type WarmupCosine,
} from './schedule.js';
export { initOptimizer, OPTIMIZERS, updateOptimizer } from './optimizer.js';
export type { OptimizerName, OptimizerSettings, OptimizerState } from './optimizer.js';
export { flattenState, unflattenState } from './optimizer-state.js';
