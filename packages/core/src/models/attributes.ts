/**
 * The attribute probe: a small convolutional classifier that reads every factor of an avatar from one picture.
 *
 * It is a measuring instrument, used by evaluation only and never by a method, so it shares nothing with CLIP or the
 * identity network. Each stage merges patches linearly (a convolution whose stride is its kernel: one matrix product,
 * forward and backward) and adds the rectified 3×3 convolution of the result; then everything is flattened into a dense layer, because the
 * details to tell apart (brows, eyes, mouth) are a few pixels at known places and pooling would blur them; then one
 * linear head for each factor. No normalisation: nothing depends on the batch.
 *
 * Weights (every size is read off them, HWIO and [in,out] as everywhere in core):
 *
 *     patch.{i}.weight [p,p,I,O], patch.{i}.bias [O]     non-overlapping p×p patches
 *     conv.{i}.weight [3,3,O,O], conv.{i}.bias [O]       SAME, added to its input
 *     dense.weight [h·w·O, H], dense.bias [H]
 *     head.{factor}.weight [H, values], head.{factor}.bias [values]
 */
import { tf } from '../tensors/tf.js';
import type { Weights } from '../tensors/weights.js';

/** The sizes of a probe, for `initAttributes`. */
export interface AttributesSize {
  /** Side of the square pictures in pixels; the product of all patches must divide it. */
  readonly resolution: number;
  /** For each stage the side of the patches it merges and its output channels. */
  readonly stages: readonly { readonly patch: number; readonly channels: number }[];
  /** Width of the dense layer shared by all heads. */
  readonly hidden: number;
  /** How many values each factor has. */
  readonly factors: Readonly<Record<string, number>>;
}

/**
 * Logits of every factor.
 * @param weights the probe's weights, see above
 * @param images [N,R,R,3] in [-1,1]
 * @returns for each factor [N, values], in the order in which `bundle.json` lists the values
 */
export function readAttributes(weights: Weights, images: tf.Tensor4D): Record<string, tf.Tensor2D> {
  return attributeLogits(weights, attributeFeatures(weights, images));
}

/**
 * Logits of every factor from `attributeFeatures`, for a caller that wants both.
 * @param hidden [N,H]
 */
export function attributeLogits(weights: Weights, hidden: tf.Tensor2D): Record<string, tf.Tensor2D> {
  const logits: Record<string, tf.Tensor2D> = {};
  for (const factor of attributeFactors(weights)) {
    logits[factor] = tf.add(tf.matMul(hidden, matrix(weights, `head.${factor}.weight`)), named(weights, `head.${factor}.bias`));
  }
  return logits;
}

/** The factors a probe reads: the names of its heads, sorted. */
export function attributeFactors(weights: Weights): string[] {
  return Object.keys(weights)
    .flatMap((name) => /^head\.(.+)\.weight$/.exec(name)?.[1] ?? [])
    .sort();
}

/**
 * The names and shapes of a probe's weights, in a fixed order.
 * @returns name → shape; whoever fills them uses fan-in scaled normals for weights and zeros for biases
 */
export function attributeShapes(size: AttributesSize): Record<string, number[]> {
  const shapes: Record<string, number[]> = {};
  let side = size.resolution;
  let inputs = 3;
  size.stages.forEach(({ patch, channels }, i) => {
    if (side % patch !== 0) throw new Error(`attribute probe: stage ${i} cannot cut ${side} pixels into patches of ${patch}`);
    shapes[`patch.${i}.weight`] = [patch, patch, inputs, channels];
    shapes[`patch.${i}.bias`] = [channels];
    shapes[`conv.${i}.weight`] = [3, 3, channels, channels];
    shapes[`conv.${i}.bias`] = [channels];
    side /= patch;
    inputs = channels;
  });
  shapes['dense.weight'] = [side * side * inputs, size.hidden];
  shapes['dense.bias'] = [size.hidden];
  for (const [factor, values] of Object.entries(size.factors)) {
    shapes[`head.${factor}.weight`] = [size.hidden, values];
    shapes[`head.${factor}.bias`] = [values];
  }
  return shapes;
}

/**
 * The dense layer's activations, what all heads read: features of pictures by a network that no method optimises.
 * @param images [N,R,R,3] in [-1,1]
 * @returns [N,H], not below 0
 */
export function attributeFeatures(weights: Weights, images: tf.Tensor4D): tf.Tensor2D {
  let x: tf.Tensor4D = images; // [N,R,R,3]
  for (let i = 0; weights[`patch.${i}.weight`]; i++) {
    x = tf.add<tf.Tensor4D>(mergePatches(x, named(weights, `patch.${i}.weight`) as tf.Tensor4D), named(weights, `patch.${i}.bias`)); // [N,R/p,R/p,O]
    const filter = named(weights, `conv.${i}.weight`) as tf.Tensor4D;
    x = tf.add<tf.Tensor4D>(x, tf.relu(tf.add(tf.conv2d(x, filter, 1, 'same'), named(weights, `conv.${i}.bias`))));
  }
  const batch = x.shape[0];
  const dense = matrix(weights, 'dense.weight');
  const flat = tf.reshape(x, [batch, x.size / batch]) as tf.Tensor2D; // [N, h·w·O]
  if (flat.shape[1] !== dense.shape[0]) {
    throw new Error(`the attribute probe expects ${dense.shape[0]} features before its dense layer, but pictures of shape [${images.shape.join(',')}] give ${flat.shape[1]}: use pictures of the size it was trained on`);
  }
  return tf.relu<tf.Tensor2D>(tf.add<tf.Tensor2D>(tf.matMul(flat, dense), named(weights, 'dense.bias')));
}

/** A convolution whose stride is its kernel: [N,S,S,I], [p,p,I,O] → [N,S/p,S/p,O]. */
function mergePatches(x: tf.Tensor4D, filter: tf.Tensor4D): tf.Tensor4D {
  const [n, side, , inputs] = x.shape;
  const [patch, , , outputs] = filter.shape;
  const grid = side / patch;
  const bands = tf.reshape(x, [n * grid, patch, grid, patch * inputs]); // rows of patches
  const rows = tf.reshape(tf.transpose(bands, [0, 2, 1, 3]), [n * grid * grid, patch * patch * inputs]);
  const merged = tf.matMul(rows, tf.reshape(filter, [patch * patch * inputs, outputs]));
  return tf.reshape(merged, [n, grid, grid, outputs]);
}

function named(weights: Weights, name: string): tf.Tensor {
  const tensor = weights[name];
  if (!tensor) throw new Error(`attribute probe: no tensor "${name}"`);
  return tensor;
}

function matrix(weights: Weights, name: string): tf.Tensor2D {
  return named(weights, name) as tf.Tensor2D;
}
