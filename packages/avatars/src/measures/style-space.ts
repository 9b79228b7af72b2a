/**
 * The generator's style space as a measure needs it: samples of flat style codes, what the probe reads and what CLIP sees
 * of them when something is added. Styles of toRGB are those of the latent and never touched.
 */
import {
  broadcastW,
  clipFeatures,
  disposeAll,
  flatWidth,
  flattenStyles,
  generatorSize,
  mapping,
  normals,
  openTextFeatures,
  Random,
  readAttributes,
  styles,
  styleSlots,
  synthesize,
  tf,
  toRgbImages,
  unflattenStyles,
  unitRows,
  type ClipInput,
  type Device,
  type Readings,
  type RgbImage,
  type Weights,
  type Z,
} from '@styleclip/core';
import { FACTORS } from '../factors.js';

/** Latents at once. */
const BATCH = 40;

/** Latents with their styles, on the host. */
export interface StyleSample {
  /** [count, width], toRGB left out. */
  readonly flat: Float32Array;
  readonly width: number;
  readonly count: number;
  /** z of consecutive rows, [≤40, zDim] each. */
  readonly latents: readonly Z[];
}

/** Something to add to every style code: α · direction. */
export interface StyleEdit {
  readonly direction: Float32Array;
  readonly alpha: number;
}

export interface StyleSpace {
  /** Channels, toRGB left out. */
  readonly width: number;
  /** Styles of z ~ N(0, I); the same for the same stream. The caller disposes `latents`. */
  sample(stream: string, count: number): Promise<StyleSample>;
  /** Pictures of a sample. */
  draw(sample: StyleSample, edit?: StyleEdit): Promise<RgbImage[]>;
  /** What the probe reads. */
  read(sample: StyleSample, edit?: StyleEdit): Promise<Readings>;
  /** Unit CLIP features [count, E] of a sample whose styles are replaced by `flat`. */
  encode(sample: StyleSample, flat: Float32Array): Promise<{ features: Float32Array; length: number }>;
  /** Unit step from one text to another, [E], each averaged over CLIP's templates. */
  textStep(from: string, to: string): Promise<Float32Array>;
  dispose(): Promise<void>;
}

export interface StyleNetworks {
  readonly generator: Weights;
  readonly clip: Weights;
  readonly clipInput: ClipInput;
  readonly probe: Weights;
}

export function openStyleSpace({ generator, clip, clipInput, probe }: StyleNetworks, device: Device): StyleSpace {
  const { layers, zDim } = generatorSize(generator);
  const width = flatWidth(styleSlots(generator, { toRGB: false }));
  const code = (z: Z) => styles(generator, broadcastW(mapping(generator, z), layers));
  const pictures = (flat: tf.Tensor2D, z: Z) =>
    synthesize(generator, unflattenStyles(generator, flat, code(z)), { noise: 'stored' });
  const draw = device.compile(pictures, { name: 'draw-styles' });
  /** The styles of each batch of latents, moved by the edit. */
  const batches = function* ({ flat, latents }: StyleSample, edit?: StyleEdit): Generator<[tf.Tensor2D, Z]> {
    let from = 0;
    for (const z of latents) {
      const rows = flat.slice(from * width, (from += z.shape[0]) * width);
      if (edit) for (let k = 0; k < rows.length; k++) rows[k]! += edit.alpha * edit.direction[k % width]!;
      yield [tf.tensor2d(rows, [z.shape[0], width]), z];
    }
  };
  const toStyles = device.compile((z: Z) => flattenStyles(code(z), { toRGB: false }), { name: 'styles' });
  const read = device.compile(
    (flat: tf.Tensor2D, z: Z) => {
      const logits = readAttributes(probe, pictures(flat, z));
      return Object.fromEntries(FACTORS.map(({ name }): [string, tf.Tensor] => [name, tf.argMax(logits[name]!, 1)]));
    },
    { name: 'read-styles' },
  );
  const encode = device.compile(
    (flat: tf.Tensor2D, z: Z) => unitRows(clipFeatures(clip, pictures(flat, z), { input: clipInput })),
    { name: 'encode-styles' },
  );
  const texts = openTextFeatures(device, clip);
  return {
    width,
    async sample(stream, count) {
      const flat = new Float32Array(count * width);
      const latents: Z[] = [];
      for (let from = 0; from < count; from += BATCH) {
        const z = normals(new Random(`styles ${stream} ${from}`), [Math.min(BATCH, count - from), zDim]) as Z;
        const made = await toStyles(z);
        flat.set(await made.data(), from * width);
        made.dispose();
        latents.push(z);
      }
      return { flat, width, count, latents };
    },
    async draw(sample, edit) {
      const drawn: RgbImage[] = [];
      for (const [flat, z] of batches(sample, edit)) {
        const images = await draw(flat, z);
        drawn.push(...(await toRgbImages(images)));
        disposeAll(flat, images);
      }
      return drawn;
    },
    async read(sample, edit) {
      const readings: Record<string, number[]> = {};
      for (const [flat, z] of batches(sample, edit)) {
        const columns = await read(flat, z);
        for (const [name, column] of Object.entries(columns)) (readings[name] ??= []).push(...(await column.data()));
        disposeAll(flat, columns);
      }
      return readings;
    },
    async encode(sample, flat) {
      const parts: Float32Array[] = [];
      let length = 0;
      for (const [rows, z] of batches({ ...sample, flat })) {
        const encoded = await encode(rows, z);
        parts.push((await encoded.data()) as Float32Array);
        length = encoded.shape[1];
        disposeAll(rows, encoded);
      }
      const features = new Float32Array(sample.count * length);
      parts.reduce((offset, part) => (features.set(part, offset), offset + part.length), 0);
      return { features, length };
    },
    async textStep(from, to) {
      const [before, after] = [await texts.of(from), await texts.of(to)];
      return toUnit(after.map((x, k) => x - before[k]!));
    },
    async dispose() {
      await Promise.all([draw.dispose(), toStyles.dispose(), read.dispose(), encode.dispose(), texts.dispose()]);
    },
  };
}

function toUnit(vector: Float32Array): Float32Array {
  const size = Math.hypot(...vector) || 1;
  return vector.map((x) => x / size);
}
