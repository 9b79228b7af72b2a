/** Method 1 of the paper: latent optimization; and inversion. */

// Optimization
export { optimizeSchema, parseOptimizeConfig, type OptimizeConfig } from './config.js';
export { optimize, type OptimizeSummary } from './optimize.js';
export { type PlaceOptions } from './place.js';
