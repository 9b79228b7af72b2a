/** What every experiment shares: weights, files, random numbers, images, optimizers, models, losses, bundles, runs. */

// Weights and the files that hold them
export {
  cloneWeights,
  countParameters,
  disposeAll,
  mapWeights,
  requireWeight,
  sortedNames,
  valueAndGrads,
  type TensorTree,
  type Weights,
} from './weights.js';
export {
  floatsToRaw,
  loadWeights,
  saveWeights,
  toFloats,
  toRaw,
  toTensor,
  type SaveWeightsOptions,
} from './weights-file.js';
export {
  DTYPE_ARRAYS,
  readSafetensors,
  writeSafetensors,
  type RawTensor,
  type SafetensorsData,
  type SafetensorsFile,
} from './safetensors.js';
export {
  MAX_HEADER_BYTES as MAX_SAFETENSORS_HEADER_BYTES,
  parseHeader as parseSafetensorsHeader,
  type SafetensorsDtype,
  type TensorEntry,
} from './safetensors-header.js';
export { decodeHalf, encodeHalf, fromBfloat16, fromHalf, toHalf } from './half.js';
export { writeFileAtomic, writeJsonAtomic } from './atomic-file.js';

export { createSafetensors, type SafetensorsPlan, type SafetensorsWriter } from './safetensors-writer.js';

// Foreign checkpoints by declared tables
export {
  applyNameTable,
  checkTable,
  shapesOf,
  type Floats,
  type NamedShapes,
  type NameRow,
  type Size,
} from './models/name-table.js';
export { arrange, CONV, HALF_TURN, LINEAR, type Turn } from './models/turns.js';
export {
  loadByTable,
  planTensors,
  readPlanned,
  type LoadableState,
  type LoadableTensor,
  type LoadOptions,
  type PlannedTensor,
} from './models/convert-tensors.js';

// Errors
export { failure, Interrupted, oneLine, UserError, usageError } from './errors.js';
export { describeError, runCommand } from './cli-main.js';
export { runCommands } from './command-line.js';

// Random numbers
export { normalArray, normals, Random, type RandomState } from './random.js';

// Pictures
export { encodePng, imagesToPng, readImage, toRgbImages, type ImageBatch, type RgbImage } from './image.js';
export { grid, layOut, type GridOptions } from './image-grid.js';
export { renderLineChart, type LineChart, type Series } from './chart.js';

// Training
export { adamInit, adamUpdate, type AdamOptions, type AdamState } from './optim/adam.js';
export { rangerInit, rangerUpdate, type RangerOptions, type RangerState } from './optim/ranger.js';
export { linearWarmup, rampUpDown, warmupCosine, type WarmupCosine } from './optim/schedule.js';
export { formatSeconds, progress, type Progress, type ProgressExtras, type ProgressOptions } from './progress.js';

// Configurations, bundles, runs, devices
export { loadConfig, parseOverrides, type Overrides } from './config.js';
export { configHelp, describeConfig, type ConfigField } from './schema-walk.js';
export {
  BUNDLE_KINDS,
  bundleSchema,
  loadBundle,
  readBundleInfo,
  sha256,
  updateBundle,
  writeBundlePart,
  type Bundle,
  type BundleInfo,
  type BundleKind,
  type PartInfo,
} from './bundle.js';
export { createRun, type Run, type RunOptions } from './run.js';
export { readLatestCheckpoint, type Checkpoint, type Json } from './checkpoints.js';
export { environment, type Environment } from './environment.js';
export { DEVICES, openDevice, type Compiled, type CompileOptions, type Device, type DeviceChoice } from './device.js';

// StyleGAN2
export {
  activationsBefore,
  asWPlus,
  broadcastW,
  effectiveGenerator,
  flattenStyles,
  flatWidth,
  fromRosinality,
  gainOf,
  generatorSize,
  initGenerator,
  isBuffer,
  isRosinalityConstant,
  LATENT_AVG,
  mapping,
  MAPPING_LR_MUL,
  MAX_BLOCKS,
  randomNoise,
  rosinalityTableOf,
  styles,
  styleSlots,
  synthesisLayers,
  synthesize,
  truncate,
  unflattenStyles,
  wPlusFromArray,
  wPlusLayers,
  type Activations,
  type GeneratorConfig,
  type GeneratorSize,
  type Noise,
  type NoiseMaps,
  type StyleCode,
  type StyleSlot,
  type StyleVector,
  type SynthesisLayer,
  type SynthesisOptions,
  type UpsamplingForm,
  type W,
  type WPlus,
  type Z,
} from './models/stylegan2/index.js';

// CLIP
export {
  cleanText,
  CLIP_CONTEXT,
  CLIP_MEAN,
  CLIP_STD,
  contextOf,
  encodeImage,
  encodeText,
  encodeTokens,
  END_OF_TEXT,
  imageSizeOf,
  fillTemplates,
  fromOpenAI,
  headMarkers,
  IMAGENET_TEMPLATES,
  initClip,
  isOpenAiDescription,
  openAiTableOf,
  prepareForClip,
  templateFeatures,
  rowsOf,
  splitTrainable,
  START_OF_TEXT,
  tokenize,
  tokenRows,
  tokenTensor,
  unknownWords,
  type ClipConfig,
  type ClipInput,
} from './models/clip/index.js';

// Identity
export {
  ARCFACE_INPUT,
  arcFaceTableOf,
  fromArcFace,
  identity,
  identitySizeOf,
  initIdentity,
  isBatchCounter,
  prepareForIdentity,
  storedBatchNorm,
  trainingBatchNorm,
  type BatchNorm,
  type IdentityConfig,
  type IdentityInput,
  type IdentityOptions,
} from './models/identity/index.js';
export { attributeFactors, attributeShapes, readAttributes, type AttributesSize } from './models/attributes.js';
export { resample, resamplingMatrix, type Resampling } from './models/resample.js';
export { cosineRows, unitRows } from './models/unit-rows.js';

// Losses
export {
  clipFeatures,
  clipLoss,
  cosineLoss,
  directionalClipLoss,
  type ClipInputKind,
  type ClipLossOptions,
} from './losses/clip.js';
export { embeddingLoss, identityFeatures, identityLoss } from './losses/identity.js';

// The latent mapper
export {
  applyMapper,
  fromOfficialMapper,
  groupRows,
  initMapper,
  LAYER_GROUPS,
  MAPPER_GROUPS,
  MAPPER_STRENGTH,
  mapperGroups,
  mapperOffset,
  officialMapperTableOf,
  type LayerGroups,
  type MapperConfig,
  type MapperGroup,
  type MapperOptions,
} from './models/mapper/index.js';
export { latentLoss, type LatentReading } from './losses/latent.js';
