/**
 * The pictures of an optimization, and its codes as files hold them: drawn in batches of one size by one compiled function.
 */
import { disposeAll, flattenStyles, render, tf, toRgbImages, type RgbImage, type WPlus } from '@styleclip/core';
import type { Prepared } from './prepare.js';
import { indexBatches } from './rows.js';

export interface Drawn {
  pictures: RgbImage[];
  /** Where it was asked for: whole style codes, toRGB too, [N,S]. The caller disposes it. */
  styles?: tf.Tensor2D;
}

export interface Drawer {
  /** Pictures of free numbers [N,…] that began as `start` [N,L,D]. */
  draw(codes: tf.Tensor, start: WPlus, options?: { styles?: boolean }): Promise<Drawn>;
  dispose(): Promise<void>;
}

/** Makes the generator ready to draw as many pictures at once as are moved at once. */
export function openDrawer({ device, networks, space, batch: size }: Prepared): Drawer {
  const compiled = device.compile(
    (free: tf.Tensor, start: WPlus) => {
      const code = space.code(free, start);
      return {
        image: render(networks.generator, code), // [N,R,R,3]
        ...(!(code instanceof tf.Tensor) && { flat: flattenStyles(code) }),
      };
    },
    { name: 'draw' },
  );
  return {
    async draw(codes, start, { styles = false } = {}) {
      const count = codes.shape[0]!;
      const pictures: RgbImage[] = [];
      const flats: tf.Tensor2D[] = [];
      for (const { rows, padding } of indexBatches(count, size)) {
        const indices = tf.tensor1d(rows, 'int32');
        const [some, starts] = [tf.gather(codes, indices), tf.gather(start, indices)];
        const { image, flat } = await compiled(some, starts);
        pictures.push(...(await toRgbImages(image)).filter((_, i) => !padding[i]));
        if (flat && styles) flats.push(flat);
        else disposeAll(flat);
        disposeAll(indices, some, starts, image);
      }
      if (flats.length === 0) return { pictures };
      const whole = tf.tidy(() => tf.concat(flats).slice(0, count));
      disposeAll(flats);
      return { pictures, styles: whole };
    },
    dispose: () => compiled.dispose(),
  };
}
