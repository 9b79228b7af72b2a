/**
 * Zero-shot reading of renders with the bundle's CLIP: for each factor, one prompt per value; a picture is read as the
 * value whose prompt has the highest cosine. Only pictures on which the factor is visible count.
 *
 * Measured with the plainest prompt of training ("a person with purple hair"), and with paraphrases: wordings and
 * templates that training never used, several sets of them, the accuracies averaged. The first sets are what the goals
 * are about; the lists have grown since, and what was added is measured apart.
 */
import {
  encodeImage,
  encodeText,
  prepareForClip,
  tf,
  tokenTensor,
  unitRows,
  type Device,
  type Weights,
} from '@styleclip/core';
import { prompts } from '../captions.js';
import type { AvatarDataset } from '../dataset.js';
import { FACTORS, type Avatar, type FactorName } from '../factors.js';
import { TEMPLATES } from '../grammar.js';
import { FactorTally, type PerFactor } from './attributes.js';
import { inBatches } from './in-batches.js';

/** What the bundle says of its CLIP's input: pictures in [0,1] minus 0.5, divided by 0.5, are pictures in [-1,1]. */
export const CLIP_INPUT = { mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] } as const;

export interface ClipMeasure {
  /** Accuracy per factor with the plainest prompts. */
  readonly canonical: PerFactor;
  /** Accuracy per factor with wordings that were kept back. */
  readonly paraphrase: PerFactor;
  /** The same with the rest of them: later wordings in the lists, and less usual names of colours. */
  readonly further: PerFactor;
}

export interface ClipMeasureOptions {
  /** How many held-out pictures. */
  readonly count?: number;
  /** How many sets of paraphrases, and of further ones. */
  readonly paraphrases?: number;
  readonly furtherParaphrases?: number;
}

export async function measureClip(
  device: Device,
  clip: Weights,
  dataset: AvatarDataset,
  { count = dataset.count, paraphrases = 6, furtherParaphrases = 9 }: ClipMeasureOptions = {},
): Promise<ClipMeasure> {
  const heldOut = Array.from({ length: paraphrases + furtherParaphrases }, (_, k) => heldOutPrompts(k));
  const sets = [canonicalPrompts(), ...heldOut];
  const texts = [...new Set(sets.flatMap((set) => FACTORS.flatMap(({ name }) => set[name])))];
  const rows = await embedTexts(device, clip, texts);
  const embeddingOf = new Map(texts.map((text, i) => [text, rows[i]!]));

  const tallies = sets.map(() => new FactorTally());
  const size = dataset.size;
  const encode = device.compile(
    (images: tf.Tensor4D) => unitRows(encodeImage(clip, prepareForClip(images, { size, ...CLIP_INPUT }))),
    { name: 'clip-images' },
  );
  for await (const { indices, images } of inBatches(dataset, count)) {
    const embedded = await encode(images);
    const features = embedded.arraySync() as number[][];
    embedded.dispose();
    indices.forEach((index, n) => {
      sets.forEach((set, s) => tallies[s]!.add(dataset.factors(index), read(features[n]!, set, embeddingOf)));
    });
  }
  await encode.dispose();
  const [canonical, ...others] = tallies.map((tally) => tally.shares());
  return {
    canonical: canonical!,
    paraphrase: meanPerFactor(others.slice(0, paraphrases)),
    further: meanPerFactor(others.slice(paraphrases)),
  };
}

/** For each factor a prompt per value. */
type PromptSet = Readonly<Record<FactorName, readonly string[]>>;

function canonicalPrompts(): PromptSet {
  return perFactor(({ name, values }) => values.map((_, value) => prompts(name, value)[0]!));
}

/** Set k of the kept-back prompts: the k-th wording of each value; every second set wears a kept-back template. */
function heldOutPrompts(k: number): PromptSet {
  const templates = TEMPLATES['held-out'];
  const template = k % 2 === 1 ? templates[Math.floor(k / 2) % templates.length]! : '{}';
  return perFactor(({ name, values }) =>
    values.map((_, value) => {
      const wordings = prompts(name, value, 'held-out');
      return template.replace('{}', wordings[k % wordings.length]!);
    }),
  );
}

function perFactor<T>(make: (factor: (typeof FACTORS)[number]) => T): Record<FactorName, T> {
  return Object.fromEntries(FACTORS.map((factor) => [factor.name, make(factor)])) as Record<FactorName, T>;
}

/** Unit embeddings of texts, one row each. */
async function embedTexts(device: Device, clip: Weights, texts: readonly string[]): Promise<number[][]> {
  const encode = device.compile((tokens: tf.Tensor2D) => unitRows(encodeText(clip, tokens)), { name: 'clip-texts' });
  const tokens = tokenTensor(clip, texts, { length: 'longest' });
  const rows = await encode(tokens);
  const values = rows.arraySync() as number[][];
  tf.dispose([tokens, rows]);
  await encode.dispose();
  return values;
}

/** The value of each factor whose prompt is nearest to the picture. */
function read(feature: readonly number[], set: PromptSet, embeddingOf: ReadonlyMap<string, readonly number[]>): Avatar {
  return perFactor(({ name }) => {
    let best = 0;
    let highest = -Infinity;
    set[name].forEach((text, value) => {
      const embedding = embeddingOf.get(text)!;
      const cosine = feature.reduce((sum, x, i) => sum + x * embedding[i]!, 0);
      if (cosine > highest) [highest, best] = [cosine, value];
    });
    return best;
  });
}

function meanPerFactor(tables: readonly PerFactor[]): PerFactor {
  return perFactor(({ name }) => tables.reduce((sum, table) => sum + table[name], 0) / Math.max(1, tables.length));
}
