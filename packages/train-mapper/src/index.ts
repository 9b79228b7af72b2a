/** Method 2 of the paper: a latent mapper, trained for one prompt. */

// Training
export { trainMapperSchema, type TrainMapperConfig } from './config.js';
export { type TrainOptions } from './place.js';
export { train, type TrainSummary } from './train.js';

// Using a trained mapper
export { edit, type EditOptions } from './edit.js';
export { loadMapper, type MapperHeader } from './mapper-file.js';

// What the types above are made of
export type { Best, Losses } from './train.js';
