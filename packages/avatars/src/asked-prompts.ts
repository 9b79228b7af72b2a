/** The prompts of a folder of configurations, with what they ask for: what directions are measured on. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { failure, loadConfig, oneLine } from '@styleclip/core';
import { z } from 'zod';
import { factor, type FactorName } from './factors.js';
import type { AskedPrompt } from './measures/directions.js';

/** What is read of a configuration; its other keys belong to the method that it is for. */
const schema = z.looseObject({
  // A file without a prompt is not a method's: a report, say.
  prompt: z.string().min(1).optional(),
  ask: z.looseObject({ factor: z.string(), values: z.array(z.string()).min(1) }).optional(),
  losses: z.looseObject({ neutral: z.string().min(1).default('a person') }).prefault({}),
});

/**
 * Every prompt of the folder's YAML files that says what it asks for, each once, in the order of the files' names.
 * @throws UserError when the folder can't be read, or a file asks for what this world does not have
 */
export async function askedPrompts(folder: string): Promise<AskedPrompt[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    throw failure(`${folder}: no folder of configurations: ${oneLine(error)}`, error);
  });
  const prompts = new Map<string, AskedPrompt>();
  for (const name of names.filter((file) => /\.ya?ml$/.test(file)).sort()) {
    const path = join(folder, name);
    const { prompt, ask, losses } = await loadConfig(schema, path);
    if (prompt === undefined || !ask || prompts.has(prompt)) continue;
    prompts.set(prompt, { prompt, neutral: losses.neutral, factor: knownFactor(ask, path), values: ask.values });
  }
  return [...prompts.values()];
}

function knownFactor(ask: { factor: string; values: readonly string[] }, path: string): FactorName {
  try {
    const { name, values } = factor(ask.factor);
    const unknown = ask.values.find((value) => !values.includes(value));
    if (unknown !== undefined) throw new RangeError(`"${name}" has no value "${unknown}"; it has ${values.join(', ')}`);
    return name;
  } catch (error) {
    throw failure(`${path}: ask: ${oneLine(error)}`, error);
  }
}
