/** The methods of a report, for each of its prompts. */
import { loadConfig } from '@styleclip/core';
import { trainMapperSchema } from '@styleclip/train-mapper';
import { nestKeys, type ReportConfig } from '../config.js';
import type { AskedPrompt } from '../prompts.js';
import type { Job } from '../jobs/job.js';
import type { Workbench } from '../workbench.js';
import { directionsMethod, relevanceJob, type DirectionsOptions, type RelevanceTable } from './directions.js';
import { mapperMethod, trainingJob, type TrainedMapper } from './mapper.js';
import type { MethodForPrompt, Places } from './method.js';
import { optimizeMethod } from './optimize.js';

export interface PlannedMethods {
  /** Every method for every prompt. */
  methods: readonly MethodForPrompt[];
  training: (prompt: AskedPrompt) => Job<TrainedMapper> | undefined;
  /** A mapper that differs from its prompt's in some keys. */
  variant: (
    prompt: AskedPrompt,
    name: string,
    overrides: Readonly<Record<string, unknown>>,
  ) => Promise<MethodForPrompt>;
  /** The table of directions, where that method takes part. */
  table: Job<RelevanceTable> | undefined;
  /** What directions are opened with. */
  directions: DirectionsOptions;
}

export interface PlanOptions {
  bundleHashes: Readonly<Record<string, string>>;
  /** What results on held-out latents depend on. */
  latentsKey: unknown;
  places: Places;
  bench: Workbench;
}

/** Plans them, in the order of the paper's Table 1. */
export function planMethods(
  config: ReportConfig,
  prompts: readonly AskedPrompt[],
  { bundleHashes, latentsKey, places, bench }: PlanOptions,
): PlannedMethods {
  const { bundle, device, threads, seed, truncation, heldOut } = config;
  const shared = { bundle, device, threads, seed, truncation, places };
  const methods: MethodForPrompt[] = [];

  if (config.methods.includes('optimize')) {
    const options = {
      ...shared,
      overrides: nestKeys(config.optimize),
      latents: Math.min(heldOut, config.optimized),
      latentsKey,
      bench,
    };
    for (const prompt of prompts) methods.push(optimizeMethod(prompt, options));
  }

  const commandOf = (file: string, overrides: Readonly<Record<string, unknown>>) =>
    [
      `npx nx run train-mapper --config ${file}`,
      ...Object.entries({ ...config.mapper, ...overrides }).map(([key, value]) => `--set ${key}=${String(value)}`),
    ].join(' ');
  const trainings = new Map<string, Job<TrainedMapper>>();
  if (config.methods.includes('mapper')) {
    for (const prompt of prompts) {
      const about = { command: commandOf(prompt.file, {}), bundleHashes };
      const job = trainingJob(`mapper/${prompt.name}`, prompt.mapper, about, places);
      trainings.set(prompt.name, job);
      methods.push(mapperMethod(prompt, job, heldOut));
    }
  }

  const directions = { ...shared, overrides: nestKeys(config.directions), bundleHashes };
  const table = config.methods.includes('directions') ? relevanceJob(directions) : undefined;
  if (table)
    for (const prompt of prompts) methods.push(directionsMethod(prompt, table, { ...directions, latents: heldOut }));

  return {
    methods,
    table,
    directions,
    training: ({ name }) => trainings.get(name),
    async variant(prompt, name, overrides) {
      const changed = { ...config.mapper, ...overrides, bundle, device, threads };
      const mapper = await loadConfig(trainMapperSchema, prompt.file, changed);
      const about = { command: commandOf(prompt.file, overrides), bundleHashes };
      const job = trainingJob(`mapper/${prompt.name}/${name}`, mapper, about, places);
      return { ...mapperMethod(prompt, job, heldOut), method: `mapper (${name})` };
    },
  };
}
