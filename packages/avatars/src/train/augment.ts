/**
 * Small, seeded picture augmentations for the trainings of the embedded networks.
 *
 * The networks are trained on clean renders but read pictures of a generator, which are a little soft, a little noisy
 * and a little displaced. So every training picture is shifted by a few pixels (edges repeated), sometimes blurred by a
 * [k, 1-2k, k] kernel along both axes, and gets Gaussian noise. Colours are facts in this world (hair, skin, clothes),
 * so hue and contrast are left alone. Works on plain arrays, on the host; the compiled step only sees the result.
 */
import type { Random } from '@styleclip/core';

export interface Augmentation {
  /** Largest shift along each axis, in pixels. */
  readonly shift: number;
  /** Share of pictures that are blurred; k is uniform in [0, 0.25]. */
  readonly blur: number;
  /** Largest standard deviation of the noise, in units of the range [-1,1]; each picture draws its own. */
  readonly noise: number;
}

export const NO_AUGMENTATION: Augmentation = { shift: 0, blur: 0, noise: 0 };

const NOISE_TABLE_SIZE = 1 << 18;

/** Draws augmented float pictures out of 8-bit ones. */
export class Augmenter {
  private readonly options: Augmentation;
  private readonly size: number;
  private readonly scratch: Float32Array;
  /** Normals are drawn once; a picture starts reading them at a random place. */
  private readonly noise: Float32Array;

  constructor(size: number, options: Augmentation, random: Random) {
    this.size = size;
    this.options = options;
    this.scratch = new Float32Array(size * size * 3);
    this.noise = new Float32Array(options.noise > 0 ? NOISE_TABLE_SIZE : 0);
    for (let i = 0; i < this.noise.length; i++) this.noise[i] = random.normal();
  }

  /**
   * Writes one augmented picture.
   * @param source size·size·3 bytes, RGB
   * @param target where size·size·3 floats around [-1,1] go, from `offset` on
   */
  write(source: Uint8Array, target: Float32Array, offset: number, random: Random): void {
    const { shift, blur, noise } = this.options;
    const picture = target.subarray(offset, offset + source.length);
    const dx = shift > 0 ? random.int(2 * shift + 1) - shift : 0;
    const dy = shift > 0 ? random.int(2 * shift + 1) - shift : 0;
    this.shifted(source, picture, dx, dy);
    if (blur > 0 && random.uniform() < blur) {
      const k = 0.25 * random.uniform();
      this.smooth(picture, this.scratch, 3, k);
      this.smooth(this.scratch, picture, 3 * this.size, k);
    }
    if (noise > 0) {
      const sigma = noise * random.uniform();
      const start = random.int(NOISE_TABLE_SIZE);
      for (let i = 0; i < picture.length; i++) picture[i]! += sigma * this.noise[(start + i) & (NOISE_TABLE_SIZE - 1)]!;
    }
  }

  /** Bytes to [-1,1], moved by (dx, dy); what comes in from outside repeats the edge. */
  private shifted(source: Uint8Array, target: Float32Array, dx: number, dy: number): void {
    const last = this.size - 1;
    let o = 0;
    for (let y = 0; y <= last; y++) {
      const row = Math.min(last, Math.max(0, y - dy)) * this.size;
      for (let x = 0; x <= last; x++) {
        const i = (row + Math.min(last, Math.max(0, x - dx))) * 3;
        target[o++] = source[i]! / 127.5 - 1;
        target[o++] = source[i + 1]! / 127.5 - 1;
        target[o++] = source[i + 2]! / 127.5 - 1;
      }
    }
  }

  /** One pass of [k, 1-2k, k] along the axis with this stride; the ends of the array keep their values. */
  private smooth(from: Float32Array, to: Float32Array, stride: number, k: number): void {
    const n = from.length;
    to.set(from);
    for (let i = stride; i < n - stride; i++)
      to[i] = (1 - 2 * k) * from[i]! + k * (from[i - stride]! + from[i + stride]!);
  }
}
