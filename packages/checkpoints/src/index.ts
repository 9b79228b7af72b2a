/** Foreign checkpoints: read as data, turned into this project's files. Nothing of a file is ever executed. */

// Networks into bundles
export { importBundle, type ImportBundleOptions, type ImportedPart } from './import/import-bundle.js';
export type { NetworkKind } from './layouts/layout.js';

// Latents and directions into this project's files
export {
  readLatents,
  type Latents,
  type LatentSize,
  type LatentSpace,
  type ReadLatentsOptions,
} from './latents/latents.js';
export { importLatents, type ImportedLatents, type ImportLatentsOptions } from './commands/import-latents.js';
export {
  importDirections,
  type ImportedDirections,
  type ImportDirectionsOptions,
} from './commands/import-directions.js';

// Any file as a tree of values with tensors as leaves, and its tensors by name
export {
  openCheckpoint,
  type CheckpointFormat,
  type OpenCheckpointOptions,
  type OpenedCheckpoint,
} from './open-checkpoint.js';
export { tensorsOf, type TensorsOfOptions } from './tree.js';
export type { LazyTensor, StateDict } from './tensor.js';

// Downloads
export { fetchKnown, type Fetched, type FetchedFile, type FetchOptions } from './fetch/fetch-known.js';

// What the types above are made of
export type { Meter } from './fetch/fetch-known.js';
export type { HubSettings } from './fetch/hub-cache.js';
export type { KnownFile, KnownFiles, Licence, Origin, Proof, Use } from './fetch/known-files.js';
export type { Heads } from './import/read-clip-config.js';
export type { PyDict, PyGlobal, PyList, PyObject, PySet, PyTensor, PyTuple, PyValue } from './pickle/values.js';
