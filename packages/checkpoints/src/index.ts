/** Foreign checkpoints: read as data, turned into this project's files. Nothing of a file is ever executed. */

// Files and tensors
export { fromBytes, openFile, partOf, type ByteSource } from '@styleclip/core';
export { elementCount, lazyOf, type LazyTensor, type StateDict } from './tensor.js';
export { openCheckpoint, type CheckpointFormat, type OpenedCheckpoint } from './open-checkpoint.js';
export { lookup, tensorsOf, type TensorsOfOptions } from './tree.js';

// The readers behind it
export { allowList, type AllowList, type Purpose } from './pickle/allow-list.js';
export { readPickle, type PickleResult, type ReadPickleOptions } from './pickle/read-pickle.js';
export { PyDict, PyGlobal, PyList, PyObject, PySet, PyTensor, PyTuple, type PyValue } from './pickle/values.js';
export { readTorchFile } from './torch/read-torch-file.js';
export { readNpy } from './npy.js';
export { readNpz } from './npz.js';

// Networks
export type { FoundNetwork, Layout, NetworkKind } from './layouts/layout.js';
export { LAYOUTS, recognise } from './layouts/recognise.js';
export { importBundle, type ImportBundleOptions, type ImportedPart } from './import/import-bundle.js';

// Downloads
export { fetchKnown, type Fetched, type FetchedFile, type FetchOptions } from './fetch/fetch-known.js';

// Latents and directions
export { readRelevance, writeRelevance, type Relevance } from '@styleclip/core';
export { readLatents, type Latents, type LatentSize } from './latents/latents.js';
export { importLatents, type ImportedLatents, type ImportLatentsOptions } from './commands/import-latents.js';
export {
  importDirections,
  type ImportedDirections,
  type ImportDirectionsOptions,
} from './commands/import-directions.js';
export type { Meter } from './fetch/fetch-known.js';
export type { HubSettings } from './fetch/hub-cache.js';
export type { KnownFile, KnownFiles, Licence, Origin, Proof, Use } from './fetch/known-files.js';
export type { Heads } from './import/heads.js';
