/** Configurations, bundles, runs, devices, command lines: what stands around every experiment. */
export { describeError, runCommand } from './cli-main.js';
export { runCommands } from './command-line.js';
export { formatSeconds, progress, type Progress, type ProgressExtras, type ProgressOptions } from './progress.js';
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
export { checkAsk, disposeNetworks, loadNetworks, type AskOptions, type Factor, type Networks } from './networks.js';
export * as fields from './fields.js';
export { encodeTexts } from './encode-texts.js';
export { createRun, type Run, type RunOptions } from './run.js';
export { findRun, type FoundRun, type RunPlace } from './run-folder.js';
export { bundleInputs, fileInput, type RunInputs } from './run-inputs.js';
export { itemsOf, shardOf, shardText, type Shard } from './shard.js';
export { Interrupts } from './interrupts.js';
export { resumeCommand } from './resume-command.js';
export { runOptions, type RunArguments } from './run-options.js';
export { runNameProblem } from './run-name.js';
export { openTextFeatures, type TextFeatures } from './text-features.js';
export { describeUnknownWords, requireKnownWords, textProblem } from './known-words.js';
export { otherEncoding, readText } from './read-text.js';
export { readLatestCheckpoint, type Checkpoint, type Json } from './checkpoints.js';
export { environment, type Environment } from './environment.js';
export { DEVICES, openDevice, type Compiled, type CompileOptions, type Device, type DeviceChoice } from './device.js';
