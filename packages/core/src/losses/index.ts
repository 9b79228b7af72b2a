/** One loss a file. */
export {
  clipFeatures,
  clipLoss,
  cosineLoss,
  directionalClipLoss,
  type ClipInputKind,
  type ClipLossOptions,
} from './clip.js';
export { embeddingLoss, identityFeatures, identityLoss } from './identity.js';
export { latentLoss, type Latent, type LatentReading } from './latent.js';
export {
  objective,
  render,
  sourceFeatures,
  textTarget,
  type LatentCode,
  type LossTerms,
  type ObjectiveNetworks,
  type ObjectiveOptions,
  type SourceFeatures,
  type TextTarget,
} from './objective.js';
