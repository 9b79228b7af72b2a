/**
 * Relevance for one pair of texts without a table: backward passes for that pair alone (StyleMC is the evidence that
 * gradients suffice). Not in the paper.
 *
 *     R_c ≈ mean(⟨J_c, Δt⟩) / √mean(⟨J_c, u⟩²)       J_c = ∂E/∂s_c, E the unit feature; u ~ N(0, I), another one a picture
 *
 * Means are over pictures. The second pass of a picture, along a random direction, is there because E⟨J_c, u⟩² = |J_c|²:
 * without that length the channels that change everything would come first, as they also change a little of what is asked for.
 * Over 64 pictures the length is known to about 9 %.
 */
import {
  disposeAll,
  flattenStyles,
  normals,
  Random,
  styles,
  tf,
  unflattenStyles,
  type Device,
  type Networks,
  type WPlus,
} from '@styleclip/core';
import { batchSize } from './probe/batch-size.js';
import type { Layout } from './layout.js';
import { look } from './look.js';
import type { StyleSource } from './style-source.js';

/** Pictures are looked at up to this resolution: CLIP sees 224². */
const LOOK_AT = 256;

/** Relevances by derivative. */
export interface DirectRelevance {
  /**
   * R_c of every channel, -1 … 1, and σ_c·|J_c|, how far a step of σ moves the feature.
   * @param step Δt [E]
   */
  of(step: Float32Array): Promise<{ cosine: Float32Array; magnitude: Float32Array }>;
  dispose(): Promise<void>;
}

/**
 * @param std σ_c without toRGB
 * @param images pictures of the stream `train` to average over
 */
export function openDirect(
  networks: Networks,
  device: Device,
  {
    source,
    layout,
    std,
    images,
    seed,
  }: { source: StyleSource; layout: Layout; std: Float32Array; images: number; seed: number },
): DirectRelevance {
  const { generator } = networks;
  const stopAt = Math.min(LOOK_AT, layout.layers.at(-1)!.resolution);
  const batch = Math.max(1, Math.floor(batchSize(generator, stopAt) / 4));
  const root = new Random(seed).fork('direct');
  /** Σ over pictures of ⟨J_c, Δt⟩ and of ⟨J_c, u⟩²: W+ [N,L,D], Δt [1,E], u [N,E] → [S] each */
  const derive = device.compile(
    (wPlus: WPlus, step: tf.Tensor2D, u: tf.Tensor2D) => {
      const code = styles(generator, wPlus);
      const flat = flattenStyles(code, { toRGB: false }); // [N,S]
      const along = (direction: tf.Tensor2D): tf.Tensor2D =>
        tf.grad((flat: tf.Tensor): tf.Scalar =>
          tf.sum(tf.mul(look(networks, unflattenStyles(generator, flat as tf.Tensor2D, code), { stopAt }), direction)),
        )(flat) as tf.Tensor2D; // [N,S]
      return { along: tf.sum(along(step), 0), square: tf.sum(tf.square(along(u)), 0) };
    },
    { name: 'direct' },
  );
  return {
    async of(step) {
      const [along, square] = [new Float64Array(layout.channels), new Float64Array(layout.channels)];
      const row = tf.tensor2d(step, [1, step.length]);
      for (let from = 0; from < images; from += batch) {
        const count = Math.min(batch, images - from);
        const wPlus = await source.latents('train', from, count);
        const u = normals(root.fork(from), [count, step.length]) as tf.Tensor2D;
        const sums = await derive(wPlus, row, u);
        (await sums.along.data()).forEach((value, c) => (along[c]! += value));
        (await sums.square.data()).forEach((value, c) => (square[c]! += value));
        disposeAll(wPlus, u, sums);
      }
      row.dispose();
      const length = square.map((value) => Math.sqrt(value / images));
      const cosine = Float32Array.from(along, (value, c) =>
        length[c]! > 0 ? Math.max(-1, Math.min(1, value / images / length[c]!)) : 0,
      );
      return { cosine, magnitude: Float32Array.from(length, (value, c) => value * std[c]!) };
    },
    dispose: () => derive.dispose(),
  };
}
