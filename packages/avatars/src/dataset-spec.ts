/**
 * What a data set is made from: the YAML files of `datasets/`.
 *
 *     datasets/avatars/train.yaml            kind: renders   →  datasets/avatars/train/
 *     datasets/avatars/latents-train.yaml    kind: latents   →  datasets/avatars/latents-train.safetensors
 *
 * What is made lies beside its description and has its name. The descriptions are in git, what is made is not: anybody
 * makes the same again.
 */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { failure, loadConfig, oneLine, usageError } from '@styleclip/core';
import { z } from 'zod';

/** The descriptions of what the bundle in `models/avatars` is trained and measured on, and edits are. */
export const DATASETS = 'datasets/avatars';

const seed = z.number().int().min(0).default(1).describe('seed: same seed, same data; a larger count only adds to it');

/** Pictures of avatars, with what is on them (dataset.ts). */
export const rendersSchema = z.strictObject({
  kind: z.literal('renders').default('renders').describe('pictures of avatars'),
  count: z.number().int().min(1).max(10_000_000).default(1000).describe('how many avatars'),
  seed,
  size: z.number().int().min(1).max(512).default(64).describe('side of a picture in pixels'),
});

/** W+ codes of a bundle's generator (latents-file.ts). */
export const latentsSchema = z.strictObject({
  kind: z.literal('latents').default('latents').describe('W+ codes of a generator'),
  bundle: z.string().min(1).default('models/avatars').describe('bundle whose generator they are for'),
  count: z.number().int().min(1).max(1_000_000).default(1000).describe('how many codes'),
  seed,
  truncation: z.number().min(0).max(2).default(0.7).describe('ψ: 1 keeps all the variety, 0 is the average avatar'),
});

export type RendersSpec = z.infer<typeof rendersSchema>;
export type LatentsSpec = z.infer<typeof latentsSchema>;
export type DatasetKind = RendersSpec['kind'] | LatentsSpec['kind'];

const kindSchema = z.looseObject({ kind: z.enum(['renders', 'latents']) });

/**
 * The descriptions of one kind in a folder, by name.
 * @throws UserError when there is no such folder, or a file in it says no kind
 */
export async function specFiles(kind: DatasetKind, folder: string = DATASETS): Promise<string[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    throw failure(
      `${folder}: no descriptions of data sets there: ${oneLine(error)}; call this at the project's root`,
      error,
    );
  });
  const found: string[] = [];
  for (const name of names.filter((other) => other.endsWith('.yaml')).sort()) {
    const file = join(folder, name);
    if ((await loadConfig(kindSchema, file)).kind === kind) found.push(file);
  }
  return found;
}

/** What a description's data set is called: the file's path without `.yaml`, as a folder or, for latents, with `.safetensors`. */
export function madeFrom(file: string, kind: DatasetKind): string {
  if (!/[^/\\]\.ya?ml$/.test(file)) throw usageError(`${file}: a description of a data set is a .yaml file`);
  const base = file.replace(/\.ya?ml$/, '');
  return kind === 'latents' ? `${base}.safetensors` : base;
}
