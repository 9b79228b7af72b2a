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
export { latentLoss, type LatentReading, type Latent } from './latent.js';
