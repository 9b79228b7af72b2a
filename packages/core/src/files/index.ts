/** Files: safetensors, weights on disk, bytes read piece by piece, whole-or-nothing writing. */
export { floatsToRaw, loadWeights, saveWeights, toRaw, toTensor, type SaveWeightsOptions } from './weights-file.js';
export { readSafetensors, writeSafetensors, type SafetensorsFile } from './safetensors.js';
export {
  MAX_HEADER_BYTES as MAX_SAFETENSORS_HEADER_BYTES,
  parseHeader as parseSafetensorsHeader,
  type SafetensorsHeader,
  type TensorEntry,
} from './safetensors-header.js';
export { writeFileAtomic, writeJsonAtomic } from './atomic-file.js';
export { createSafetensors, type SafetensorsPlan, type SafetensorsWriter } from './safetensors-writer.js';
export { fits, fromBytes, MAX_READ_BYTES, openFile, partOf, type ByteSource } from './byte-source.js';
export { openStore, type Store } from './store.js';
export { quoted } from './quoted.js';
