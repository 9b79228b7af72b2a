/** The methods of a report, for each of its prompts. */
import { loadConfig } from '@styleclip/core';
import { trainMapperSchema } from '@styleclip/train-mapper';
import type { ReportConfig } from '../config.js';
import type { AskedPrompt } from '../prompts.js';
import type { Job } from '../work/job.js';
import { mapperMethod, trainingJob, type MapperPlaces, type TrainedMapper } from './mapper.js';
import type { MethodForPrompt } from './method.js';

export interface PlannedMethods {
  /** Every method for every prompt. */
  methods: readonly MethodForPrompt[];
  training(prompt: AskedPrompt): Job<TrainedMapper> | undefined;
  /** A mapper that differs from its prompt's in some keys. */
  variant(prompt: AskedPrompt, name: string, overrides: Readonly<Record<string, unknown>>): Promise<MethodForPrompt>;
}

export function planMethods(
  config: ReportConfig,
  prompts: readonly AskedPrompt[],
  { bundleHashes, places }: { bundleHashes: Readonly<Record<string, string>>; places: MapperPlaces },
): PlannedMethods {
  const commandOf = (file: string, overrides: Readonly<Record<string, unknown>>) =>
    [
      `npx nx run train-mapper --config ${file}`,
      ...Object.entries({ ...config.mapper, ...overrides }).map(([key, value]) => `--set ${key}=${String(value)}`),
    ].join(' ');
  const trainings = new Map<string, Job<TrainedMapper>>();
  const methods: MethodForPrompt[] = [];
  if (config.methods.includes('mapper')) {
    for (const prompt of prompts) {
      const about = { command: commandOf(prompt.file, {}), bundleHashes };
      const job = trainingJob(`mapper/${prompt.name}`, prompt.mapper, about, places);
      trainings.set(prompt.name, job);
      methods.push(mapperMethod(prompt, job, config.heldOut));
    }
  }
  return {
    methods,
    training: ({ name }) => trainings.get(name),
    async variant(prompt, name, overrides) {
      const { bundle, device, threads } = config;
      const changed = { ...config.mapper, ...overrides, bundle, device, threads };
      const mapper = await loadConfig(trainMapperSchema, prompt.file, changed);
      const about = { command: commandOf(prompt.file, overrides), bundleHashes };
      const job = trainingJob(`mapper/${prompt.name}/${name}`, mapper, about, places);
      return { ...mapperMethod(prompt, job, config.heldOut), method: `mapper, ${name}` };
    },
  };
}
