/**
 * Finished runs side by side on one page: what each edited, what it did to held-out pictures, and its sheet of pictures. Runs of
 * all methods have the same files, so any of them can stand beside any other; runs on different networks can't be compared, and the
 * page says so.
 */
import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { environment, failure, oneLine, usageError, writeFileAtomic } from '@styleclip/core';
import { z } from 'zod';
import { toHtml } from './page/html.js';
import type { Page } from './page/page.js';
import { duration, fixed, type Figure } from './page/section.js';

const number = z.number().nullish();
const measures = z.looseObject({
  prompt: z.string().optional(),
  target: z.string().optional(),
  latents: number,
  ...{ hit: number, hitBefore: number, leak: number, identity: number, clipGain: number },
});

/** What is read of summary.json: the measures of the run, or of each of its edits. */
const summarySchema = measures.extend({
  edits: z.array(measures).optional(),
  seconds: number,
  device: z.string().optional(),
});

const inputsSchema = z.record(z.string(), z.looseObject({ sha256: z.string() }));

/** A finished run, as far as a comparison needs it. */
export interface FinishedRun {
  dir: string;
  /** The method's package, such as `train-mapper`, and the run's name. */
  method: string;
  name: string;
  edits: z.infer<typeof measures>[];
  seconds: number | null;
  device: string;
  generator: string | undefined;
  sheet: Buffer | undefined;
}

/** Reads a run's folder. @throws UserError when it is none, or the run is not finished */
export async function readRun(dir: string): Promise<FinishedRun> {
  const text = await readFile(join(dir, 'summary.json'), 'utf8').catch((error: unknown) => {
    const unfinished = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw unfinished
      ? usageError(
          `${dir}: not a finished run (no summary.json there); give folders such as runs/train-mapper/purple-hair`,
        )
      : failure(`${dir}/summary.json: can't be read: ${oneLine(error)}`, error);
  });
  const summary = summarySchema.safeParse(parseJson(text));
  if (!summary.success) throw failure(`${dir}/summary.json: not the summary of an edit: ${oneLine(summary.error)}`);
  const { edits, seconds, device } = summary.data;
  const own = edits ?? [summary.data];
  if (own.every(({ prompt, target }) => prompt === undefined && target === undefined))
    throw usageError(`${dir}: this run edits nothing by a prompt, so there is nothing to compare`);
  const inputs = inputsSchema.safeParse(parseJson(await readFile(join(dir, 'inputs.json'), 'utf8').catch(() => '')));
  return {
    dir,
    method: basename(dirname(dir)),
    name: basename(dir),
    edits: own,
    seconds: seconds ?? null,
    device: device ?? '–',
    generator: inputs.success ? inputs.data['generator']?.sha256 : undefined,
    sheet: await readFile(join(dir, 'before-after.png')).catch(() => undefined),
  };
}

/** The page of some runs. */
export function comparePage(runs: readonly FinishedRun[]): Page {
  const rows = runs.flatMap((run) =>
    run.edits.map(({ prompt, target, latents, hit, hitBefore, leak, identity, clipGain }) => [
      `${run.method}/${run.name}`,
      prompt ?? target ?? '–',
      latents == null ? '–' : String(latents),
      fixed(hitBefore, 2),
      fixed(hit, 2),
      fixed(leak),
      fixed(identity, 2),
      fixed(clipGain),
      duration(run.seconds),
      run.device,
    ]),
  );
  const figures: Figure[] = runs.flatMap(({ method, name, sheet }): Figure[] =>
    sheet
      ? [
          {
            file: `${method}-${name}.png`,
            png: sheet,
            caption: `${method}/${name}: before and after`,
            alt: `Pictures before and after the edits of ${method}/${name}`,
          },
        ]
      : [],
  );
  const generators = new Set(runs.map(({ generator }) => generator));
  const counts = new Set(runs.flatMap(({ edits }) => edits.map(({ latents }) => latents)));
  return {
    title: `${runs.length} runs side by side`,
    lead: ['What each run’s edits did to its held-out pictures, from its own summary.json.'],
    missing: [
      ...(generators.size > 1
        ? ['These runs worked on different generators (inputs.json): their numbers can’t be compared.']
        : []),
      ...(counts.size > 1
        ? ['Not all runs were measured on the same number of latents; the fewer, the less a number says.']
        : []),
      ...runs.filter(({ sheet }) => !sheet).map(({ dir }) => `${dir}: has no before-after.png`),
    ],
    sections: [
      {
        name: 'numbers',
        title: 'Numbers',
        text: [],
        tables: [
          {
            caption: 'Means over held-out pictures',
            head: ['run', 'prompt', 'pictures', 'hit before', 'hit', 'leak', 'identity', 'CLIP gain', 'took', 'device'],
            rows,
          },
        ],
        figures: [],
        ...{ numbers: [], missing: [], differs: [] },
      },
      { name: 'pictures', title: 'Pictures', text: [], tables: [], figures, numbers: [], missing: [], differs: [] },
    ],
    facts: [
      ['made', environment().time],
      ...runs.map(({ dir, generator }) => [dir, `generator ${generator?.slice(0, 16) ?? 'not known'}`]),
    ],
    provenance: { caption: 'Folders', head: ['run', 'method'], rows: runs.map(({ dir, method }) => [dir, method]) },
  };
}

/**
 * Writes the page.
 * @throws UserError when a folder is no finished run, or fewer than two are given
 */
export async function compareRuns(dirs: readonly string[], out: string): Promise<void> {
  if (dirs.length < 2) throw usageError('say which runs: two folders at least');
  const runs: FinishedRun[] = [];
  for (const dir of dirs) runs.push(await readRun(dir));
  await writeFileAtomic(out, toHtml(comparePage(runs)));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
