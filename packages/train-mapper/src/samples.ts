/**
 * Before/after sheets: the first held-out latents, always the same, above their edits.
 */
import { applyMapper, disposeAll, grid, tf, type Device, type Weights } from '@styleclip/core';
import type { TrainMapperConfig } from './config.js';
import type { Models } from './models.js';
import { mapperOptions, render } from './objective.js';

/** Pictures are enlarged to about this many pixels, by a whole factor. */
const SHOWN_SIDE = 128;

/** Draws sheets of an edit as it stands. */
export interface Sheets {
  /** PNG bytes: one row before, one row after. */
  draw(mapper: Weights): Promise<Buffer>;
  dispose(): Promise<void>;
}

/** Sheets of these latents [N,L,D]; the pictures before are rendered once. Takes the latents over. */
export async function openSheets(
  models: Models,
  config: TrainMapperConfig,
  device: Device,
  latents: tf.Tensor3D,
): Promise<Sheets> {
  const renderSources = device.compile((wPlus: tf.Tensor3D) => render(models.generator, wPlus), { name: 'render' });
  const before = await renderSources(latents); // [N,R,R,3]
  await renderSources.dispose();
  const renderEdits = device.compile(
    (mapper: Weights, wPlus: tf.Tensor3D) =>
      render(models.generator, applyMapper(mapper, wPlus, mapperOptions(models, config))),
    { name: 'render-edits' },
  );
  const [columns, side] = before.shape;
  return {
    async draw(mapper) {
      const after = await renderEdits(mapper, latents);
      const both = tf.concat([before, after]) as tf.Tensor4D;
      const png = await grid(both, { columns, zoom: Math.max(1, Math.round(SHOWN_SIDE / side)) });
      disposeAll(after, both);
      return png;
    },
    async dispose() {
      await renderEdits.dispose();
      disposeAll(before, latents);
    },
  };
}
