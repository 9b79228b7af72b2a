/**
 * Relevance for one pair of texts without a table: one backward pass a picture (StyleMC is the
 * evidence that gradients suffice). Not in the paper.
 *
 *     R_c = mean over pictures of σ_c · ∂⟨E(s), Δt⟩/∂s_c          E: the unit feature
 *
 * R_c is how far CLIP's feature goes along Δt for a step of σ, as far as a derivative tells: not a cosine, so a β has
 * no meaning for it.
 */
import {
  disposeAll,
  flattenStyles,
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

/** Relevances by derivative. */
export interface DirectRelevance {
  /** R_c of every channel. @param step Δt [E] */
  of(step: Float32Array): Promise<Float32Array>;
  dispose(): Promise<void>;
}

/**
 * @param std σ_c without toRGB
 * @param images pictures of the stream `train` to average over
 */
export function openDirect(
  networks: Networks,
  device: Device,
  { source, layout, std, images }: { source: StyleSource; layout: Layout; std: Float32Array; images: number },
): DirectRelevance {
  const { generator } = networks;
  const stopAt = layout.layers.at(-1)!.resolution;
  const batch = Math.max(1, batchSize(generator, stopAt) / 4);
  const derive = device.compile(
    (wPlus: WPlus, step: tf.Tensor2D) => {
      const code = styles(generator, wPlus);
      const along = (flat: tf.Tensor): tf.Scalar =>
        tf.sum(tf.mul(look(networks, unflattenStyles(generator, flat as tf.Tensor2D, code), { stopAt }), step));
      return tf.sum(tf.grad(along)(flattenStyles(code, { toRGB: false })), 0) as tf.Tensor1D; // [S]
    },
    { name: 'direct' },
  );
  return {
    async of(step) {
      const sum = new Float64Array(layout.channels);
      const row = tf.tensor2d(step, [1, step.length]);
      for (let from = 0; from < images; from += batch) {
        const wPlus = await source.latents('train', from, Math.min(batch, images - from));
        const grads = await derive(wPlus, row);
        (await grads.data()).forEach((value, c) => (sum[c]! += value));
        disposeAll(wPlus, grads);
      }
      row.dispose();
      return Float32Array.from(sum, (value, c) => (value / images) * std[c]!);
    },
    dispose: () => derive.dispose(),
  };
}
