/** One loss a file. */
export {
  clipFeatures,
  clipLoss,
  cosineLoss,
  directionalClipLoss,
  directionalClipRows,
  type ClipInputKind,
  type ClipLossOptions,
} from './clip.js';
export { embeddingLoss, embeddingRows, identityFeatures, identityLoss } from './identity.js';
export { latentLoss, latentRows, type Latent, type LatentReading } from './latent.js';
export {
  objective,
  objectiveRows,
  render,
  sourceFeatures,
  textTarget,
  type EditedCode,
  type LatentCode,
  type LossRows,
  type LossTerms,
  type ObjectiveNetworks,
  type ObjectiveOptions,
  type SourceFeatures,
  type TextTarget,
} from './objective.js';
