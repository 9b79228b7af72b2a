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
 * Strength α, and k, are those that score best (hit − 2·leak) on 40 latents; what is reported comes from 200 others.
 * Styles of toRGB are never touched.
 */
import { disposeAll, Random, scoreEdit, type Device, type Readings } from '@styleclip/core';
import { FACTORS, sampleAvatar, valueIndex, type Avatar, type FactorName } from '../factors.js';
import { visible } from '../visible.js';
import { meanStep, momentsOf } from './style-moments.js';
import {
  openStyleSpace,
  type StyleEdit,
  type StyleNetworks,
  type StyleSample,
  type StyleSpace,
} from './style-space.js';

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
  /** Latents behind σ and the mean styles, those that choose a strength, and those that count. */
  readonly statistics?: number;
  readonly tuning?: number;
  readonly heldOut?: number;
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

const AMPLITUDE = 5;
const COUNTS = [3, 6, 12, 24, 48];
const ALPHAS = [1, 2, 3, 5, 8, 12];
const ORACLE_ALPHAS = [0.75, 1, 1.25, 1.5, 2];

export async function measureDirections(
  device: Device,
  networks: StyleNetworks,
  options: MeasureDirectionsOptions,
): Promise<DirectionsMeasure> {
  const { prompts, factors = DIRECTION_FACTORS, images = 8, log = () => undefined } = options;
  const { statistics = 2000, tuning = 40, heldOut = 200 } = options;
  const space = openStyleSpace(networks, device);
  const samples: StyleSample[] = [];
  const sample = async (stream: string, count: number): Promise<StyleSample> => {
    const drawn = await space.sample(stream, count);
    samples.push(drawn);
    return drawn;
  };
  try {
    const all = await sample('statistics', statistics);
    const { mean, std } = momentsOf(all);
    const tune = await sample('tuning', tuning);
    const test = await sample('held-out', heldOut);
    const [tuneBefore, testBefore] = [await space.read(tune), await space.read(test)];

    /** Chooses among candidates on the tuning latents, and scores the chosen one on the held-out ones. */
    const score = async (
      factor: FactorName,
      values: readonly number[],
      candidates: readonly (StyleEdit & { channels: number })[],
    ): Promise<DirectionScore> => {
      const ask = { factor, values, ignore: hiddenBy(factor, values) };
      let best = candidates[0]!;
      let most = -Infinity;
      for (const candidate of candidates) {
        const { hit, leak } = scoreEdit(tuneBefore, await space.read(tune, candidate), ask);
        if (hit - 2 * leak > most) [best, most] = [candidate, hit - 2 * leak];
      }
      const { hit, leak, hitBefore } = scoreEdit(testBefore, await space.read(test, best), ask);
      return { hit, leak, hitBefore, alpha: best.alpha, channels: best.channels };
    };

    const oracle: Record<string, Record<string, DirectionScore>> = {};
    const readings = factors.length > 0 ? avatarsOf(await space.read(all)) : [];
    for (const name of factors) {
      oracle[name] = {};
      for (const [value, label] of FACTORS.find((f) => f.name === name)!.values.entries()) {
        const rows = readings.flatMap((avatar, n) => (avatar[name] === value && visible(avatar, name) ? [n] : []));
        const direction = meanStep(all, rows, mean);
        const candidates = ORACLE_ALPHAS.map((alpha) => ({ direction, alpha, channels: space.width }));
        const scored = await score(name, [value], candidates);
        oracle[name][label] = scored;
        log(`oracle, ${name} ${label}: ${described(scored)}`);
      }
    }

    const finiteDifferences: Record<string, DirectionScore> = {};
    const relevance = prompts.length > 0 ? await probeChannels(space, await sample('probes', images), std) : undefined;
    for (const { prompt, neutral, factor, values } of relevance ? prompts : []) {
      const relevant = agreement(relevance!, await space.textStep(neutral, prompt));
      const candidates = COUNTS.flatMap((channels) => {
        const direction = strongest(relevant, std, channels);
        return ALPHAS.map((alpha) => ({ direction, alpha, channels }));
      });
      const indices = values.map((value) => valueIndex(factor, value as never));
      const scored = await score(factor, indices, candidates);
      finiteDifferences[prompt] = scored;
      log(`"${prompt}": ${described(scored)}`);
    }
    return { oracle, finiteDifferences };
  } finally {
    await space.dispose();
    disposeAll(samples.flatMap(({ latents }) => latents));
  }
}

const described = ({ hit, leak, alpha, channels }: DirectionScore): string =>
  `hit ${hit.toFixed(3)}, leak ${leak.toFixed(3)} (α ${alpha}, ${channels} channels)`;

/** Readings as avatars, one a picture. */
function avatarsOf(readings: Readings): Avatar[] {
  const count = readings[FACTORS[0]!.name]!.length;
  return Array.from(
    { length: count },
    (_, n) => Object.fromEntries(FACTORS.map(({ name }) => [name, readings[name]![n]!])) as Avatar,
  );
}

/** The unit direction in CLIP's space of every channel, [width, E]: the mean over pictures of the unit change by ±5σ. */
async function probeChannels(
  space: StyleSpace,
  sample: StyleSample,
  std: Float32Array,
): Promise<{ rows: Float32Array; length: number }> {
  const rows: Float32Array[] = [];
  let length = 0;
  for (let channel = 0; channel < space.width; channel++) {
    const moved = async (sign: number): Promise<Float32Array> => {
      const flat = sample.flat.slice();
      for (let n = 0; n < sample.count; n++) flat[n * space.width + channel]! += sign * AMPLITUDE * std[channel]!;
      const encoded = await space.encode(sample, flat);
      length = encoded.length;
      return encoded.features;
    };
    const [up, down] = [await moved(1), await moved(-1)];
    const sum = new Float32Array(length);
    for (let n = 0; n < sample.count; n++) {
      const step = sum.map((_, k) => up[n * length + k]! - down[n * length + k]!);
      const size = Math.hypot(...step) || 1;
      step.forEach((x, k) => (sum[k]! += x / size));
    }
    const size = Math.hypot(...sum) || 1;
    rows.push(sum.map((x) => x / size));
  }
  const joined = new Float32Array(rows.length * length);
  rows.forEach((row, c) => joined.set(row, c * length));
  return { rows: joined, length };
}

/** R: the cosine of each channel's direction with a text's. */
function agreement({ rows, length }: { rows: Float32Array; length: number }, text: Float32Array): Float32Array {
  return Float32Array.from({ length: rows.length / length }, (_, c) =>
    text.reduce((sum, x, k) => sum + x * rows[c * length + k]!, 0),
  );
}

/** Δs: the `count` channels of largest |R|, the largest at ±σ. */
export function strongest(relevant: Float32Array, std: Float32Array, count: number): Float32Array {
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
