/**
 * Prompts with their questions out of configurations of other methods (configs/avatars/*.yaml): what the edit should look like,
 * what a probe is asked, from which text it starts. Keys that belong to a method are passed over.
 */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { failure, fields, oneLine, readText, usageError } from '@styleclip/core';

const schema = z.object({
  name: z.string(),
  prompt: fields.prompt,
  ask: fields.ask.optional(),
  ignore: fields.ignore,
  losses: z.object({ neutral: z.string().default('a person') }).prefault({}),
});

export interface AskedPrompt {
  readonly name: string;
  readonly target: string;
  readonly neutral: string;
  readonly ask: z.output<typeof fields.ask> | undefined;
  readonly ignore: string[];
}

/** @throws UserError when the file is missing or has no prompt */
export async function readAskedPrompt(path: string): Promise<AskedPrompt> {
  return asAskedPrompt(path, await readYaml(path));
}

async function readYaml(path: string): Promise<unknown> {
  try {
    return parse(await readText(path));
  } catch (error) {
    throw usageError(`${path}: can't be read: ${oneLine(error)}`, error);
  }
}

function asAskedPrompt(path: string, value: unknown): AskedPrompt {
  const result = schema.safeParse(value);
  if (!result.success) {
    const [issue] = result.error.issues;
    throw usageError(`${path}: ${issue!.path.join('.') || 'the file'}: ${issue!.message}`);
  }
  const { name, prompt: target, ask, ignore, losses } = result.data;
  return { name, target, neutral: losses.neutral, ask, ignore };
}

/**
 * All prompts with a question of a folder, each once, by the names of their files; configurations without a prompt are passed over.
 * @throws UserError when there is none
 */
export async function readAskedPrompts(folder: string): Promise<AskedPrompt[]> {
  const files = await readdir(folder).catch((error: unknown) => {
    throw failure(`${folder}: can't be read: ${oneLine(error)}`, error);
  });
  const prompts: AskedPrompt[] = [];
  for (const file of files.sort()) {
    if (!/\.ya?ml$/.test(file)) continue;
    const value = await readYaml(join(folder, file));
    if (typeof value !== 'object' || value === null || !('prompt' in value)) continue;
    const found = asAskedPrompt(join(folder, file), value);
    if (found.ask && !prompts.some(({ target }) => target === found.target)) prompts.push(found);
  }
  if (prompts.length === 0) throw failure(`${folder}: no configuration there has a prompt with an "ask"`);
  return prompts;
}
