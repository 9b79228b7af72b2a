/** Method 1 of the paper: latent optimization; and inversion. */

// Optimization
export { optimizeSchema, parseOptimizeConfig, type OptimizeConfig } from './config.js';
export { optimize, type OptimizeSummary } from './optimize.js';
export { type PlaceOptions } from './place.js';

// Inversion
export { invertSchema, type InvertConfig } from './invert-config.js';
export { invert, type Inversion, type InvertSummary } from './invert.js';

// Sweeps
export { sweepSchema, type SweepConfig } from './sweep-config.js';
export { sweep, type SweepSummary } from './sweep.js';
export { type SweepPoint } from './sweep-table.js';

// What the types above are made of
export type { Space } from './code-space.js';
export type { Chooses } from './config.js';
export type { Defaults } from './defaults.js';
export type { Weighting } from './rows.js';
export type { AxisName } from './sweep-config.js';
