/**
 * The activation in CLIP's MLPs: OpenAI's models have QuickGELU, most models that others trained have plain GELU.
 *
 *     QuickGELU(x) = x · sigmoid(1.702 x)        GELU(x) = x · Φ(x) = x · (1 + erf(x / √2)) / 2
 *
 * No tensor of a model shows which: the two differ by up to 0.02, enough to spoil features and too little to look broken.
 * So weights that want plain GELU carry a marker tensor `<prefix>gelu` [1] beside each transformer, as head counts do; its
 * presence is what counts (a name survives tracing, a value does not). Approximations of GELU by tanh are a third function
 * and are not here.
 */
import { tf } from '../../tensors/tf.js';
import type { Weights } from '../../tensors/weights.js';

/** The activations that there are, by the names Hugging Face gives them. */
export const CLIP_ACTIVATIONS = ['quick_gelu', 'gelu'] as const;

export type ClipActivation = (typeof CLIP_ACTIVATIONS)[number];

/** x·sigmoid(1.702 x), the fast stand-in for GELU. */
export function quickGelu<T extends tf.Tensor>(x: T): T {
  return tf.mul(x, tf.sigmoid(tf.mul(x, 1.702)));
}

/** x·Φ(x) by the error function. */
export function gelu<T extends tf.Tensor>(x: T): T {
  return tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1));
}

/** The activation of the transformer below `prefix`. */
export function activationOf(weights: Weights, prefix: string): typeof gelu {
  return weights[`${prefix}gelu`] === undefined ? quickGelu : gelu;
}

/**
 * The marker tensors of a CLIP with this activation on both sides.
 * @returns new tensors, none for QuickGELU
 */
export function activationMarkers(activation: ClipActivation): Weights {
  return activation === 'gelu' ? { 'visual.transformer.gelu': tf.ones([1]), 'transformer.gelu': tf.ones([1]) } : {};
}
