/** StyleGAN2: a generator as pure functions of its weights. Table of contents. */
export { generatorSize, MAX_BLOCKS, synthesisLayers, wPlusLayers, type GeneratorSize, type SynthesisLayer } from './architecture.js';
export { initGenerator, effectiveGenerator, isBuffer, gainOf, MAPPING_LR_MUL, type GeneratorConfig } from './init.js';
export { fromRosinality, isRosinalityConstant, LATENT_AVG, rosinalityTable, rosinalityTableOf } from './rosinality.js';

export { mapping, pixelNorm } from './mapping.js';
export { truncate, broadcastW } from './truncation.js';
export { styles } from './styles.js';
export {
  asWPlus, flatWidth, flattenStyles, styleSlots, unflattenStyles, wPlusFromArray,
  type StyleCode, type StyleSlot, type StyleVector, type W, type WPlus, type Z,
} from './spaces.js';

export { synthesize, activationsBefore, type Activations, type SynthesisOptions } from './synthesis.js';
export { randomNoise, type Noise, type NoiseMaps } from './noise.js';
export { modulatedConv, demodulation, type ModulatedConvOptions } from './modulated-conv.js';
export { upsamplingConv, type UpsamplingForm } from './upsampling-conv.js';
export { upsampleRgb } from './upsample-rgb.js';
export { depthToSpace } from './depth-to-space.js';
