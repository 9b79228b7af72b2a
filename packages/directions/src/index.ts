/** Method 3 of the paper: global directions in style space. */

// Measuring relevance
export { OFFICIAL, precomputeSchema, type PrecomputeConfig } from './config.js';
export { precompute, type PrecomputeOptions, type PrecomputeSummary } from './precompute.js';
export { mergeShards } from './merge.js';
export { inputsHash, readShardFile, shardFileName, writeShardFile, type ShardParts } from './shard-file.js';
export { Moments, type StyleStatistics } from './statistics.js';

// Editing
export { applySchema, OFFICIAL_APPLY, type ApplyConfig, type EditConfig } from './apply-config.js';
export { apply, type ApplyOptions, type ApplySummary, type EditSummary } from './apply.js';
export {
  addScaled,
  cosinesWith,
  officialStrength,
  styleStep,
  textStep,
  type Choice,
  type Relevances,
  type StyleStep,
} from './style-direction.js';
export { openEditing, type Editing, type EditingOptions, type TextPair } from './editing.js';
export { renderMoved, type Seen, type Trial } from './trial.js';
export { chooseStrength, type Strength, type StrengthQuestion } from './strength.js';

// Comparing the ways
export { compare, type Comparison, type CompareOptions, type Outcome, type PromptComparison } from './compare.js';
export type { AskedPrompt } from './asked-prompt.js';

// What the types above are made of
export type { EditedLayer, Layout } from './layout.js';
export type { StyleSource } from './style-source.js';
export type { Likeness, Way } from './compare.js';
