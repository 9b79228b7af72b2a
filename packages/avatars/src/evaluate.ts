/**
 * Measures a bundle of this world on held-out data, and writes what it finds where it belongs: into bundle.json and into
 * the model card, between two markers.
 *
 * Attributes and CLIP read held-out renders; identity verifies pairs rendered on the spot; the generator is read by the
 * probe. Networks that the bundle does not have yet are passed over.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadBundle, updateBundle, writeFileAtomic } from '@styleclip/core';
import { openDataset } from './dataset.js';
import { FACTORS } from './factors.js';
import { measureAttributes, type PerFactor } from './measures/attributes.js';
import { measureClip } from './measures/clip.js';
import { measureGenerator } from './measures/generator.js';
import { measureIdentity } from './measures/identity.js';
import { GOALS, metricsTable } from './measures/table.js';

/** Shares between 0 and 1; what was not measured is left out. */
export interface BundleMetrics {
  /** The probe reads from G(z) what z asks for, at ψ = 1; and with W+ groups from three latents. */
  generator?: PerFactor;
  generatorMixed?: PerFactor;
  /** Zero-shot accuracy with the plainest prompts, and with wordings that training never saw. */
  clip?: PerFactor;
  clipParaphrase?: PerFactor;
  /** Same/different verification; and against pairs that differ in one identity factor only. */
  identity?: number;
  identityClose?: Readonly<Record<string, number>>;
  /** Mean cosine of pictures of the same and of different identities. */
  identityCosine?: { readonly same: number; readonly different: number };
  attributes?: PerFactor;
}

export interface EvaluateOptions {
  readonly bundle: string;
  /** Folder of held-out renders. */
  readonly heldOut: string;
  /** How many renders, and how many latents. */
  readonly count?: number;
  readonly threads?: number;
  /** Leave bundle.json and the model card as they are. */
  readonly dryRun?: boolean;
  readonly log?: (line: string) => void;
}

export async function evaluateBundle(options: EvaluateOptions): Promise<BundleMetrics> {
  const { bundle: dir, heldOut, count = 2000, threads = 1, dryRun = false, log = () => undefined } = options;
  const { info, attributes, clip, identity, generator } = await loadBundle(dir);
  const renders = await openDataset(heldOut);
  const metrics: BundleMetrics = {};
  if (attributes) {
    log('attributes …');
    metrics.attributes = rounded(await measureAttributes(attributes, renders, { count, threads }));
  }
  if (clip) {
    log('clip …');
    const { canonical, paraphrase } = await measureClip(clip, renders, { count, threads });
    [metrics.clip, metrics.clipParaphrase] = [rounded(canonical), rounded(paraphrase)];
  }
  if (identity) {
    log('identity …');
    const { accuracy, close, same, different } = await measureIdentity(identity, { threads });
    metrics.identity = round(accuracy);
    metrics.identityClose = rounded(close);
    metrics.identityCosine = rounded({ same, different });
  }
  if (generator && attributes && info.generator) {
    log('generator …');
    const { plain, mixed } = await measureGenerator(generator, attributes, {
      layerGroups: info.generator.layerGroups,
      count,
      threads,
    });
    [metrics.generator, metrics.generatorMixed] = [rounded(plain), rounded(mixed)];
  }
  renders.close();
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

/** The goals that a bundle misses, one line each; empty when it reaches all that was measured. */
export function missedGoals(metrics: BundleMetrics): string[] {
  const missed: string[] = [];
  const check = (what: string, value: number | undefined, goal: number): void => {
    if (value !== undefined && !(value >= goal))
      missed.push(`${what}: ${(100 * value).toFixed(1)} %, the goal is ${(100 * goal).toFixed(0)} %`);
  };
  for (const { name } of FACTORS) {
    check(`attributes, ${name}`, metrics.attributes?.[name], GOALS.attributes);
    check(`generator, ${name}`, metrics.generator?.[name], GOALS.generator);
    const goal = GOALS.clip[name];
    if (goal === undefined) continue;
    check(`clip, ${name}`, metrics.clip?.[name], goal);
    if (metrics.clip)
      check(
        `clip with paraphrases, ${name}`,
        metrics.clipParaphrase?.[name],
        metrics.clip[name] - GOALS.paraphraseLoss,
      );
  }
  check('identity', metrics.identity, GOALS.identity);
  return missed;
}

const round = (value: number): number => Math.round(value * 1e4) / 1e4;

function rounded<T extends Readonly<Record<string, number>>>(table: T): T {
  return Object.fromEntries(Object.entries(table).map(([name, value]) => [name, round(value)])) as T;
}
