/**
 * CLIP's image side: the `VisionTransformer` of OpenAI's `model.py`.
 *
 * The patch embedding is a convolution whose stride equals its kernel, hence one matrix product over patches laid out
 * as rows; so is its gradient. Patch, width, depth and token count are read off the weights. Normalising pixels is
 * not done here: see prepare.ts.
 */
import { tf } from '../../tensors/tf.js';
import { requireWeight, type Weights } from '../../tensors/weights.js';
import { layerNorm } from './layer-norm.js';
import { transformer } from './transformer.js';

/** The side in pixels of the square image that these weights take. */
export function imageSizeOf(clip: Weights): number {
  const tokens = requireWeight(clip, 'visual.positional_embedding').shape[0] ?? 0;
  const patch = requireWeight(clip, 'visual.conv1.weight').shape[0] ?? 0;
  return Math.round(Math.sqrt(tokens - 1)) * patch;
}

/** [N,S,S,3] -> [N*grid², patch*patch*3], each row one patch in (row, column, channel) order. */
function patchRows(image: tf.Tensor4D, patch: number): tf.Tensor2D {
  const [n, size, , channels] = image.shape;
  const grid = size / patch;
  const bands = tf.reshape(image, [n * grid, patch, grid, patch * channels]); // [N*gy, py, gx, px*C]
  const patches = tf.transpose(bands, [0, 2, 1, 3]); // [N*gy, gx, py, px*C]
  return tf.reshape(patches, [n * grid * grid, patch * patch * channels]);
}

/**
 * Image features, not normalised to unit length (as OpenAI's `encode_image`).
 *
 * @param clip CLIP weights: OpenAI's names, linear weights [in,out], `visual.conv1.weight` HWIO
 * @param image [N,S,S,3], already at the input size and normalised
 * @returns [N, embed]
 * @throws when the image's size is not the one that the weights take
 */
export function encodeImage(clip: Weights, image: tf.Tensor4D): tf.Tensor2D {
  const [n, height, width, channels] = image.shape;
  const size = imageSizeOf(clip);
  const kernel = requireWeight(clip, 'visual.conv1.weight') as tf.Tensor4D; // [p,p,3,W]
  const [patch, , inChannels, features] = kernel.shape;
  if (height !== size || width !== size || channels !== inChannels) {
    throw new Error(`encodeImage: these CLIP weights take [N,${size},${size},${inChannels}], got [${image.shape.join(',')}]`);
  }
  const rows = patchRows(image, patch);
  const embedded = tf.matMul(rows, tf.reshape(kernel, [patch * patch * channels, features]));
  const patches = tf.reshape(embedded, [n, rows.shape[0] / n, features]); // [N,P,W]
  const classToken = tf.reshape(requireWeight(clip, 'visual.class_embedding'), [1, 1, features]);
  const classTokens = tf.mul(classToken, tf.ones([n, 1, 1])) as tf.Tensor3D; // [N,1,W]
  let x = tf.concat([classTokens, patches], 1) as tf.Tensor3D; // [N,1+P,W]
  x = tf.add(x, requireWeight(clip, 'visual.positional_embedding')) as tf.Tensor3D;
  x = layerNorm(x, requireWeight(clip, 'visual.ln_pre.weight'), requireWeight(clip, 'visual.ln_pre.bias'));
  const readout = transformer(clip, 'visual.transformer.', x, {
    pick: (tokens) => tf.slice(tokens, [0, 0, 0], [-1, 1, -1]),
  }); // [N,W]
  const normal = layerNorm(readout, requireWeight(clip, 'visual.ln_post.weight'), requireWeight(clip, 'visual.ln_post.bias'));
  return tf.matMul(normal, requireWeight(clip, 'visual.proj') as tf.Tensor2D); // [N,E]
}
