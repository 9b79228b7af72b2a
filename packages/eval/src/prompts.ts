/** The prompts of a report: read from configurations of the mapper, whose other keys are kept for the mapper itself. */
import { loadConfig, usageError } from '@styleclip/core';
import { trainMapperSchema, type TrainMapperConfig } from '@styleclip/train-mapper';
import type { ReportConfig } from './config.js';

/** A prompt and how its edits are judged. */
export interface AskedPrompt {
  /** The configuration's name, such as `purple-hair`. */
  name: string;
  prompt: string;
  /** The text that the edit starts from. */
  neutral: string;
  ask?: { factor: string; values: readonly string[] } | undefined;
  ignore: readonly string[];
  /** File of the configuration. */
  file: string;
  mapper: TrainMapperConfig;
}

/**
 * Reads the configurations that a report names, with its own bundle, device and threads.
 * @throws UserError when one is missing or wrong, or two have the same name
 */
export async function readPrompts({
  prompts,
  bundle,
  device,
  threads,
  mapper: overrides,
}: Pick<ReportConfig, 'prompts' | 'bundle' | 'device' | 'threads' | 'mapper'>): Promise<AskedPrompt[]> {
  const read: AskedPrompt[] = [];
  for (const file of prompts) {
    const mapper = await loadConfig(trainMapperSchema, file, { ...overrides, bundle, device, threads });
    const { name, prompt, ask, ignore, losses } = mapper;
    const twin = read.find((other) => other.name === name);
    if (twin) throw usageError(`prompts: ${twin.file} and ${file} are both called "${name}"`);
    read.push({ name, prompt, neutral: losses.neutral, ask, ignore, file, mapper });
  }
  return read;
}
