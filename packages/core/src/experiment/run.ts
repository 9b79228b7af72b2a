/**
 * A run: one folder that holds everything an experiment leaves.
 *
 *     runs/<package>/<name>/config.yaml          the resolved configuration
 *                           environment.json     versions, machine, device, seed, commit
 *                           inputs.json          hashes of the networks and latents it works on
 *                           metrics.jsonl        one line a measurement
 *                           events.out.*         the same for TensorBoard, see tensorboard.ts
 *                           checkpoints/         see checkpoints.ts
 *                           samples/*.png
 *                           summary.json         the final numbers
 *                           lock                 while a process works on it, see run-lock.ts
 *
 * Files are written whole, except metrics.jsonl, which grows. A run that is resumed goes on from its newest
 * checkpoint: metrics.jsonl is cut back to what it held then, so that on the CPU a stopped and resumed run leaves the
 * same numbers as one that never stopped. A loop looks at `run.interrupted` (or awaits `run.poll()`), saves a
 * checkpoint, and throws `run.interruption()`.
 */
import { appendFile, open, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hasCode, Interrupted } from '../errors.js';
import { writeFileAtomic, writeJsonAtomic } from '../files/atomic-file.js';
import type { Weights } from '../tensors/weights.js';
import { type Checkpoint, type Json, readLatestCheckpoint, writeCheckpoint } from './checkpoints.js';
import { Interrupts } from './interrupts.js';
import { resumeCommand } from './resume-command.js';
import { unlockRun } from './run-lock.js';
import { beginFolder, continueFolder, findRun, type RunPlace } from './run-folder.js';
import { type EventFile, openEventFile } from './tensorboard.js';

export interface RunOptions extends RunPlace {
  /** How many checkpoints are kept. */
  keep?: number;
}

/**
 * Begins a run, or goes on with one.
 * @throws UserError when the folder is taken, or when config or inputs are not those that the run was begun with
 */
export async function createRun(options: RunOptions): Promise<Run> {
  const { dir, going } = await findRun(options);
  if (!going) {
    await beginFolder(dir, options);
    return new Run(dir, options, undefined, await openEventFile(dir, { config: options.config }));
  }
  await continueFolder(dir, options);
  const checkpoint = await readLatestCheckpoint(join(dir, 'checkpoints'));
  await cutMetrics(join(dir, 'metrics.jsonl'), checkpoint?.metricsBytes ?? 0);
  const events = await openEventFile(dir, { config: options.config, resumedAfter: checkpoint?.step });
  return new Run(dir, options, checkpoint, events);
}

export class Run {
  readonly dir: string;
  private readonly options: RunOptions;
  private readonly interrupts = new Interrupts();
  private found: Checkpoint | undefined;
  private readonly events: EventFile;

  /** Use `createRun`. */
  constructor(dir: string, options: RunOptions, found: Checkpoint | undefined, events: EventFile) {
    this.dir = dir;
    this.options = options;
    this.found = found;
    this.events = events;
  }

  /** The checkpoint to go on from; undefined for a run that begins. The caller owns its tensors. */
  async latestCheckpoint(): Promise<Checkpoint | undefined> {
    const found = this.found ?? (await readLatestCheckpoint(join(this.dir, 'checkpoints')));
    this.found = undefined;
    return found;
  }

  /** Appends a line to metrics.jsonl. NaN and infinities become null, as JSON has it. */
  async metrics(record: Readonly<Record<string, Json | undefined>>): Promise<void> {
    await appendFile(join(this.dir, 'metrics.jsonl'), `${JSON.stringify(record)}\n`);
    await this.events.metrics(record);
  }

  /** All lines of metrics.jsonl, for charts. */
  async readMetrics(): Promise<Record<string, Json>[]> {
    const text = await readFile(join(this.dir, 'metrics.jsonl'), 'utf8');
    return text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Record<string, Json>);
  }

  /**
   * Saves a checkpoint, whole or not at all.
   *
   * @param step steps done
   * @param weights records of tensors under plain names: parameters, optimizer state …
   * @param state anything else that JSON can hold: random state, position in the data …
   */
  async saveCheckpoint(step: number, weights: Readonly<Record<string, Weights>>, state: unknown = {}): Promise<string> {
    const metricsBytes = await flushedSize(join(this.dir, 'metrics.jsonl'));
    return writeCheckpoint(join(this.dir, 'checkpoints'), {
      step,
      weights,
      state,
      metricsBytes,
      keep: this.options.keep ?? 2,
    });
  }

  /** Writes samples/<name>.png (`.png` may be left out). @returns its path */
  async saveImage(name: string, png: Uint8Array): Promise<string> {
    const path = await this.saveFile(join('samples', name.endsWith('.png') ? name : `${name}.png`), png);
    await this.events.picture(name, png);
    return path;
  }

  /** Writes any other file of the run, whole. @returns its path */
  async saveFile(name: string, data: string | Uint8Array): Promise<string> {
    const path = join(this.dir, name);
    await writeFileAtomic(path, data);
    return path;
  }

  /** Writes summary.json, the final numbers. */
  async writeSummary(summary: object): Promise<void> {
    await writeJsonAtomic(join(this.dir, 'summary.json'), summary);
  }

  /** Whether the user has pressed Ctrl-C: save a checkpoint and stop. */
  get interrupted(): boolean {
    return this.interrupts.interrupted;
  }

  /** Lets waiting signals in (a loop of heavy synchronous work keeps them out), then says whether to stop. */
  async poll(): Promise<boolean> {
    await new Promise((resolve) => setImmediate(resolve));
    return this.interrupted;
  }

  /** Calls `listener` when the user presses Ctrl-C. */
  onInterrupt(listener: () => void): void {
    this.interrupts.onInterrupt(listener);
  }

  /** The command that goes on with this run. */
  get resumeCommand(): string {
    return resumeCommand();
  }

  /** What to throw once the checkpoint is saved; `runCommand` prints it and ends with exit code 130. */
  interruption(step: number): Interrupted {
    return new Interrupted(`stopped and saved after step ${step} in ${this.dir}; go on with: ${this.resumeCommand}`);
  }

  /** Stops listening for Ctrl-C and lets others work on the run; the end of it here. */
  close(): void {
    this.interrupts.close();
    unlockRun(this.dir);
  }
}

/** Brings a metrics file back to its first `bytes` bytes; makes one that is not there. */
async function cutMetrics(path: string, bytes: number): Promise<void> {
  const size = await stat(path).then(
    (found) => found.size,
    (error: unknown) => {
      if (hasCode(error, 'ENOENT')) return 0;
      throw error;
    },
  );
  if (size === 0 || bytes === 0) await writeFile(path, '');
  else if (size > bytes) await truncate(path, bytes);
}

/** A file's size, once all of it is on the disk: a checkpoint must not know more lines than a power cut leaves. */
async function flushedSize(path: string): Promise<number> {
  const file = await open(path, 'r+');
  try {
    await file.sync();
    return (await file.stat()).size;
  } finally {
    await file.close();
  }
}
