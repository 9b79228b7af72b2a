/**
 * Style codes of drawn latents, on the host: what statistics are made of and what channels are probed on.
 *
 * Latents come from core's streams: number i of a stream is a function of the seed and i alone. `train` is probed and
 * counted, `validation` chooses strengths, `heldOut` is reported.
 */
import {
  disposeAll,
  flatWidth,
  flattenStyles,
  sampledLatents,
  styles,
  styleSlots,
  type Device,
  type LatentStream,
  type Networks,
  type WPlus,
} from '@styleclip/core';

/** Latents whose styles are computed at once. */
const BATCH = 200;

export interface StyleSource {
  /** Columns of a flat style code, toRGB counted. */
  readonly width: number;
  /** Codes `from … from+count-1` of a stream, [count,width] row-major, toRGB counted. */
  styles(stream: LatentStream, from: number, count: number): Promise<Float32Array>;
  /** The latents themselves [count,L,D]. The caller disposes them. */
  latents(stream: LatentStream, from: number, count: number): Promise<WPlus>;
  dispose(): Promise<void>;
}

/** Opens the style codes of z ~ N(0, I), one w for all layers. */
export function openStyleSource(
  { generator, layerGroups }: Pick<Networks, 'generator' | 'layerGroups'>,
  device: Device,
  { seed, truncation }: { seed: number; truncation: number },
): StyleSource {
  const source = sampledLatents(generator, device, layerGroups, { seed, truncation, mixing: 0 });
  const width = flatWidth(styleSlots(generator));
  const toStyles = device.compile((wPlus: WPlus) => flattenStyles(styles(generator, wPlus)), { name: 'styles' });
  return {
    width,
    async styles(stream, from, count) {
      const flat = new Float32Array(count * width);
      for (let done = 0; done < count; done += BATCH) {
        const wPlus = await source.rows(stream, from + done, Math.min(BATCH, count - done));
        const code = await toStyles(wPlus);
        flat.set(await code.data<'float32'>(), done * width);
        disposeAll(wPlus, code);
      }
      return flat;
    },
    latents: (stream, from, count) => source.rows(stream, from, count),
    async dispose() {
      await Promise.all([source.dispose(), toStyles.dispose()]);
    },
  };
}
