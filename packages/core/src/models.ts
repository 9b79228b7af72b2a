/**
 * What runs anywhere, a browser too: tensors, networks, losses, optimizers. Nothing here, nor anything it imports, needs
 * Node; the linter holds that.
 */
export * from './errors.js';
export * from './tensors/index.js';
export * from './models/index.js';
export * from './losses/index.js';
export * from './optim/index.js';
