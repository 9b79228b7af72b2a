/**
 * Mean and standard deviation of every style channel: σ_c, the unit in which channels are moved (StyleCLIP §6; the official
 * GetCode.py keeps them as `S_mean_std`, over 100,000 latents).
 *
 * Latents are streamed, so any number of them takes the same memory. Sums are float64 and of distances from the first
 * code, so a large mean costs no digits. The standard deviation is the population's (numpy's ddof 0), as the original's.
 */
import {
  failure,
  readSafetensors,
  styleSlots,
  toFloats,
  writeSafetensors,
  type RawTensor,
  type StyleSlot,
  type Weights,
} from '@styleclip/core';
import type { StyleSource } from './style-source.js';

/** Of every channel, toRGB counted: flat as the slots say. */
export interface StyleStatistics {
  readonly mean: Float32Array;
  readonly std: Float32Array;
  readonly samples: number;
}

/** Codes that are drawn at once. */
const CHUNK = 1000;

/** Mean and standard deviation of rows that come piece by piece. */
export class Moments {
  private count = 0;
  private readonly origin: Float64Array;
  private readonly sum: Float64Array;
  private readonly squares: Float64Array;
  private readonly width: number;

  constructor(width: number) {
    this.width = width;
    [this.origin, this.sum, this.squares] = [0, 1, 2].map(() => new Float64Array(width)) as [
      Float64Array,
      Float64Array,
      Float64Array,
    ];
  }

  /** @param rows [n,width], row-major */
  add(rows: Float32Array): void {
    const { width, origin, sum, squares } = this;
    if (this.count === 0) origin.set(rows.subarray(0, width));
    for (let at = 0; at < rows.length; at += width) {
      for (let c = 0; c < width; c++) {
        const x = rows[at + c]! - origin[c]!;
        sum[c]! += x;
        squares[c]! += x * x;
      }
      this.count++;
    }
  }

  result(): StyleStatistics {
    const n = this.count;
    const mean = Float32Array.from(this.sum, (sum, c) => this.origin[c]! + sum / n);
    const std = Float32Array.from(this.squares, (square, c) =>
      Math.sqrt(Math.max(0, square / n - (this.sum[c]! / n) ** 2)),
    );
    return { mean, std, samples: n };
  }
}

/**
 * Counts over the first `samples` latents of the stream `train`.
 * @param tick called after each piece with the number of latents done
 */
export async function measureStatistics(
  source: StyleSource,
  samples: number,
  tick: (done: number) => void | Promise<void> = () => undefined,
): Promise<StyleStatistics> {
  const moments = new Moments(source.width);
  for (let from = 0; from < samples; from += CHUNK) {
    const count = Math.min(CHUNK, samples - from);
    moments.add(await source.styles('train', from, count));
    await tick(from + count);
  }
  return moments.result();
}

/** Writes them as `mean/<layer>` and `std/<layer>` [C] for every style layer, toRGB counted; whole or not at all. */
export async function saveStatistics(
  path: string,
  generator: Weights,
  { mean, std, samples }: StyleStatistics,
  about: Readonly<Record<string, string>>,
): Promise<void> {
  const tensors: Record<string, RawTensor> = {};
  for (const { name, offset, channels } of styleSlots(generator)) {
    const part = (values: Float32Array): RawTensor => ({
      dtype: 'F32',
      shape: [channels],
      data: values.slice(offset, offset + channels),
    });
    tensors[`mean/${name}`] = part(mean);
    tensors[`std/${name}`] = part(std);
  }
  await writeSafetensors(path, { tensors, metadata: { ...about, samples: String(samples) } });
}

/** Reads what `saveStatistics` wrote. @throws UserError when the file is of another generator, or something else */
export async function loadStatistics(path: string, generator: Weights): Promise<StyleStatistics> {
  const { tensors, metadata } = await readSafetensors(path);
  const slots = styleSlots(generator);
  const join = (what: 'mean' | 'std'): Float32Array => {
    const parts = slots.map((slot) => vector(tensors[`${what}/${slot.name}`], slot, path));
    return Float32Array.from(parts.flatMap((part) => [...part]));
  };
  return { mean: join('mean'), std: join('std'), samples: Number(metadata['samples'] ?? NaN) };
}

function vector(raw: RawTensor | undefined, { name, channels }: StyleSlot, path: string): Float32Array {
  if (raw === undefined || raw.shape.join() !== String(channels))
    throw failure(`${path}: not the statistics of this generator: ${name} must have ${channels} channels`);
  return toFloats(raw).data;
}
