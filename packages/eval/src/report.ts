/**
 * A report: trains and loads what it needs, measures, and writes one folder.
 *
 *     runs/eval/<name>/report.html      everything, in one file
 *                      report.md        the same, with pictures in figures/
 *                      figures/*.png
 *                      numbers.json     every number, with the job that made it; every job, with how
 *                      numbers.arrow    the numbers as a table
 *                      config.yaml      the resolved configuration
 *
 * Work is cut into jobs whose results are kept in `runs/eval/.cache` by their content, so a second report of the same
 * configuration takes seconds, and one that was stopped goes on. Whatever has become of the jobs, the report is written from
 * what there is and names what there is not.
 */
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  checkAsk,
  environment,
  Interrupted,
  Interrupts,
  openDevice,
  readBundleInfo,
  resumeCommand,
  usageError,
  writeFileAtomic,
  writeJsonAtomic,
  type BundleInfo,
  type BundleKind,
} from '@styleclip/core';
import { stringify } from 'yaml';
import type { ReportConfig } from './config.js';
import { planMethods } from './methods/plan-methods.js';
import type { Page } from './page/page.js';
import { toHtml } from './page/html.js';
import { toMarkdown } from './page/markdown.js';
import { numbersToArrow } from './page/numbers-file.js';
import { duration, type Section } from './page/section.js';
import { readPrompts } from './prompts.js';
import { claimsSection } from './sections/claims.js';
import { planSections } from './sections/plan-sections.js';
import type { SectionName } from './sections/names.js';
import { sharedJobs } from './sections/shared-jobs.js';
import { doJobs, type Worked } from './jobs/do-jobs.js';
import type { Job } from './jobs/job.js';
import { Workbench } from './workbench.js';

/** Settings that are not part of the report. */
export interface ReportOptions {
  /** Folder of all runs. */
  root?: string;
  /** Only these sections. */
  only?: readonly SectionName[];
  /** Do all work anew. */
  fresh?: boolean;
  say?: (line: string) => void;
}

export interface ReportOutcome {
  dir: string;
  sections: readonly Section[];
  /** What the report lacks. */
  missing: readonly string[];
  /** Jobs that failed. */
  failed: number;
  seconds: number;
}

const KINDS: readonly BundleKind[] = ['generator', 'clip', 'identity', 'attributes'];

/**
 * Makes a report.
 * @throws UserError for what is wrong with the configuration; Interrupted after Ctrl-C, when the report is written
 */
export async function report(config: ReportConfig, options: ReportOptions = {}): Promise<ReportOutcome> {
  const began = performance.now();
  const { root = 'runs', only, fresh = false, say } = options;
  const names = only ?? config.sections;
  const unknown = names.find((name) => !config.sections.includes(name));
  if (unknown) throw usageError(`--only: "${unknown}" is not among the configuration's sections`);
  const dir = join(root, 'eval', config.name);
  const store = join(root, 'eval', '.cache');

  const info = await readBundleInfo(config.bundle);
  const bundleHashes = Object.fromEntries(KINDS.flatMap((kind) => (info[kind] ? [[kind, info[kind].sha256]] : [])));
  const prompts = await readPrompts(config);
  const attributes = info.attributes && { weights: {}, factors: info.attributes.factors };
  for (const prompt of prompts) checkAsk({ dir: config.bundle, ...(attributes && { attributes }) }, prompt);
  const device = await openDevice(config.device, config.threads > 0 ? { threads: config.threads } : {});
  const bench = new Workbench(config);
  const interrupts = new Interrupts();
  try {
    const shared = sharedJobs(config, bench, { info, bundleHashes });
    const places = { store, runs: root };
    const methods = planMethods(config, prompts, { bundleHashes, places, bench, latentsKey: shared.latentsKey });
    const plans = await planSections({ config, prompts, bench, info, bundleHashes, shared, ...methods }, names);
    const jobs = inOrder(plans.flatMap((plan) => plan.jobs));
    const { versions, commit } = environment();
    const worked = await doJobs(jobs, {
      ...{ root: store, fresh, interrupted: () => interrupts.interrupted },
      ...(say && { say }),
      made: {
        command: commandLine(),
        device: device.name,
        node: versions.node,
        ...(commit !== undefined && { commit }),
      },
    });
    const sections: Section[] = [];
    for (const plan of plans) sections.push(await plan.write(worked.outcomes));
    if (names.includes('claims')) sections.unshift(claimsSection(sections.flatMap(({ numbers }) => numbers)));

    const missing = worked.stopped ? ['the report was stopped before its end; what follows is what there was'] : [];
    const page = pageOf(config, {
      info,
      bundleHashes,
      sections,
      missing,
      worked,
      command: commandLine(),
    });
    await writeReport(dir, config, page, worked);
    if (worked.stopped) {
      throw new Interrupted(`stopped; the report so far is in ${dir}; go on with: ${resumeCommand()}`);
    }
    const lacks = sections.flatMap((section) => section.missing.map((line) => `${section.name}: ${line}`));
    return { dir, sections, missing: lacks, failed: worked.failed, seconds: (performance.now() - began) / 1000 };
  } finally {
    interrupts.close();
    await bench.dispose();
  }
}

/** Each job once, after those that it needs. */
export function inOrder(jobs: readonly Job[]): Job[] {
  const ordered = new Set<Job>();
  const add = (job: Job): void => {
    if (ordered.has(job)) return;
    for (const needed of job.needs ?? []) add(needed);
    ordered.add(job);
  };
  for (const job of jobs) add(job);
  return [...ordered];
}

interface Told {
  info: BundleInfo;
  bundleHashes: Readonly<Record<string, string>>;
  sections: readonly Section[];
  missing: readonly string[];
  worked: Worked;
  command: string;
}

function pageOf(config: ReportConfig, { info, bundleHashes, sections, missing, worked, command }: Told): Page {
  const { versions, system, commit } = environment();
  const finished = worked.outcomes.all;
  const seconds = finished.reduce((sum, { outcome }) => sum + outcome.made.seconds, 0);
  return {
    title: `StyleCLIP in TypeScript: evaluation of ${info.name}`,
    lead: [
      `Tables and figures of the StyleCLIP paper (Patashnik et al., ICCV 2021), made anew on the networks of \`${config.bundle}\`. The pictures are of another world than the paper’s, so its figures stand beside ours to be looked at, not to be reached; each section says what can’t be compared.`,
    ],
    missing,
    sections,
    facts: [
      ['command', command],
      ['seed', String(config.seed)],
      ['held-out latents', `${config.heldOut}, ψ = ${config.truncation}`],
      ...Object.entries(bundleHashes).map(([kind, hash]) => [`${kind} (SHA-256)`, hash]),
      ['commit', commit ?? 'not known'],
      ['machine', `${system.cpu}, ${system.cores} cores, ${system.memoryGiB} GiB, ${system.platform}`],
      [
        'versions',
        Object.entries(versions)
          .map(([name, version]) => `${name} ${version ?? '–'}`)
          .join(', '),
      ],
      ['work in all', `${duration(seconds)}, of which ${duration(seconds - newSeconds(worked))} was there from before`],
    ],
    provenance: {
      caption: 'Every piece of work',
      head: ['job', 'made', 'took', 'device', 'commit', 'command'],
      rows: finished.map(({ job, outcome: { made, result } }) => [
        job.id,
        made.time,
        duration(made.seconds),
        made.device,
        made.commit?.slice(0, 12) ?? '–',
        commandOf(result) ?? made.command,
      ]),
    },
  };
}

/** What this process was called with, without the paths of this machine. */
function commandLine(): string {
  return ['eval', ...process.argv.slice(2)].join(' ');
}

/** The command that a job's result names for itself: a training can be had without the report. */
function commandOf(result: unknown): string | undefined {
  const { command } = (result ?? {}) as { command?: unknown };
  return typeof command === 'string' ? command : undefined;
}

function newSeconds({ outcomes }: Worked): number {
  return outcomes.all.reduce((sum, { outcome }) => sum + (outcome.cached ? 0 : outcome.made.seconds), 0);
}

async function writeReport(dir: string, config: ReportConfig, page: Page, { outcomes }: Worked): Promise<void> {
  const numbers = page.sections.flatMap((section) => section.numbers);
  const facts = Object.fromEntries(page.facts.map(([name = '', value = '']) => [name, value]));
  await writeFileAtomic(join(dir, 'config.yaml'), stringify(JSON.parse(JSON.stringify(config))));
  const figures = page.sections.flatMap((section) => section.figures);
  for (const { file, png } of figures) await writeFileAtomic(join(dir, 'figures', file), png);
  // Figures of an earlier report of this name that this one no longer has.
  const present = new Set(figures.map(({ file }) => file));
  for (const file of await readdir(join(dir, 'figures')).catch(() => []))
    if (!present.has(file)) await rm(join(dir, 'figures', file));
  await writeFileAtomic(join(dir, 'numbers.arrow'), numbersToArrow(numbers, facts));
  await writeJsonAtomic(join(dir, 'numbers.json'), {
    formatVersion: 1,
    title: page.title,
    facts,
    numbers,
    missing: page.sections.flatMap(({ name, missing }) => missing.map((line) => `${name}: ${line}`)),
    jobs: outcomes.all.map(({ job, outcome }) => ({ id: job.id, ...outcome.made, cached: outcome.cached })),
  });
  await writeFileAtomic(join(dir, 'report.md'), toMarkdown(page));
  await writeFileAtomic(join(dir, 'report.html'), toHtml(page));
}
