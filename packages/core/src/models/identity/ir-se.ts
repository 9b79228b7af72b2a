/**
 * The identity network: an improved ResNet with squeeze-and-excitation (IR-SE) that ends in a unit vector, as in the
 * `model_ir_se50.pth` that StyleCLIP's ID loss uses (`models/facial_recognition/model_irse.py`).
 *
 * Names are the original's (`input_layer`, `body.<i>.res_layer`, `shortcut_layer`, `output_layer`), convolutions HWIO,
 * the last linear layer [in,out] over (row, column, channel). Depth, widths and input size are read off the weights.
 * Strides are too: a block halves the picture when it is the first or when it has a shortcut convolution.
 *
 * Stored batch normalisation after a convolution is folded into its kernel. Preparing the picture is done in prepare.ts.
 */
import { tf } from '../../tensors/tf.js';
import { requireWeight, type Weights } from '../../tensors/weights.js';
import { unitRows } from '../unit-rows.js';
import { type BatchNorm, storedBatchNorm, storedScale } from './batch-norm.js';

export type IdentityOptions = {
  /** How batches are normalised: stored statistics (default), or `trainingBatchNorm(collected)`. */
  readonly batchNorm?: BatchNorm;
};

/** Number of residual blocks. */
export function blocksOf(arcface: Weights): number {
  let blocks = 0;
  while (arcface[`body.${blocks}.res_layer.1.weight`] !== undefined) blocks++;
  return blocks;
}

/** True when block i halves the picture. */
function halves(arcface: Weights, block: number): boolean {
  return block === 0 || arcface[`body.${block}.shortcut_layer.0.weight`] !== undefined;
}

/** Side in pixels of the square picture that these weights take. */
export function identitySizeOf(arcface: Weights): number {
  const blocks = blocksOf(arcface);
  const channels = requireWeight(arcface, 'output_layer.0.weight').shape[0] ?? 1;
  const inputs = requireWeight(arcface, 'output_layer.3.weight').shape[0] ?? 0;
  let size = Math.round(Math.sqrt(inputs / channels));
  for (let i = 0; i < blocks; i++) if (halves(arcface, i)) size *= 2;
  return size;
}

/** Convolution with padding (k-1)/2 and the batch normalisation that follows it. */
function convNorm(
  arcface: Weights,
  conv: string,
  norm: string,
  x: tf.Tensor4D,
  stride: 1 | 2,
  batchNorm: BatchNorm,
): tf.Tensor4D {
  const kernel = requireWeight(arcface, `${conv}.weight`) as tf.Tensor4D;
  if (batchNorm !== storedBatchNorm) {
    return batchNorm(arcface, norm, paddedConv(x, kernel, stride)) as tf.Tensor4D;
  }
  const { scale, shift } = storedScale(arcface, norm);
  return tf.add(paddedConv(x, tf.mul(kernel, scale) as tf.Tensor4D, stride), shift);
}

/**
 * Convolution with (k-1)/2 zeros on each side, as PyTorch's networks have it. With a stride 'same' may pad one side only,
 * and padding as a number is refused by TensorFlow's native backend.
 */
function paddedConv(x: tf.Tensor4D, kernel: tf.Tensor4D, stride: 1 | 2): tf.Tensor4D {
  const padding = (kernel.shape[0] - 1) / 2;
  if (stride === 1 || padding === 0) return tf.conv2d(x, kernel, stride, 'same');
  const around = tf.pad(x, [[0, 0], [padding, padding], [padding, padding], [0, 0]]); // prettier-ignore
  return tf.conv2d(around, kernel, stride, 'valid');
}

/** Every second row and column: PyTorch's MaxPool2d(1, 2), by reshapes and slices whose gradients are cheap. */
export function subsample(x: tf.Tensor4D): tf.Tensor4D {
  const [n, height, width, channels] = x.shape;
  if (height % 2 !== 0 || width % 2 !== 0) {
    const padding: [number, number][] = [[0, 0], [0, height % 2], [0, width % 2], [0, 0]];
    return subsample(tf.pad(x, padding));
  }
  const rows = tf.slice(tf.reshape(x, [(n * height) / 2, 2, width, channels]), [0, 0, 0, 0], [-1, 1, -1, -1]);
  const columns = tf.slice(tf.reshape(rows, [(n * height * width) / 4, 2, channels]), [0, 0, 0], [-1, 1, -1]);
  return tf.reshape(columns, [n, height / 2, width / 2, channels]);
}

/** Squeeze and excitation: channels weighed by a small bottleneck over their means. */
function exciteChannels(arcface: Weights, name: string, x: tf.Tensor4D): tf.Tensor4D {
  const [n, , , channels] = x.shape;
  const squeeze = requireWeight(arcface, `${name}.fc1.weight`);
  const excite = requireWeight(arcface, `${name}.fc2.weight`);
  const hiddenSize = squeeze.shape[3] ?? 0;
  const means = tf.mean(x, [1, 2]) as tf.Tensor2D; // [N,C]
  const hidden = tf.relu(tf.matMul(means, tf.reshape(squeeze, [channels, hiddenSize])));
  const gates = tf.sigmoid(tf.matMul(hidden, tf.reshape(excite, [hiddenSize, channels])));
  return tf.mul(x, tf.reshape(gates, [n, 1, 1, channels]));
}

/** One residual block: BN, conv, PReLU, conv (stride), BN, squeeze and excitation, plus the shortcut. */
function irSeBlock(arcface: Weights, block: number, x: tf.Tensor4D, batchNorm: BatchNorm): tf.Tensor4D {
  const name = `body.${block}`;
  const half = halves(arcface, block);
  const stride = half ? 2 : 1;
  let shortcut = x;
  if (arcface[`${name}.shortcut_layer.0.weight`] !== undefined) {
    shortcut = convNorm(arcface, `${name}.shortcut_layer.0`, `${name}.shortcut_layer.1`, x, stride, batchNorm);
  } else if (half) shortcut = subsample(x);
  let y = batchNorm(arcface, `${name}.res_layer.0`, x) as tf.Tensor4D;
  y = tf.conv2d(y, requireWeight(arcface, `${name}.res_layer.1.weight`) as tf.Tensor4D, 1, 'same');
  y = tf.prelu(y, requireWeight(arcface, `${name}.res_layer.2.weight`)) as tf.Tensor4D;
  y = convNorm(arcface, `${name}.res_layer.3`, `${name}.res_layer.4`, y, stride, batchNorm);
  return tf.add(exciteChannels(arcface, `${name}.res_layer.5`, y), shortcut) as tf.Tensor4D;
}

/**
 * Identity embeddings.
 *
 * @param arcface IR-SE weights
 * @param image [N,S,S,3] in [-1,1], S as the weights want it (112 for ArcFace)
 * @returns [N,E], each row of length 1
 * @throws when the image has another size
 */
export function identity(
  arcface: Weights,
  image: tf.Tensor4D,
  { batchNorm = storedBatchNorm }: IdentityOptions = {},
): tf.Tensor2D {
  const [n, height, width] = image.shape;
  const size = identitySizeOf(arcface);
  if (height !== size || width !== size) {
    throw new Error(`identity: these weights take [N,${size},${size},3], got [${image.shape.join(',')}]`);
  }
  let x = convNorm(arcface, 'input_layer.0', 'input_layer.1', image, 1, batchNorm);
  x = tf.prelu(x, requireWeight(arcface, 'input_layer.2.weight')) as tf.Tensor4D;
  const blocks = blocksOf(arcface);
  for (let i = 0; i < blocks; i++) x = irSeBlock(arcface, i, x, batchNorm);
  x = batchNorm(arcface, 'output_layer.0', x) as tf.Tensor4D;
  const linear = requireWeight(arcface, 'output_layer.3.weight') as tf.Tensor2D;
  let features: tf.Tensor = tf.matMul(tf.reshape(x, [n, linear.shape[0]]), linear); // [N,E]
  features = tf.add(features, requireWeight(arcface, 'output_layer.3.bias'));
  features = batchNorm(arcface, 'output_layer.4', features);
  return unitRows(features as tf.Tensor2D);
}
