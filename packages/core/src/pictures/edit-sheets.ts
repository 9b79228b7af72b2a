/**
 * Before/after sheets of an edit that is still being learned: the same latents, time after time, above their edits.
 */
import type { Device } from '../experiment/device.js';
import { disposeAll, type TensorTree } from '../tensors/weights.js';
import { tf } from '../tensors/tf.js';
import { grid } from './image-grid.js';

/** Pictures are enlarged to about this many pixels, by a whole factor. */
const SHOWN_SIDE = 128;

/** What sheets are made of: latents, and functions that draw them, traced for the device. */
export interface SheetOptions<Parameters extends TensorTree> {
  /** [N,L,D]; the sheets take them over. */
  latents: tf.Tensor3D;
  /** Pictures [N,R,R,3] before the edit. */
  before: (latents: tf.Tensor3D) => tf.Tensor4D;
  /** Pictures [N,R,R,3] after it. */
  after: (parameters: Parameters, latents: tf.Tensor3D) => tf.Tensor4D;
}

/** Draws sheets of an edit as it stands. */
export interface EditSheets<Parameters extends TensorTree> {
  /** PNG bytes: one row before, one row after. */
  draw(parameters: Parameters): Promise<Buffer>;
  dispose(): Promise<void>;
}

/** Opens sheets; the pictures before are rendered once. */
export async function openEditSheets<Parameters extends TensorTree>(
  device: Device,
  { latents, before, after }: SheetOptions<Parameters>,
): Promise<EditSheets<Parameters>> {
  const renderSources = device.compile(before, { name: 'render' });
  const sources = await renderSources(latents); // [N,R,R,3]
  await renderSources.dispose();
  const renderEdits = device.compile(after, { name: 'render-edits' });
  const [columns, side] = sources.shape;
  return {
    async draw(parameters) {
      const edits = await renderEdits(parameters, latents);
      const both = tf.concat([sources, edits]) as tf.Tensor4D;
      const png = await grid(both, { columns, zoom: Math.max(1, Math.round(SHOWN_SIDE / side)) });
      disposeAll(edits, both);
      return png;
    },
    async dispose() {
      await renderEdits.dispose();
      disposeAll(sources, latents);
    },
  };
}
