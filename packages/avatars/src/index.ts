/** The embedded world: avatars whose every attribute is known, drawn, described in words, and learnt by the bundle. */

// What an avatar is, and what of it can be seen
export {
  factor,
  FACTORS,
  fromRow,
  is,
  sampleAvatar,
  toRow,
  valueAt,
  valueIndex,
  WORLD,
  type Avatar,
  type Factor,
  type FactorGroup,
  type FactorName,
  type ValueName,
} from './factors.js';
export { avatarNumber } from './sample.js';
export { hasBeard, hasDarkLenses, hasHair, hasHat, visible } from './visible.js';

// Words
export {
  caption,
  matches,
  prompts,
  understand,
  wordings,
  type Caption,
  type CaptionOptions,
  type Mention,
} from './captions.js';
export type { Style } from './concepts.js';

// Who an avatar is
export {
  IDENTITIES,
  IDENTITY_FACTORS,
  identityOf,
  identityValues,
  sampleIdentities,
  sampleView,
  type Identity,
  type IdentityFactor,
} from './identities.js';

// Pictures
export { avatarSvg, renderAvatar } from './render.js';
export { openDataset, renderDataset, type AvatarDataset, type RenderOptions } from './dataset.js';
