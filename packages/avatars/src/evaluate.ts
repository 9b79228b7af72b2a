/**
 * Measures a bundle of this world on held-out data, and writes what it finds where it belongs: into bundle.json and into
 * the model card, between two markers.
 *
 * Attributes and CLIP read held-out renders; identity verifies pairs rendered on the spot; the generator is read by the
 * probe, and so are the edits that directions in its style space make. Networks that the bundle does not have yet are passed
 * over; numbers of parts that are not asked for stay as they were.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { disposeAll, loadBundle, updateBundle, writeFileAtomic, type Device } from '@styleclip/core';
import { askedPrompts } from './asked-prompts.js';
import { openDataset } from './dataset.js';
import { measureAttributes } from './measures/attributes.js';
import type { BundleMetrics } from './measures/bundle-metrics.js';
import { measureClip } from './measures/clip.js';
import { measureDirections } from './measures/directions.js';
import { measureGenerator } from './measures/generator.js';
import { measureIdentity } from './measures/identity.js';
import { metricsTable } from './measures/table.js';

export const PARTS = ['attributes', 'clip', 'identity', 'generator', 'directions'] as const;
export type Part = (typeof PARTS)[number];

export interface EvaluateOptions {
  readonly device: Device;
  readonly bundle: string;
  /** Folder of held-out renders. */
  readonly heldOut: string;
  /** How many renders, and how many latents. */
  readonly count?: number;
  /** What is measured; all of it by default. */
  readonly only?: readonly Part[];
  /** Folder of the configurations whose prompts are tried as directions. */
  readonly configs?: string;
  /** Leave bundle.json and the model card as they are. */
  readonly dryRun?: boolean;
  readonly log?: (line: string) => void;
}

export async function evaluateBundle(options: EvaluateOptions): Promise<BundleMetrics> {
  const { device, bundle: dir, heldOut, count = 2000, only = PARTS, dryRun = false, log = () => undefined } = options;
  const prompts = only.includes('directions') ? await askedPrompts(options.configs ?? 'configs/avatars') : [];
  const { info, attributes, clip, identity, generator } = await loadBundle(dir);
  const renders = await openDataset(heldOut);
  const metrics: BundleMetrics = { ...(info.metrics as BundleMetrics | undefined) };
  if (attributes && only.includes('attributes')) {
    log('attributes …');
    metrics.attributes = rounded(await measureAttributes(device, attributes, renders, { count }));
  }
  if (clip && only.includes('clip')) {
    log('clip …');
    const { canonical, paraphrase, further } = await measureClip(device, clip, renders, { count });
    [metrics.clip, metrics.clipParaphrase, metrics.clipFurther] = [canonical, paraphrase, further].map(rounded);
  }
  if (identity && only.includes('identity')) {
    log('identity …');
    const { accuracy, close, same, different } = await measureIdentity(device, identity, { size: renders.size });
    metrics.identity = round(accuracy);
    metrics.identityClose = rounded(close);
    metrics.identityCosine = rounded({ same, different });
  }
  if (generator && attributes && info.generator && only.includes('generator')) {
    log('generator …');
    const { plain, mixed, error, mixedError } = await measureGenerator(device, generator, attributes, {
      layerGroups: info.generator.layerGroups,
      count,
    });
    [metrics.generator, metrics.generatorMixed] = [rounded(plain), rounded(mixed)];
    metrics.generatorError = rounded({ plain: error, mixed: mixedError });
  }
  if (generator && attributes && clip && info.clip && only.includes('directions')) {
    log('directions …');
    const { inputResolution: size, mean, std } = info.clip;
    const networks = { generator, clip, clipInput: { size, mean, std }, probe: attributes };
    metrics.directions = await measureDirections(device, networks, { prompts, log });
  }
  renders.close();
  disposeAll(attributes, clip, identity, generator);
  if (!dryRun) {
    await updateBundle(dir, { metrics: { ...metrics } });
    await writeIntoCard(join(dir, 'README.md'), metricsTable(metrics));
  }
  return metrics;
}

const BEGIN = '<!-- metrics: written by "nx run avatars:evaluate" -->';
const END = '<!-- end of metrics -->';

/** Replaces what stands between the markers of a model card; adds them at its end where they are missing. */
async function writeIntoCard(path: string, table: string): Promise<void> {
  const card = await readFile(path, 'utf8').catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '# Model card\n';
    throw error;
  });
  const block = `${BEGIN}\n\n${table}\n\n${END}`;
  const begin = card.indexOf(BEGIN);
  const end = card.indexOf(END, begin);
  const next =
    begin >= 0 && end > begin
      ? card.slice(0, begin) + block + card.slice(end + END.length)
      : `${card.trimEnd()}\n\n## Measured on held-out data\n\n${block}\n`;
  await writeFileAtomic(path, next);
}

const round = (value: number): number => Math.round(value * 1e4) / 1e4;

function rounded<T extends Readonly<Record<string, number>>>(table: T): T {
  return Object.fromEntries(Object.entries(table).map(([name, value]) => [name, round(value)])) as T;
}
