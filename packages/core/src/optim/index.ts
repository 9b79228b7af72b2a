/** Optimizers and schedules. */
export { adamInit, adamUpdate, type AdamOptions, type AdamState } from './adam.js';
export { rangerInit, rangerUpdate, type RangerOptions, type RangerState } from './ranger.js';
export { linearWarmup, rampUpDown, warmupCosine, type WarmupCosine } from './schedule.js';
