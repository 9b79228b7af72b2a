/**
 * The generator's loss: the pictures of edited codes against what they ought to show.
 *
 *     loss = mean |G − x|·weight + mean |pool₄(G − x)| + ½·mean(|∂ₓ(G − x)| + |∂ᵧ(G − x)|)·weight + square·mean (G − x)²·weight
 *
 * The target x fades from the avatar before an edit to the one after by how much of the edit the style channels let
 * through (edits.ts); no gradient flows through that share. The squared term's gradient is largest where a small dark
 * feature is missing altogether.
 *
 * toRGB styles are constant, their affine weights zero: an edit that leaves toRGB alone, as global directions do, can
 * then do everything.
 */
import {
  effectiveGenerator,
  generatorSize,
  styles,
  synthesisLayers,
  synthesize,
  tf,
  type StyleCode,
  type Weights,
  type WPlus,
} from '@styleclip/core';
import { codesOf } from './codes.js';
import type { Examples } from './examples.js';
import { LAYER_GROUPS, WPLUS_ROWS } from './groups.js';
import { restrained, type OwnedLayer } from './ownership.js';

/** What the loss knows besides parameters and examples. */
export interface LossContext {
  readonly book: tf.Tensor2D;
  /** The average code, [1,D]. */
  readonly average: tf.Tensor2D;
  readonly layers: readonly OwnedLayer[];
  /** Weight of the squared error. */
  readonly square: number;
  /** Whether style channels belong to values (ownership.ts). */
  readonly plan: boolean;
}

/** @param open how much of other values a style channel still hears, a scalar in [0,1] */
export function reconstructionLoss(
  params: Weights,
  { examples, open }: { examples: Examples; open: tf.Scalar },
  context: LossContext,
): tf.Scalar {
  const { book, average, layers, square } = context;
  const g = drawing(params, context, open);
  const around = tf.add(tf.mul(tf.sub(codesOf(examples.rows, book), average), examples.reach), average);
  const code = styles(g, spreadGroups(tf.add(around, examples.noise) as tf.Tensor2D));
  const { passed, share } = changedStyles(g, examples, { book, layers });
  const image = synthesize(g, addToStyles(code, passed), { noise: 'none', upsampling: 'literal' }); // cheapest where weights have gradients

  const e = stopGradient(share); // [N,1]
  const shown = tf.add(tf.minimum(tf.div(tf.mul(e, 1.6), tf.add(e, 1)), 1), examples.mixed);
  const t = tf.reshape(shown, [-1, 1, 1, 1]);
  const target = tf.add(examples.before, tf.mul(tf.sub(examples.after, examples.before), t));
  return pixelLoss(tf.sub(image, target) as tf.Tensor4D, examples.weight, square);
}

/** The effective generator of raw parameters, under the plan where there is one. */
export function drawing(
  params: Weights,
  { plan, layers, book }: Pick<LossContext, 'plan' | 'layers' | 'book'>,
  open: tf.Scalar,
): Weights {
  const g = completed(effectiveGenerator(params));
  return plan ? restrained(g, layers, book, open) : g;
}

/** What an edit does to each edited layer's style [N,C], through the mask, and e [N,1]: γ times the share let through. */
function changedStyles(
  g: Weights,
  { change, mask, amount }: Examples,
  { book, layers }: Pick<LossContext, 'book' | 'layers'>,
): { passed: ReadonlyMap<string, tf.Tensor2D>; share: tf.Tensor2D } {
  const step = spreadGroups(codesOf(change, book)); // [N,L,D]
  const [n, , d] = step.shape;
  const passed = new Map<string, tf.Tensor2D>();
  const through: tf.Tensor[] = [];
  const whole: tf.Tensor[] = [];
  for (const { name, row, channels, offset } of layers) {
    const rows = tf.reshape(tf.slice(step, [0, row, 0], [n, 1, d]), [n, d]) as tf.Tensor2D;
    const delta = tf.matMul(rows, g[`${name}.affine.weight`] as tf.Tensor2D); // [N,C]
    const open = tf.mul(delta, tf.slice(mask, [0, offset], [n, channels])) as tf.Tensor2D;
    passed.set(name, open);
    through.push(tf.sum(tf.abs(open), 1, true));
    whole.push(tf.sum(tf.abs(delta), 1, true));
  }
  const share = tf.mul(amount, tf.div(tf.addN(through), tf.add(tf.addN(whole), 1e-6))) as tf.Tensor2D;
  return { passed, share };
}

function addToStyles(code: StyleCode, passed: ReadonlyMap<string, tf.Tensor2D>): StyleCode {
  return code.map((vector) => {
    const change = passed.get(vector.name);
    return change ? { ...vector, style: tf.add(vector.style, change) as tf.Tensor2D } : vector;
  });
}

function pixelLoss(error: tf.Tensor4D, weight: tf.Tensor4D, square: number): tf.Scalar {
  const [n, r, , c] = error.shape;
  const inner = tf.slice(weight, [0, 1, 1, 0], [n, r - 1, r - 1, 1]);
  const at = (y: number, x: number) => tf.slice(error, [0, y, x, 0], [n, r - 1, r - 1, c]);
  const edges = tf.add(tf.abs(tf.sub(at(1, 1), at(0, 1))), tf.abs(tf.sub(at(1, 1), at(1, 0))));
  const pixels = tf.mean(tf.mul(tf.abs(error), weight));
  const blocks = tf.mean(tf.abs(tf.avgPool(error, 4, 4, 'valid')));
  const linear = tf.add(tf.add(pixels, blocks), tf.mul(tf.mean(tf.mul(edges, inner)), 0.5)) as tf.Scalar;
  if (square === 0) return linear;
  return tf.add(linear, tf.mul(tf.mean(tf.mul(tf.square(error), weight)), square)) as tf.Scalar;
}

/** The same numbers, through which no gradient flows. */
function stopGradient<T extends tf.Tensor>(x: T): T {
  return tf.customGrad((value: tf.Tensor | tf.GradSaveFunc) => ({
    value: tf.clone(value as tf.Tensor),
    gradFunc: (dy: tf.Tensor) => tf.zerosLike(dy),
  }))(x) as T;
}

/** The generator with toRGB's affine weights, which are zero and not trained. */
export function completed(g: Weights): Weights {
  const { resolution, wDim } = generatorSize(g);
  const zeros = synthesisLayers(resolution)
    .filter(({ toRGB, name }) => toRGB && !g[`${name}.affine.weight`])
    .map(({ name }): [string, tf.Tensor] => {
      const channels = g[`${name}.affine.bias`]!.size;
      return [`${name}.affine.weight`, tf.zeros([wDim, channels])];
    });
  return { ...g, ...Object.fromEntries(zeros) };
}

/** One code per group [3·N, D], group-major → W+ [N, 10, D]. */
export function spreadGroups(codes: tf.Tensor2D): WPlus {
  const [rows, d] = codes.shape;
  const n = rows / 3;
  const [medium, fine] = LAYER_GROUPS;
  const counts = [medium, fine - medium, WPLUS_ROWS - fine];
  const parts = counts.map((count, group) =>
    tf.mul(tf.reshape(tf.slice(codes, [group * n, 0], [n, d]), [n, 1, d]), tf.ones([1, count, 1])),
  );
  return tf.concat(parts, 1) as WPlus;
}
