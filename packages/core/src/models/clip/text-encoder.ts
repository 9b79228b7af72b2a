/**
 * CLIP's text side (`encode_text` in OpenAI's `model.py`): token embedding, causal transformer, final layer norm, and
 * the feature at the end-of-text token, projected.
 *
 * Since attention is causal, tokens after the end of text change nothing: a batch may be cut to its longest text, and
 * `tokens` may therefore be shorter than the context that the weights were made for.
 *
 * A small vocabulary is embedded by a product with one-hot rows, whose gradient is again a product; a large one by
 * `gather`, which is only fast forward.
 */
import { tf } from '../../tensors/tf.js';
import { requireWeight, type Weights } from '../../tensors/weights.js';
import { layerNorm } from './layer-norm.js';
import { transformer } from './transformer.js';
import { endOfText } from './vocabulary.js';

/** Up to this many embedding rows, a one-hot product replaces `gather`. */
const ONE_HOT_ROWS = 4096;

/** Stands for minus infinity in the causal mask: softmax turns it into an exact 0, and 0 times it stays finite. */
const MASKED = -1e9;

/** The longest text, in tokens with start and end, that these weights take. */
export function contextOf(clip: Weights): number {
  return requireWeight(clip, 'positional_embedding').shape[0] ?? 0;
}

/** [N,T] int32 -> [N,T,W] */
function embedTokens(table: tf.Tensor2D, tokens: tf.Tensor2D): tf.Tensor3D {
  const [n, t] = tokens.shape;
  const [rows, width] = table.shape;
  const flat = tf.reshape(tokens, [n * t]);
  if (rows > ONE_HOT_ROWS) return tf.reshape(tf.gather(table, flat), [n, t, width]);
  const oneHot = tf.cast(tf.equal(tf.reshape(flat, [n * t, 1]), tf.range(0, rows, 1, 'int32')), 'float32');
  return tf.reshape(tf.matMul(oneHot as tf.Tensor2D, table), [n, t, width]);
}

/** [T,T]: 0 on and below the diagonal, the masked score above. */
function causalMask(t: number): tf.Tensor2D {
  const values = new Float32Array(t * t);
  for (let i = 0; i < t; i++) values.fill(MASKED, i * t + i + 1, (i + 1) * t);
  return tf.tensor2d(values, [t, t]);
}

/**
 * Text features, not normalised to unit length (as OpenAI's `encode_text`).
 *
 * @param clip CLIP weights: OpenAI's names, linear weights [in,out]
 * @param tokens [N,T] int32, T at most the context; rows of the token embedding (see `tokenTensor`)
 * @returns [N, embed]
 * @throws when T exceeds the context
 */
export function encodeText(clip: Weights, tokens: tf.Tensor2D): tf.Tensor2D {
  const [n, t] = tokens.shape;
  const context = contextOf(clip);
  if (t > context) throw new Error(`encodeText: ${t} tokens exceed the context of ${context} that these CLIP weights take`);
  const embedded = embedTokens(requireWeight(clip, 'token_embedding.weight') as tf.Tensor2D, tokens); // [N,T,W]
  const positions = tf.slice(requireWeight(clip, 'positional_embedding') as tf.Tensor2D, [0, 0], [t, -1]);
  const x = tf.add(embedded, positions) as tf.Tensor3D;
  const mask = causalMask(t); // [T,T]
  const end = endOfText(clip, tokens); // [N,T]
  const endRows = tf.reshape(end, [n, 1, t]);
  const readout = transformer(clip, 'transformer.', x, {
    mask: tf.reshape(mask, [1, 1, t, t]),
    pick: (rows) => tf.matMul(endRows, rows), // [N,1,T] x [N,T,W]
    pickedMask: tf.reshape(tf.matMul(end, mask), [n, 1, 1, t]),
  }); // [N,W]
  const normal = layerNorm(readout, requireWeight(clip, 'ln_final.weight'), requireWeight(clip, 'ln_final.bias'));
  return tf.matMul(normal, requireWeight(clip, 'text_projection') as tf.Tensor2D); // [N,E]
}
