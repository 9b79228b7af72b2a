/**
 * A run: one folder that holds everything an experiment leaves.
 *
 *     runs/<package>/<name>/config.yaml          the resolved configuration
 *                           environment.json     versions, machine, device, seed, commit
 *                           metrics.jsonl        one line a measurement
 *                           events.out.*         the same for TensorBoard, see tensorboard.ts
 *                           checkpoints/         see checkpoints.ts
 *                           samples/*.png
 *                           summary.json         the final numbers
 *
 * Files are written whole, except metrics.jsonl, which grows. A run that is resumed goes on from its newest
 * checkpoint: metrics.jsonl is cut back to what it held then, so that on the CPU a stopped and resumed run leaves the
 * same numbers as one that never stopped. A loop looks at `run.interrupted` (or awaits `run.poll()`), saves a
 * checkpoint, and throws `run.interruption()`.
 */
import { appendFile, mkdir, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { writeFileAtomic, writeJsonAtomic } from '../files/atomic-file.js';
import { type Checkpoint, type Json, readLatestCheckpoint, writeCheckpoint } from './checkpoints.js';
import { environment } from './environment.js';
import { failure, hasCode, Interrupted, usageError } from '../errors.js';
import { Interrupts } from './interrupts.js';
import { resumeCommand } from './resume-command.js';
import { type EventFile, openEventFile } from './tensorboard.js';
import type { Weights } from '../tensors/weights.js';

export interface RunOptions {
  /** Folder of all runs. */
  root?: string;
  /** The package that makes the run, such as `train-mapper`. */
  package: string;
  /** The run's own name; letters, digits, `.`, `_` and `-`. */
  name: string;
  /** The resolved configuration: plain data. */
  config: object;
  /** Go on with a run that is there (one that is not there is begun). */
  resume?: boolean;
  /** Replace a run that is there. */
  force?: boolean;
  /** Top-level config keys that may differ from the run's own when it is resumed. */
  mayChange?: readonly string[];
  /** What else belongs into environment.json: device, seed … */
  environment?: Readonly<Record<string, Json>>;
  /** The command that goes on with this run, shown after Ctrl-C; made from this process's arguments by default. */
  resumeCommand?: string;
  /** How many checkpoints are kept. */
  keep?: number;
}

/** Begins a run, or goes on with one. @throws UserError when the folder is taken, or the config is another one */
export async function createRun(options: RunOptions): Promise<Run> {
  const { root = 'runs', package: owner, name, config, resume = false, force = false, mayChange = [] } = options;
  if (!/^[\w-][\w.-]*$/.test(name))
    throw usageError(`a run's name may hold letters, digits, ".", "_" and "-", got "${name}"`);
  if (resume && force) throw usageError('--resume and --force exclude each other: go on with the run, or replace it');
  const dir = join(root, owner, name);

  const taken = await isTaken(dir);
  if (taken && !resume && !force) {
    throw usageError(
      `${dir}: this run exists already; go on with it by --resume, replace it by --force, or give another --name`,
    );
  }
  if (taken && force) {
    if (!(await exists(join(dir, 'environment.json'))))
      throw usageError(
        `${dir}: not the folder of a run (no environment.json), so --force leaves it alone; give another --name`,
      );
    await rm(dir, { recursive: true });
  }
  await mkdir(join(dir, 'samples'), { recursive: true });

  const going = taken && resume;
  if (going) await requireSameConfig(dir, config, mayChange);
  await writeFileAtomic(join(dir, 'config.yaml'), stringify(plain(config)));
  await writeEnvironment(dir, going, options.environment ?? {});

  const checkpoint = going ? await readLatestCheckpoint(join(dir, 'checkpoints')) : undefined;
  await cutMetrics(join(dir, 'metrics.jsonl'), checkpoint?.metricsBytes ?? 0);
  const events = await openEventFile(dir, { config: plain(config), resumedAfter: checkpoint?.step });
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
    const { size: metricsBytes } = await stat(join(this.dir, 'metrics.jsonl'));
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
    return this.options.resumeCommand ?? resumeCommand();
  }

  /** What to throw once the checkpoint is saved; `runCommand` prints it and ends with exit code 130. */
  interruption(step: number): Interrupted {
    return new Interrupted(`stopped and saved after step ${step} in ${this.dir}; go on with: ${this.resumeCommand}`);
  }

  /** Stops listening for Ctrl-C; the end of a run. */
  close(): void {
    this.interrupts.close();
  }
}

/** Whether something is in the folder. An empty folder is free. */
async function isTaken(dir: string): Promise<boolean> {
  try {
    return (await readdir(dir)).length > 0;
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return false;
    if (hasCode(error, 'ENOTDIR')) throw usageError(`${dir}: is a file, not a folder; give another --name`);
    throw error;
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/** The config as JSON keeps it: undefined fields gone. */
function plain(config: object): Record<string, unknown> {
  return JSON.parse(JSON.stringify(config)) as Record<string, unknown>;
}

async function requireSameConfig(dir: string, config: object, mayChange: readonly string[]): Promise<void> {
  const path = join(dir, 'config.yaml');
  let before: Record<string, unknown>;
  try {
    before = (parse(await readFile(path, 'utf8')) ?? {}) as Record<string, unknown>;
  } catch (error) {
    throw failure(`${path}: can't be read, so the run can't be resumed; replace it by --force`, error);
  }
  const now = plain(config);
  const changes = [...new Set([...Object.keys(before), ...Object.keys(now)])]
    .filter((key) => !mayChange.includes(key))
    .flatMap((key) => differences(key, before[key], now[key]));
  if (changes.length > 0) {
    throw usageError(
      `${path}: the run was begun with another configuration (${changes.slice(0, 4).join('; ')}${changes.length > 4 ? '; …' : ''}); resume it unchanged, or give another --name`,
    );
  }
}

/** Lines such as `losses.clip was 1, is 2`. */
function differences(key: string, before: unknown, now: unknown): string[] {
  if (isRecord(before) && isRecord(now)) {
    const keys = new Set([...Object.keys(before), ...Object.keys(now)]);
    return [...keys].flatMap((inner) => differences(`${key}.${inner}`, before[inner], now[inner]));
  }
  const [a, b] = [JSON.stringify(before) ?? 'not set', JSON.stringify(now) ?? 'not set'];
  return a === b ? [] : [`${key} was ${a}, is ${b}`];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** environment.json is the beginning's; each resumption adds its own to `resumed`. */
async function writeEnvironment(dir: string, going: boolean, extra: Readonly<Record<string, Json>>): Promise<void> {
  const path = join(dir, 'environment.json');
  const now = { ...environment(), ...extra };
  if (!going) return writeJsonAtomic(path, now);
  const before = await readFile(path, 'utf8').then(
    (text) => JSON.parse(text) as Record<string, unknown>,
    () => ({}) as Record<string, unknown>,
  );
  const resumed = Array.isArray(before['resumed']) ? (before['resumed'] as unknown[]) : [];
  return writeJsonAtomic(path, { ...before, resumed: [...resumed, now] });
}

async function cutMetrics(path: string, bytes: number): Promise<void> {
  if (bytes === 0) return writeFile(path, '');
  if (!(await exists(path))) return writeFile(path, '');
  if ((await stat(path)).size > bytes) await truncate(path, bytes);
}
