/** What every experiment shares. Each folder is one idea and has a table of contents of its own. */
export { failure, Interrupted, oneLine, UserError, usageError } from './errors.js';
export * from './tensors/index.js';
export * from './models/index.js';
export * from './losses/index.js';
export * from './optim/index.js';
export * from './latents/index.js';
export * from './measure/index.js';
export * from './relevance/index.js';
export * from './files/index.js';
export * from './pictures/index.js';
export * from './experiment/index.js';
