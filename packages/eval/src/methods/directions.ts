/**
 * Global directions (method 3 of the paper): a table of where each style channel leads, made once for all prompts; then, for each
 * prompt, which channels are moved and how far, tried on latents that nothing else uses. The step is the same for every picture.
 *
 * Without the table, by one backward pass a picture for each prompt, it is the baseline StyleMC (Kocasari et al., WACV 2022) in
 * all that matters here: a direction in style space from gradients alone.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { disposeAll, failure, tf, type DeviceChoice, type WPlus } from '@styleclip/core';
import {
  chooseStrength,
  openEditing,
  precompute,
  precomputeSchema,
  renderMoved,
  styleStep,
  type Editing,
  type PrecomputeSummary,
} from '@styleclip/directions';
import type { AskedPrompt } from '../prompts.js';
import type { Job, Outcomes } from '../jobs/job.js';
import { hashOf } from '../jobs/store.js';
import type { Workbench } from '../workbench.js';
import { findFinished } from './finished-run.js';
import type { Editor, MethodForPrompt, Places } from './method.js';

/** What the table's job leaves, beside the table. */
export interface RelevanceTable {
  dir: string;
  command: string;
  summary: PrecomputeSummary;
}

/** What a prompt's job leaves. */
export interface Direction {
  alpha: number;
  /** Channels that are moved. */
  channels: number;
  /** Least |relevance| among them. */
  beta: number;
  /** Δs of every channel, toRGB left out, α not multiplied in. */
  step: number[];
  /** Who chose the strength. */
  by: string;
}

export interface DirectionsOptions {
  bundle: string;
  device: DeviceChoice;
  threads: number;
  seed: number;
  truncation: number;
  /** Keys over the defaults of the measurement of the table. */
  overrides: Readonly<Record<string, unknown>>;
  bundleHashes: Readonly<Record<string, string>>;
  places: Places;
}

export const RELEVANCE_FILE = 'relevance.arrow';

/** Latents that strengths are tried on. */
const TUNING = 32;

/** The job that measures the table, or finds it measured. */
export function relevanceJob(options: DirectionsOptions): Job<RelevanceTable> {
  const { bundle, device, threads, seed, overrides, bundleHashes, places } = options;
  const config = precomputeSchema.parse({ bundle, device, threads, seed, ...overrides });
  const { device: _, threads: __, ...content } = config;
  const key = { version: 1, config: content, bundle: bundleHashes };
  return {
    id: 'directions/relevance',
    label: `measure where each style channel leads (${config.images} pictures)`,
    seconds: 3 * config.images,
    key,
    async run() {
      const root = join(places.store, 'runs', hashOf(key));
      const own = await findFinished('directions', config, places.runs);
      const { dir, summary } = own ?? (await precompute(config, { root, resume: true }));
      return {
        result: { dir, command: 'npx nx run directions:precompute', summary: summary as PrecomputeSummary },
        files: { [RELEVANCE_FILE]: await readFile(join(dir, RELEVANCE_FILE)) },
      };
    },
  };
}

/** Opens the method's own parts on a table; without one, on derivatives. */
export async function openDirections(
  options: DirectionsOptions,
  outcomes: Outcomes,
  table: Job<RelevanceTable> | undefined,
): Promise<Editing> {
  const { bundle, device, threads, seed, truncation } = options;
  const found = table && outcomes.of(table);
  if (table && !found) throw failure(`${table.id}: ${outcomes.whyNot(table)}`);
  return openEditing({
    ...{ bundle, device, threads, seed, truncation, templates: 'imagenet', weigh: 'magnitude', leastMagnitude: 0 },
    ...{ direct: !found, directImages: 64, relevance: found ? join(found.dir, RELEVANCE_FILE) : '' },
  });
}

/** The method for one prompt. @param table the table's job; without one it works by derivatives */
export function directionsMethod(
  prompt: AskedPrompt,
  table: Job<RelevanceTable> | undefined,
  options: DirectionsOptions & { latents: number },
): MethodForPrompt {
  const { seed, truncation, bundleHashes, latents } = options;
  const name = table ? 'directions' : 'StyleMC';
  const texts = { neutral: prompt.neutral, target: prompt.prompt };
  const job: Job<Direction> = {
    id: `${name}/${prompt.name}`,
    label: `choose channels and strength for "${prompt.prompt}"${table ? '' : ', by derivatives'}`,
    seconds: 25,
    key: { version: 1, texts, seed, truncation, bundle: bundleHashes, table: table?.key ?? 'direct', tuning: TUNING },
    ...(table && { needs: [table] }),
    async run({ done }) {
      const editing = await openDirections(options, done, table);
      try {
        const pair = await editing.lookUp(texts.neutral, texts.target);
        const wPlus = await editing.source.latents('validation', 0, TUNING);
        const { choice, alpha, by } = await chooseStrength({
          ...{ trial: editing.trial, wPlus, pair, told: {}, rule: 'measured' as const },
          before: new Float32Array(editing.layout.channels),
        });
        wPlus.dispose();
        const { direction, channels } = styleStep(pair.relevances, choice);
        const beta = Math.abs(pair.relevances.cosine[channels.at(-1)!]!);
        return { result: { alpha, by, beta, channels: channels.length, step: [...direction] } };
      } finally {
        await editing.dispose();
      }
    },
  };
  return {
    method: name,
    prompt,
    jobs: table ? [table, job] : [job],
    latents,
    cost: (outcomes) => ({
      preprocessing: (table && outcomes.of(table)?.result.summary.seconds) ?? null,
      training: outcomes.of(job)?.made.seconds ?? null,
      inputDependent: false,
      space: 'S',
    }),
    async open(bench, outcomes) {
      const found = outcomes.of(job);
      if (!found) throw failure(`${job.id}: ${outcomes.whyNot(job)}`);
      const { step, alpha } = found.result;
      return openStyleStep(
        bench,
        Float32Array.from(step, (value) => value * alpha),
      );
    },
  };
}

/** An editor that adds the same step in style space to every picture. @param step [channels], toRGB left out */
export async function openStyleStep(bench: Workbench, step: Float32Array): Promise<Editor> {
  const { generator } = await bench.networks();
  const draw = (await bench.device()).compile(
    (wPlus: WPlus, moved: tf.Tensor2D) => renderMoved(generator, wPlus, moved),
    { name: 'draw-moved' },
  );
  return {
    async pictures(from, count, factor) {
      const input = {
        wPlus: await bench.latents(from, count),
        moved: tf.tensor2d(
          step.map((value) => value * factor),
          [1, step.length],
        ),
      };
      const images = await draw(input.wPlus, input.moved);
      disposeAll(input);
      return images;
    },
    dispose: () => draw.dispose(),
  };
}
