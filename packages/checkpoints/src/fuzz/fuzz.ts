/**
 * Fuzzing: many damaged files, read in a thread that is watched.
 *
 * The watcher looks at the number of the case that the thread is at. If it stays for five seconds, the case hangs: the thread
 * is ended, which works in the middle of a loop too, and another one goes on behind it. A thread that dies (memory, an
 * error outside of the reader's promise) is a crash of the case it was at. The damaged files follow from the seed, so a
 * finding is made again by its number.
 */
import { once } from 'node:events';
import { extname } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { oneLine } from '@styleclip/core';
import { type FuzzTask, STATE, type WorkerFinding } from './fuzz-worker.js';

/** A reader that takes longer for some ten kilobytes hangs. */
export const HANG_MS = 5000;

/** Heap of the thread; a reader that wants more for such a file is out of bounds. */
const HEAP_MEGABYTES = 768;

/** Time to load the program and the first files; modules may have to be compiled from source. */
const START_MS = 120_000;

const LOOK_MS = 100;

/** Hangs and crashes after which a format is given up. */
const MAX_ENDS = 20;

export interface Finding {
  readonly format: string;
  readonly index: number;
  readonly kind: WorkerFinding['kind'] | 'hang' | 'crash';
  readonly what: string;
}

export interface FormatResult {
  readonly format: string;
  /** How many were run: fewer than asked for where a format was given up. */
  readonly cases: number;
  readonly accepted: number;
  readonly refused: number;
  readonly findings: readonly Finding[];
  readonly slowestMs: number;
  readonly slowestCase: number;
  readonly peakMegabytes: number;
}

export interface FuzzOptions {
  readonly count: number;
  readonly seed: number;
  /** URL of the module with the list of formats. */
  readonly formats?: string;
  /** Called ten times a second with the cases done so far. */
  readonly onProgress?: (done: number) => void;
}

/** Runs `count` cases of one format. @throws Error when the thread does not even start */
export async function fuzzFormat(
  format: string,
  {
    count,
    seed,
    formats = new URL(`./formats${extname(import.meta.url)}`, import.meta.url).href,
    onProgress = () => undefined,
  }: FuzzOptions,
): Promise<FormatResult> {
  const findings: Finding[] = [];
  const state = new Int32Array(new SharedArrayBuffer(4 * Object.keys(STATE).length));
  let next = 0;
  for (let ends = 0; next < count && ends < MAX_ENDS; ends++) {
    state[STATE.case] = -1;
    const worker = startThread({ format, formats, seed, from: next, count: count - next, state });
    worker.on('message', (finding: WorkerFinding) => findings.push({ format, ...finding }));
    const end = await watch(worker, state, onProgress);
    next = (state[STATE.case] as number) + 1;
    if (end === undefined) break;
    if (next === 0) throw new Error(`${format}: the thread did not start: ${end.what}`);
    findings.push({ format, index: next - 1, ...end });
  }
  onProgress(next);
  const at = (place: keyof typeof STATE) => state[STATE[place]] as number;
  return {
    format,
    cases: next,
    accepted: at('accepted'),
    refused: at('refused'),
    findings,
    slowestMs: at('slowestMs'),
    slowestCase: at('slowestCase'),
    peakMegabytes: at('peakMegabytes'),
  };
}

/** Waits for a thread's end. @returns why it ended, unless it did all of its cases */
async function watch(
  worker: Worker,
  state: Int32Array,
  onProgress: (done: number) => void,
): Promise<Pick<Finding, 'kind' | 'what'> | undefined> {
  const ended = once(worker, 'exit').then(
    ([code]) => (code === 0 ? { what: undefined } : { what: `the thread ended with code ${String(code)}` }),
    (error: unknown) => ({ what: oneLine(error) }),
  );
  let seen = -1;
  let since = performance.now();
  for (;;) {
    const end = await Promise.race([ended, wait(LOOK_MS)]);
    if (end !== undefined) return end.what === undefined ? undefined : { kind: 'crash', what: end.what };
    const at = Atomics.load(state, STATE.case);
    const limit = at < 0 ? START_MS : HANG_MS;
    if (at !== seen) {
      seen = at;
      since = performance.now();
      onProgress(at);
    } else if (performance.now() - since > limit) {
      await worker.terminate();
      return { kind: 'hang', what: `longer than ${limit / 1000} seconds` };
    }
  }
}

/** The same file serves the built package and the sources, which Node loads through tsx. */
function startThread(task: FuzzTask): Worker {
  const options = { workerData: task, resourceLimits: { maxOldGenerationSizeMb: HEAP_MEGABYTES } };
  if (!import.meta.url.endsWith('.ts')) return new Worker(new URL('./fuzz-worker.js', import.meta.url), options);
  // tsx's `--import` hook does not reach into threads; its programming interface does.
  const tsx = import.meta.resolve('tsx/esm/api');
  const source = new URL('./fuzz-worker.ts', import.meta.url).href;
  const start = `import(${JSON.stringify(tsx)}).then(({ register }) => { register(); return import(${JSON.stringify(source)}); })`;
  return new Worker(start, { ...options, eval: true, execArgv: ['--conditions=@styleclip/source'] });
}
