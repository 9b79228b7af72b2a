/** Named tensors, half precision, seeded random numbers. */
export { tf } from './tf.js';
export {
  cloneWeights,
  countParameters,
  disposeAll,
  mapWeights,
  requireWeight,
  sortedNames,
  valueAndGrads,
  type TensorTree,
  type ValueAndGrads,
  type Weights,
} from './weights.js';
export { decodeHalf, encodeHalf, fromBfloat16, fromHalf, toHalf } from './half.js';
export { normalArray, normals, Random, type RandomState } from './random.js';
export {
  DTYPE_ARRAYS,
  DTYPE_BYTES,
  toFloats,
  type RawTensor,
  type SafetensorsData,
  type SafetensorsDtype,
} from './raw-tensor.js';
