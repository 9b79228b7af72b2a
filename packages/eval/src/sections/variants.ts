/**
 * Ablations of the mapper: figure 12 of the supplement (without the fine mapper), figure 14 (weights of identity and distance).
 * Each variant is a training of its own that differs from the prompt's in the named keys.
 */
import type { MethodForPrompt } from '../methods/method.js';
import { fixed, withInterval, type NumberRow, type Section } from '../page/section.js';
import type { AskedPrompt } from '../prompts.js';
import { gallerySection } from './gallery.js';
import type { SectionName } from './names.js';
import { missingOf, type Planning, type SectionPlan } from './plan.js';

interface Variant {
  name: string;
  overrides: Readonly<Record<string, unknown>>;
}

interface Ablation {
  name: SectionName;
  title: string;
  text: readonly string[];
  differs: readonly string[];
  prompts: readonly AskedPrompt[];
  variants: readonly Variant[];
}

const ALL_GROUPS = { 'mapper.groups.coarse': true, 'mapper.groups.medium': true, 'mapper.groups.fine': true };

export function figure12(planning: Planning): Promise<SectionPlan> {
  return ablation(planning, {
    name: 'figure12',
    title: 'Figure 12: without the fine mapper',
    text: [
      'The same prompt with mappers for all groups of layers, and without the one for the fine layers, which hold colours: what the prompt does not speak of should stay.',
    ],
    differs: ['The supplement’s figure shows faces; it has no numbers.'],
    prompts: planning.prompts.slice(0, 2),
    variants: [
      { name: 'all groups', overrides: ALL_GROUPS },
      { name: 'without fine', overrides: { ...ALL_GROUPS, 'mapper.groups.fine': false } },
    ],
  });
}

/** The pairs of figure 14: weight of the distance, weight of the identity loss. */
const PAIRS = [
  [0.8, 0.1],
  [0.8, 0],
  [1.6, 0],
] as const;

export function figure14(planning: Planning): Promise<SectionPlan> {
  return ablation(planning, {
    name: 'figure14',
    title: 'Figure 14: what the identity loss is for',
    text: [
      'The supplement’s three pairs of weights (distance, identity), with the losses of the official code and nothing else: without the identity loss, more weight on the distance should not bring the likeness back.',
    ],
    differs: [
      'Weights mean something else on another generator and identity network; only the direction of the change can be compared.',
    ],
    prompts: planning.prompts.slice(0, 1),
    variants: PAIRS.map(([l2, id]) => ({
      name: `l2 ${l2}, id ${id}`,
      overrides: { 'losses.l2': l2, 'losses.id': id, 'losses.directional': 0 },
    })),
  });
}

async function ablation(planning: Planning, { prompts, variants, ...about }: Ablation): Promise<SectionPlan> {
  const methods: MethodForPrompt[] = [];
  const takesPart = planning.config.methods.includes('mapper');
  if (takesPart)
    for (const prompt of prompts)
      for (const { name, overrides } of variants) methods.push(await planning.variant(prompt, name, overrides));
  const sheet = gallerySection(planning, {
    ...about,
    methods,
    label: ({ method, prompt }) => `${prompt.name} ${variantOf(method)}`,
    absent: takesPart ? [] : ['the mapper takes no part in this report'],
  });
  const jobs = methods.map((method) => planning.shared.measures(method));
  return {
    name: about.name,
    jobs: [...sheet.jobs, ...jobs],
    async write(outcomes) {
      const section = await sheet.write(outcomes);
      const numbers: NumberRow[] = [];
      const rows: string[][] = [];
      for (const [i, { method, prompt }] of methods.entries()) {
        const job = jobs[i]!;
        const measures = outcomes.of(job)?.result;
        if (!measures) continue;
        rows.push([
          prompt.prompt,
          variantOf(method),
          withInterval(measures.hit),
          withInterval(measures.leak, 3),
          withInterval(measures.identity),
          fixed(measures.clipGain.mean),
        ]);
        for (const name of ['hit', 'leak', 'identity', 'clipGain'] as const) {
          const interval = measures[name];
          const row = { section: about.name, method, prompt: prompt.name, name, job: job.id };
          if (interval)
            numbers.push({ ...row, value: interval.mean, low: interval.low, high: interval.high, n: interval.n });
        }
      }
      const table = {
        caption: 'Means over the held-out latents, with 95 % intervals',
        head: ['prompt', 'mapper', 'hit', 'leak', 'identity', 'CLIP gain'],
        rows,
      };
      return {
        ...section,
        tables: [table],
        numbers,
        missing: [...section.missing, ...missingOf(outcomes, jobs)],
      } satisfies Section;
    },
  };
}

/** `mapper (without fine)` → `without fine`. */
function variantOf(method: string): string {
  return method.replace(/^mapper \((.*)\)$/, '$1');
}
