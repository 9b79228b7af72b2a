/**
 * Pictures of edited styles, and what the networks make of them, compiled once: for strengths that are tried, sheets and grids.
 */
import {
  disposeAll,
  flattenStyles,
  identityFeatures,
  styles,
  synthesize,
  tf,
  unflattenStyles,
  unitRows,
  clipFeatures,
  type Device,
  type Networks,
  type WPlus,
} from '@styleclip/core';

/** What is seen of pictures: unit rows on the host. */
export interface Seen {
  readonly count: number;
  /** [count,E] */
  readonly clip: Float32Array;
  /** [count,F]; absent where the bundle has no identity network. */
  readonly face?: Float32Array;
}

/** Edits latents by directions and looks. */
export interface Trial {
  /** What the networks see of W+ codes [N,L,D] whose styles were moved by `direction` [channels]. */
  see(wPlus: WPlus, direction: Float32Array): Promise<Seen>;
  /** The pictures [N,R,R,3]. The caller disposes them. */
  draw(wPlus: WPlus, direction: Float32Array): Promise<tf.Tensor4D>;
  dispose(): Promise<void>;
}

/**
 * The picture of W+ codes [N,L,D] whose styles are moved by a direction [1,channels], toRGB left alone. To be traced.
 * @returns [N,R,R,3]
 */
export function renderMoved(generator: Networks['generator'], wPlus: WPlus, direction: tf.Tensor2D): tf.Tensor4D {
  const code = styles(generator, wPlus);
  const moved = tf.add(flattenStyles(code, { toRGB: false }), direction) as tf.Tensor2D;
  return synthesize(generator, unflattenStyles(generator, moved, code), { noise: 'stored' });
}

/** Opens it. Graphs are made when they are first used. */
export function openTrial({ generator, clip, clipInput, identity }: Networks, device: Device): Trial {
  const seeing = device.compile(
    (wPlus: WPlus, direction: tf.Tensor2D) => {
      const image = renderMoved(generator, wPlus, direction);
      const seen = { clip: unitRows(clipFeatures(clip, image, { input: clipInput })) };
      return identity ? { ...seen, face: identityFeatures(identity.weights, image, identity.input) } : seen;
    },
    { name: 'see-edit' },
  );
  const drawing = device.compile((wPlus: WPlus, direction: tf.Tensor2D) => renderMoved(generator, wPlus, direction), {
    name: 'draw-edit',
  });
  const asRow = (direction: Float32Array) => tf.tensor2d(direction, [1, direction.length]);
  return {
    async see(wPlus, direction) {
      const row = asRow(direction);
      const seen: { clip: tf.Tensor2D; face?: tf.Tensor2D } = await seeing(wPlus, row);
      const result = {
        count: wPlus.shape[0],
        clip: (await seen.clip.data<'float32'>()).slice(),
        ...(seen.face && { face: (await seen.face.data<'float32'>()).slice() }),
      };
      disposeAll(row, seen);
      return result;
    },
    async draw(wPlus, direction) {
      const row = asRow(direction);
      const image = await drawing(wPlus, row);
      row.dispose();
      return image;
    },
    async dispose() {
      await Promise.all([seeing.dispose(), drawing.dispose()]);
    },
  };
}
