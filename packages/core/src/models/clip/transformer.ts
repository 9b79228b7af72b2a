/**
 * CLIP's pre-norm transformer (`ResidualAttentionBlock` in OpenAI's `model.py`), shared by the image and the text side.
 *
 *     x = x + attention(ln_1(x));   x = x + c_proj(activation(c_fc(ln_2(x))))
 *
 * Heads are merged into the batch for the two attention products, and nothing exceeds four dimensions, so a trace is
 * a short chain of matrix products. Both encoders read one position of the last block only (class token, end of text):
 * {@link transformer} therefore evaluates the last block's query, output and MLP for that position alone. That is
 * exact, and halves the work of a two-block network.
 *
 * Weights carry OpenAI's names below `<prefix>resblocks.<i>.`, linear weights as [in, out]. Depth and width are read
 * off them. The number of heads cannot be: it is width / 64, as OpenAI builds its models, unless an optional marker
 * tensor `<prefix>heads` is there, whose *length* is the number of heads (a shape survives tracing, a value does not).
 */
import { tf } from '../../tensors/tf.js';
import { requireWeight, type Weights } from '../../tensors/weights.js';
import { activationOf } from './activation.js';
import { layerNorm } from './layer-norm.js';

/** Picks the row that is read out of [N,T,W]: the result is [N,1,W]. */
export type PickRow = (x: tf.Tensor3D) => tf.Tensor3D;

export type TransformerOptions = {
  /** Added to the attention scores, broadcastable to [N, heads, T, T]. */
  readonly mask?: tf.Tensor4D;
  /** The row to read, and that row's own mask, broadcastable to [N, heads, 1, T]. */
  readonly pick: PickRow;
  readonly pickedMask?: tf.Tensor4D;
};

/** Number of residual blocks below `prefix`. */
export function depthOf(weights: Weights, prefix: string): number {
  let depth = 0;
  while (weights[`${prefix}resblocks.${depth}.ln_1.weight`] !== undefined) depth++;
  return depth;
}

/** Number of attention heads: the marker tensor's length, else width / 64 and at least 1. */
export function headsOf(weights: Weights, prefix: string, width: number): number {
  const marker = weights[`${prefix}heads`];
  const heads = marker?.shape[0] ?? Math.max(1, Math.floor(width / 64));
  if (width % heads !== 0) throw new Error(`CLIP "${prefix}": width ${width} is not divisible by ${heads} heads`);
  return heads;
}

/** [..., in] x [in, out] + [out], as one two-dimensional product. */
function linear(x: tf.Tensor3D, w: tf.Tensor, bias: tf.Tensor): tf.Tensor3D {
  const [n, t, width] = x.shape;
  const y = tf.add(tf.matMul(tf.reshape(x, [n * t, width]), w as tf.Tensor2D), bias); // [N*T, out]
  return tf.reshape(y, [n, t, w.shape[1] ?? 0]);
}

/** [N,T,W] -> [N*heads, T, W/heads] */
function splitHeads(x: tf.Tensor3D, heads: number): tf.Tensor3D {
  const [n, t, width] = x.shape;
  const size = width / heads;
  if (heads === 1) return x;
  return tf.reshape(tf.transpose(tf.reshape(x, [n, t, heads, size]), [0, 2, 1, 3]), [n * heads, t, size]);
}

/** [N*heads, T, size] -> [N,T,W] */
function mergeHeads(x: tf.Tensor3D, heads: number): tf.Tensor3D {
  const [merged, t, size] = x.shape;
  const n = merged / heads;
  if (heads === 1) return x;
  return tf.reshape(tf.transpose(tf.reshape(x, [n, heads, t, size]), [0, 2, 1, 3]), [n, t, heads * size]);
}

/** softmax(q kᵀ / sqrt(size) + mask) v. Queries [N,Q,W], keys and values [N,T,W] -> [N,Q,W]. */
function attend(
  q: tf.Tensor3D,
  k: tf.Tensor3D,
  v: tf.Tensor3D,
  heads: number,
  mask: tf.Tensor4D | undefined,
): tf.Tensor3D {
  const [n, queries, width] = q.shape;
  const keys = k.shape[1];
  const scaled = tf.mul(q, 1 / Math.sqrt(width / heads)) as tf.Tensor3D;
  let scores: tf.Tensor = tf.matMul(splitHeads(scaled, heads), splitHeads(k, heads), false, true); // [N*h,Q,T]
  if (mask !== undefined) {
    scores = tf.add(tf.reshape(scores, [n, heads, queries, keys]), mask);
    scores = tf.reshape(scores, [n * heads, queries, keys]);
  }
  const weights = tf.softmax(scores) as tf.Tensor3D; // over the keys
  return mergeHeads(tf.matMul(weights, splitHeads(v, heads)) as tf.Tensor3D, heads);
}

/** The MLP half of a block, with its residual. */
function mlp(weights: Weights, prefix: string, block: string, x: tf.Tensor3D): tf.Tensor3D {
  const get = (name: string): tf.Tensor => requireWeight(weights, block + name);
  const normal = layerNorm(x, get('ln_2.weight'), get('ln_2.bias'));
  const activation = activationOf(weights, prefix);
  const hidden = activation(linear(normal, get('mlp.c_fc.weight'), get('mlp.c_fc.bias')));
  return tf.add(x, linear(hidden, get('mlp.c_proj.weight'), get('mlp.c_proj.bias')));
}

/**
 * Runs all blocks and returns the picked row.
 *
 * @param weights a CLIP's weights
 * @param prefix `transformer.` or `visual.transformer.`
 * @param input [N,T,W]
 * @returns [N,W]: the picked row after the last block
 */
export function transformer(
  weights: Weights,
  prefix: string,
  input: tf.Tensor3D,
  { mask, pick, pickedMask }: TransformerOptions,
): tf.Tensor2D {
  const [n, , width] = input.shape;
  const depth = depthOf(weights, prefix);
  const heads = headsOf(weights, prefix, width);
  let x = input;
  for (let i = 0; i < depth; i++) {
    const block = `${prefix}resblocks.${i}.`;
    const get = (name: string): tf.Tensor => requireWeight(weights, block + name);
    const normal = layerNorm(x, get('ln_1.weight'), get('ln_1.bias'));
    const inProjection = get('attn.in_proj_weight') as tf.Tensor2D; // [W, 3W]
    const inBias = get('attn.in_proj_bias') as tf.Tensor1D;
    let q: tf.Tensor3D, k: tf.Tensor3D, v: tf.Tensor3D;
    if (i < depth - 1) {
      const projected = linear(normal, inProjection, inBias); // [N,T,3W]
      [q, k, v] = tf.split(projected, 3, 2) as [tf.Tensor3D, tf.Tensor3D, tf.Tensor3D];
    } else {
      const queryWeight = tf.slice(inProjection, [0, 0], [width, width]);
      const keyValueWeight = tf.slice(inProjection, [0, width], [width, 2 * width]);
      q = linear(pick(normal), queryWeight, tf.slice(inBias, [0], [width])); // [N,1,W]
      const keyValue = linear(normal, keyValueWeight, tf.slice(inBias, [width], [2 * width])); // [N,T,2W]
      [k, v] = tf.split(keyValue, 2, 2) as [tf.Tensor3D, tf.Tensor3D];
      x = pick(x); // [N,1,W]
    }
    const attended = attend(q, k, v, heads, i < depth - 1 ? mask : pickedMask);
    x = tf.add(x, linear(attended, get('attn.out_proj.weight'), get('attn.out_proj.bias')));
    x = mlp(weights, prefix, block, x);
  }
  if (depth === 0) x = pick(x);
  return tf.reshape(x, [n, width]);
}
