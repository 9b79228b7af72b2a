/** Latents: drawn, read from files, and dealt out to a training. */
export type { Batches, LatentSource, LatentStream } from './source.js';
export { latentsOfZ, sampledLatents } from './sampled.js';
export { fileLatents, readLatents } from './file.js';
export { latentsOfSeeds, parseSeeds } from './seeds.js';
export { openLatents, type LatentsOptions } from './open-latents.js';
