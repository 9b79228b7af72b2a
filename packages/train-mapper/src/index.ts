/** Method 2 of the paper: a latent mapper, trained for one prompt. */

// Training
export { trainMapperSchema, type TrainMapperConfig } from './config.js';
export { train, type TrainOptions, type TrainSummary } from './train.js';

// Using a trained mapper
export { edit, type EditOptions } from './edit.js';
export { loadMapper, type MapperHeader } from './mapper-file.js';

// Latents
export { fileLatents, readLatents, sampledLatents, type LatentSource } from './latents.js';

// Measuring
export { scoreEdit, type Ask, type EditScore, type Readings } from './evaluate-edit.js';
export { measureEdit, type EditMeasures } from './measure.js';

// What the types above are made of
export type { Batches, Stream } from './latents.js';
export type { Models } from './models.js';
export type { LossTerms } from './objective.js';
export type { Best, Losses } from './train.js';
