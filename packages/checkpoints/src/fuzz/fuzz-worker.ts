/**
 * The thread in which damaged files are read.
 *
 * It takes one format and a range of cases. Where it is and what came of the cases stands in memory shared with the watcher
 * (fuzz.ts), which ends the thread when it stays at one case for too long; findings are sent one by one.
 */
import { parentPort, workerData } from 'node:worker_threads';
import type { Format } from './formats.js';
import { caseBytes, runCase } from './run-case.js';
import { readSeeds } from './seeds.js';

export interface FuzzTask {
  readonly format: string;
  /** URL of the module that exports the list of formats as `FORMATS`. */
  readonly formats: string;
  readonly seed: number;
  readonly from: number;
  readonly count: number;
  /** Whole numbers, at the places of `STATE`. */
  readonly state: Int32Array;
}

/** Places in the shared memory. */
export const STATE = {
  /** The case at hand, −1 before the first. */
  case: 0,
  accepted: 1,
  refused: 2,
  /** The longest that one case took, and which. */
  slowestMs: 3,
  slowestCase: 4,
  /** The most memory that the process has had, all threads together. */
  peakMegabytes: 5,
} as const;

export interface WorkerFinding {
  readonly index: number;
  readonly kind: 'untyped' | 'memory';
  readonly what: string;
}

/** A case may add this much to the process's peak. The files have some ten kilobytes; most of it is uncollected garbage. */
const CASE_MEGABYTES = 512;

async function run({ format: name, formats, seed, from, count, state }: FuzzTask): Promise<void> {
  const { FORMATS } = (await import(formats)) as { FORMATS: readonly Format[] };
  const format = FORMATS.find((candidate) => candidate.name === name);
  if (format === undefined) throw new Error(`no format called ${name}`);
  const report = (finding: WorkerFinding) => parentPort?.postMessage(finding);
  const seeds = await readSeeds(format.files);

  for (let index = from; index < from + count; index++) {
    const bytes = caseBytes(seeds, format, seed, index);
    const before = peakMegabytes();
    const start = performance.now();
    Atomics.store(state, STATE.case, index);
    const outcome = await runCase(format, bytes);
    const ms = Math.round(performance.now() - start);
    const peak = peakMegabytes();

    if (outcome.kind === 'untyped') report({ index, kind: 'untyped', what: outcome.stack });
    else Atomics.add(state, STATE[outcome.kind], 1);
    if (peak - before > CASE_MEGABYTES) report({ index, kind: 'memory', what: `${peak - before} MB more memory` });
    if (ms > Atomics.load(state, STATE.slowestMs)) {
      Atomics.store(state, STATE.slowestMs, ms);
      Atomics.store(state, STATE.slowestCase, index);
    }
    Atomics.store(state, STATE.peakMegabytes, peak);
  }
}

function peakMegabytes(): number {
  return Math.round(process.resourceUsage().maxRSS / 1024);
}

if (parentPort !== null) await run(workerData as FuzzTask);
