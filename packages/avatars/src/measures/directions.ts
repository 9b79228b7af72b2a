/**
 * Whether directions can be found in the generator's style space, and what they do.
 *
 * *Oracle*: the mean style of latents that show a value minus the mean style of all, the best a linear direction can know.
 * It is a measure of the generator alone. *Finite differences*: the paper's way for a prompt (StyleCLIP section 6, eq. 7),
 * with few pictures: every style channel is moved by ±5σ, CLIP's change is that channel's direction, and the channels
 * whose direction agrees with the prompt's are moved together.
 *
 *     Δt = E(target) − E(neutral), unit      R_c = ⟨Δi_c, Δt⟩      Δs_c = R_c / max|R| · σ_c for the k largest |R|, else 0
 *
 * Strength α, and k, are those that score best (hit − 2·leak) on 64 latents; what is reported comes from 200 others.
 * Styles of toRGB are never touched.
 */
import {
  clipFeatures,
  disposeAll,
  flattenStyles,
  normals,
  openDevice,
  Random,
  readAttributes,
  styles,
  styleSlots,
  synthesize,
  templateFeatures,
  tf,
  unflattenStyles,
  unitRows,
  broadcastW,
  generatorSize,
  mapping,
  type ClipInput,
  type Compiled,
  type Weights,
  type Z,
} from '@styleclip/core';
import { FACTORS, sampleAvatar, valueIndex, type Avatar, type FactorName } from '../factors.js';
import { visible } from '../visible.js';

/** Hit and leak (both shares) of a direction on held-out latents, and how it was applied. */
export interface DirectionScore {
  readonly hit: number;
  readonly leak: number;
  /** Share of latents that show the value unedited. */
  readonly hitBefore: number;
  readonly alpha: number;
  /** Channels moved. */
  readonly channels: number;
}

/** What a prompt asks for, as the configurations say it. */
export interface AskedPrompt {
  readonly prompt: string;
  readonly neutral: string;
  readonly factor: FactorName;
  readonly values: readonly string[];
}

export interface DirectionsMeasure {
  /** By factor and value. */
  readonly oracle: Readonly<Record<string, Readonly<Record<string, DirectionScore>>>>;
  /** By prompt. */
  readonly finiteDifferences: Readonly<Record<string, DirectionScore>>;
}

export interface MeasureDirectionsOptions {
  readonly prompts: readonly AskedPrompt[];
  /** Factors whose values get an oracle. */
  readonly factors?: readonly FactorName[];
  /** Pictures that each channel is probed on. */
  readonly images?: number;
  readonly heldOut?: number;
  readonly tuning?: number;
  readonly threads?: number;
  readonly device?: string;
  readonly log?: (line: string) => void;
}

export const DIRECTION_FACTORS: readonly FactorName[] = [
  'hair',
  'hairColor',
  'glasses',
  'beard',
  'mouth',
  'brows',
  'eyes',
];

/** Latents behind σ and the mean styles. */
const STATISTICS = 3000;
const BATCH = 40;
const AMPLITUDE = 5;
const COUNTS = [2, 4, 8, 12, 20, 32, 50, 80];
const ALPHAS = [0.5, 1, 1.5, 2, 3, 4, 6, 8, 12];
const ORACLE_ALPHAS = [0.5, 0.75, 1, 1.25, 1.5, 2, 2.5];

type Networks = { generator: Weights; clip: Weights; clipInput: ClipInput; probe: Weights };

export async function measureDirections(
  { generator, clip, clipInput, probe }: Networks,
  options: MeasureDirectionsOptions,
): Promise<DirectionsMeasure> {
  const {
    prompts,
    factors = DIRECTION_FACTORS,
    images = 8,
    heldOut = 200,
    tuning = 64,
    log = () => undefined,
  } = options;
  const device = await openDevice(options.device ?? 'cpu', { threads: options.threads ?? 1 });
  const toStyles = device.compile(
    (z: Z) => {
      const code = styles(generator, broadcastW(mapping(generator, z), generatorSize(generator).layers));
      return { flat: flattenStyles(code, { toRGB: false }), rgb: code.filter((s) => s.toRGB).map((s) => s.style) };
    },
    { name: 'styles' },
  );
  const draw = (flat: tf.Tensor2D, z: Z) => {
    const base = styles(generator, broadcastW(mapping(generator, z), generatorSize(generator).layers));
    return synthesize(generator, unflattenStyles(generator, flat, base), { noise: 'stored' });
  };
  const read = device.compile(
    (flat: tf.Tensor2D, z: Z) => {
      const logits = readAttributes(probe, draw(flat, z));
      return FACTORS.map(({ name }) => tf.argMax(logits[name]!, 1));
    },
    { name: 'read-styles' },
  );
  const encode = device.compile(
    (flat: tf.Tensor2D, z: Z) => unitRows(clipFeatures(clip, draw(flat, z), { input: clipInput })),
    { name: 'encode-styles' },
  );
  try {
    const space = await sampleStyles('statistics', STATISTICS);
    const readings = await readAll(space, undefined);
    const { std, mean } = momentsOf(space.flat, space.width);
    const tune = await sampleStyles('tuning', tuning);
    const test = await sampleStyles('held-out', heldOut);
    const [tuneBefore, testBefore] = [await readAll(tune, undefined), await readAll(test, undefined)];

    /** Chooses among candidates on the tuning latents, and scores the chosen one on the held-out ones. */
    const score = async (
      factor: FactorName,
      values: readonly number[],
      candidates: readonly { direction: Float32Array; alpha: number; channels: number }[],
    ): Promise<DirectionScore> => {
      const ignore = hiddenBy(factor, values);
      let best = candidates[0]!;
      let most = -Infinity;
      for (const candidate of candidates) {
        const after = await readAll(tune, candidate);
        const { hit, leak } = count(tuneBefore, after, { factor, values, ignore });
        if (hit - 2 * leak > most) [best, most] = [candidate, hit - 2 * leak];
      }
      const scored = count(testBefore, await readAll(test, best), { factor, values, ignore });
      return { ...scored, alpha: best.alpha, channels: best.channels };
    };

    const oracle: Record<string, Record<string, DirectionScore>> = {};
    for (const name of factors) {
      oracle[name] = {};
      for (const [value, label] of FACTORS.find((f) => f.name === name)!.values.entries()) {
        const rows = readings.flatMap((avatar, n) => (avatar[name] === value && visible(avatar, name) ? [n] : []));
        const direction = difference(space, rows, mean);
        const scored = await score(
          name,
          [value],
          ORACLE_ALPHAS.map((alpha) => ({ direction, alpha, channels: space.width })),
        );
        oracle[name][label] = scored;
        log(`oracle ${name} ${label}: hit ${scored.hit.toFixed(3)} leak ${scored.leak.toFixed(3)} (α ${scored.alpha})`);
      }
    }

    const finiteDifferences: Record<string, DirectionScore> = {};
    if (prompts.length > 0) {
      const relevance = await probeChannels(await sampleStyles('probes', images), std);
      for (const { prompt, neutral, factor, values } of prompts) {
        const relevant = agreement(relevance, textStep(clip, neutral, prompt));
        const candidates = COUNTS.flatMap((channels) => {
          const direction = strongest(relevant, std, channels);
          return ALPHAS.map((alpha) => ({ direction, alpha, channels }));
        });
        const scored = await score(
          factor,
          values.map((value) => valueIndex(factor, value as never)),
          candidates,
        );
        finiteDifferences[prompt] = scored;
        log(
          `"${prompt}": hit ${scored.hit.toFixed(3)} leak ${scored.leak.toFixed(3)} (α ${scored.alpha}, ${scored.channels} channels)`,
        );
      }
    }
    return { oracle, finiteDifferences };
  } finally {
    await Promise.all([toStyles.dispose(), read.dispose(), encode.dispose()]);
  }

  /** Styles [count, width] of z ~ N(0, I), on the host. */
  async function sampleStyles(stream: string, count: number): Promise<Sample> {
    const width = styleSlots(generator, { toRGB: false }).reduce((sum, { channels }) => sum + channels, 0);
    const { zDim } = generatorSize(generator);
    const flat = new Float32Array(count * width);
    const zs: tf.Tensor2D[] = [];
    for (let from = 0; from < count; from += BATCH) {
      const z = normals(new Random(`directions ${stream} ${from}`), [Math.min(BATCH, count - from), zDim]) as Z;
      const made = await toStyles(z);
      flat.set(await made.flat.data(), from * width);
      disposeAll(made);
      zs.push(z);
    }
    return { flat, width, count, zs };
  }

  /** What the probe reads, with a direction added or without. */
  async function readAll(
    sample: Sample,
    edit: { direction: Float32Array; alpha: number } | undefined,
  ): Promise<Avatar[]> {
    const avatars: Avatar[] = [];
    for (const [i, z] of sample.zs.entries()) {
      const flat = edited(sample, i, edit);
      const columns = await read(flat, z);
      const values = await Promise.all(columns.map((column) => column.data()));
      for (let n = 0; n < z.shape[0]; n++)
        avatars.push(Object.fromEntries(FACTORS.map(({ name }, f) => [name, values[f]![n]!])) as Avatar);
      disposeAll(flat, columns);
    }
    return avatars;
  }

  /** Unit direction of every channel in CLIP's space, [width, E]. */
  async function probeChannels(sample: Sample, std: Float32Array): Promise<{ rows: Float32Array; length: number }> {
    const z = sample.zs[0]!;
    const n = z.shape[0];
    let rows: Float32Array | undefined;
    let length = 0;
    const features = async (channel: number, sign: number): Promise<Float32Array> => {
      const flat = sample.flat.slice();
      for (let i = 0; i < n; i++) flat[i * sample.width + channel]! += sign * AMPLITUDE * std[channel]!;
      const tensor = tf.tensor2d(flat, [n, sample.width]);
      const encoded = await encode(tensor, z);
      const values = (await encoded.data()) as Float32Array;
      length = encoded.shape[1];
      disposeAll(tensor, encoded);
      return values;
    };
    for (let channel = 0; channel < sample.width; channel++) {
      const [up, down] = [await features(channel, 1), await features(channel, -1)];
      rows ??= new Float32Array(sample.width * length);
      const sum = new Float32Array(length);
      for (let i = 0; i < n; i++) {
        const step = up.slice(i * length, (i + 1) * length).map((x, k) => x - down[i * length + k]!);
        const size = Math.hypot(...step) || 1;
        step.forEach((x, k) => (sum[k]! += x / size));
      }
      const size = Math.hypot(...sum) || 1;
      rows.set(
        sum.map((x) => x / size),
        channel * length,
      );
    }
    return { rows: rows!, length };
  }
}

interface Sample {
  /** [count, width] */
  readonly flat: Float32Array;
  readonly width: number;
  readonly count: number;
  /** Batches of z, in the order of the rows. */
  readonly zs: readonly tf.Tensor2D[];
}

/** Batch `i` of a sample with α times a direction added to each row. */
function edited(
  { flat, width, zs }: Sample,
  i: number,
  edit: { direction: Float32Array; alpha: number } | undefined,
): tf.Tensor2D {
  const from = zs.slice(0, i).reduce((sum, z) => sum + z.shape[0], 0);
  const count = zs[i]!.shape[0];
  const rows = flat.slice(from * width, (from + count) * width);
  if (edit) for (let k = 0; k < rows.length; k++) rows[k]! += edit.alpha * edit.direction[k % width]!;
  return tf.tensor2d(rows, [count, width]);
}

function momentsOf(flat: Float32Array, width: number): { mean: Float64Array; std: Float32Array } {
  const count = flat.length / width;
  const mean = new Float64Array(width);
  const square = new Float64Array(width);
  flat.forEach((x, k) => (mean[k % width]! += x / count));
  flat.forEach((x, k) => (square[k % width]! += (x - mean[k % width]!) ** 2 / count));
  return { mean, std: Float32Array.from(square, Math.sqrt) };
}

/** Mean style of some rows minus the mean of all. */
function difference({ flat, width }: Sample, rows: readonly number[], mean: Float64Array): Float32Array {
  return Float32Array.from(
    mean,
    (all, c) => rows.reduce((sum, n) => sum + flat[n * width + c]!, 0) / Math.max(1, rows.length) - all,
  );
}

/** Unit step from one text to another, [E], averaged over CLIP's templates. */
function textStep(clip: Weights, neutral: string, target: string): Float32Array {
  return tf.tidy(() =>
    unitRows(tf.sub(templateFeatures(clip, target), templateFeatures(clip, neutral)) as tf.Tensor2D)
      .dataSync<'float32'>()
      .slice(),
  );
}

/** R: the cosine of each channel's direction with a text's. */
function agreement({ rows, length }: { rows: Float32Array; length: number }, text: Float32Array): Float32Array {
  return Float32Array.from({ length: rows.length / length }, (_, c) =>
    text.reduce((sum, x, k) => sum + x * rows[c * length + k]!, 0),
  );
}

/** Δs: the `count` channels of largest |R|, the largest at ±σ. */
function strongest(relevant: Float32Array, std: Float32Array, count: number): Float32Array {
  const order = Array.from(relevant.keys()).sort((a, b) => Math.abs(relevant[b]!) - Math.abs(relevant[a]!));
  const largest = Math.abs(relevant[order[0]!]!) || 1;
  const direction = new Float32Array(relevant.length);
  for (const c of order.slice(0, count)) direction[c] = (relevant[c]! / largest) * std[c]!;
  return direction;
}

/** Factors that the asked values hide on an avatar that shows them otherwise; what the probe guesses there says nothing. */
export function hiddenBy(factor: FactorName, values: readonly number[]): FactorName[] {
  const random = new Random('hidden');
  const hidden = new Set<FactorName>();
  for (let i = 0; i < 200; i++) {
    const avatar = sampleAvatar(random);
    for (const value of values)
      for (const { name } of FACTORS)
        if (name !== factor && visible(avatar, name) && !visible({ ...avatar, [factor]: value }, name))
          hidden.add(name);
  }
  return [...hidden];
}

/** Hit and leak as train-mapper counts them. */
function count(
  before: readonly Avatar[],
  after: readonly Avatar[],
  { factor, values, ignore }: { factor: FactorName; values: readonly number[]; ignore: readonly FactorName[] },
): { hit: number; leak: number; hitBefore: number } {
  const share = (holds: (n: number) => boolean): number =>
    before.filter((_, n) => holds(n)).length / Math.max(1, before.length);
  const others = FACTORS.map(({ name }) => name).filter((name) => name !== factor && !ignore.includes(name));
  const leaks = others.map((name) => share((n) => before[n]![name] !== after[n]![name]));
  return {
    hit: share((n) => values.includes(after[n]![factor])),
    hitBefore: share((n) => values.includes(before[n]![factor])),
    leak: leaks.reduce((sum, leak) => sum + leak, 0) / Math.max(1, leaks.length),
  };
}
