/** The IR-SE identity network (ArcFace) of any depth. */
export { storedBatchNorm, trainingBatchNorm, type BatchNorm } from './batch-norm.js';
export { arcFaceTable, arcFaceTableOf, fromArcFace, isBatchCounter } from './from-arcface.js';
export { initIdentity, type IdentityConfig } from './init.js';
export { identity, identitySizeOf, type IdentityOptions } from './ir-se.js';
export { ARCFACE_INPUT, prepareForIdentity, type IdentityInput } from './prepare.js';
