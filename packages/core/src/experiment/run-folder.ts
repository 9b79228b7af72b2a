/**
 * A run's folder before and while it is opened: is it free, is it a run, may this configuration go on with it?
 *
 * A new folder is filled under a temporary name beside its place and renamed, so at whatever moment a process is killed there
 * is a whole run or none; `--force` moves the old run away first, in the same manner. What such a kill leaves behind
 * (`.<name>.<process>.tmp`) is swept away by the next run of that name.
 */
import { mkdir, readdir, readFile, rename, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { failure, hasCode, oneLine, usageError } from '../errors.js';
import { writeJsonAtomic } from '../files/atomic-file.js';
import type { Json } from './checkpoints.js';
import { environment } from './environment.js';
import { requireSameConfig, writeConfig } from './run-config.js';
import { changedInputs, readInputs, writeInputs, type RunInputs } from './run-inputs.js';
import { isAlive, lockRun, requireIdle } from './run-lock.js';
import { runNameProblem } from './run-name.js';

/** Where a run is, what it is made from, and what may happen to a run that is there already. */
export interface RunPlace {
  /** Folder of all runs. */
  root?: string;
  /** The package that makes the run, such as `train-mapper`. */
  package: string;
  /** The run's own name; see run-name.ts. */
  name: string;
  /** The resolved configuration: plain data. */
  config: object;
  /** The files that the run's numbers come from: networks, latents. A run goes on only with the same ones. */
  inputs?: RunInputs;
  /** Go on with a run that is there (one that is not there is begun). */
  resume?: boolean;
  /** Replace a run that is there. */
  force?: boolean;
  /** Top-level config keys that may differ from the run's own when it is resumed. */
  mayChange?: readonly string[];
  /** What else belongs into environment.json: device, seed … */
  environment?: Readonly<Record<string, Json>>;
}

/** What stands at a run's place. */
export interface FoundRun {
  dir: string;
  /** There is a run, and it is to be gone on with. */
  going: boolean;
  /** summary.json of a run that is to be gone on with and has come to its end. */
  summary?: unknown;
}

/**
 * Looks at a run's place and writes nothing: for `--dry-run`, and before anything is loaded.
 * @throws UserError for a bad name, a folder that is taken, a run that another process works on, or one of another
 *   configuration or other inputs
 */
export async function findRun(place: RunPlace): Promise<FoundRun> {
  const { root = 'runs', package: owner, name, resume = false, force = false } = place;
  const problem = runNameProblem(name);
  if (problem !== undefined) throw usageError(`name ${problem}`);
  if (resume && force) throw usageError('--resume and --force exclude each other: go on with the run, or replace it');
  const dir = join(root, owner, name);
  if (!(await isTaken(dir))) return { dir, going: false };
  if (!resume && !force) {
    throw usageError(
      `${dir}: this run exists already; go on with it by --resume, replace it by --force, or give another --name`,
    );
  }
  if (!(await exists(join(dir, 'environment.json')))) {
    throw usageError(
      `${dir}: not the folder of a run (no environment.json), so ${resume ? '--resume' : '--force'} leaves it alone; give another --name`,
    );
  }
  await requireIdle(dir);
  if (force) return { dir, going: false };
  await requireSameConfig(dir, place.config, place.mayChange ?? []);
  if (place.inputs) await requireSameInputs(dir, place.inputs);
  const summary = await readSummary(join(dir, 'summary.json'));
  return { dir, going: true, ...(summary !== undefined && { summary }) };
}

/** Makes the folder of a new run, whole; moves a run that `force` replaces out of the way. */
export async function beginFolder(dir: string, place: RunPlace): Promise<void> {
  await mkdir(dirname(dir), { recursive: true });
  await sweep(dir);
  const fresh = temporaryBeside(dir, 'new');
  try {
    await mkdir(join(fresh, 'samples'), { recursive: true });
    await writeConfig(fresh, place.config);
    await writeJsonAtomic(join(fresh, 'environment.json'), { ...environment(), ...place.environment });
    if (place.inputs) await writeInputs(fresh, place.inputs);
    await writeFile(join(fresh, 'metrics.jsonl'), '');
    await lockRun(fresh);
    await putInPlace(fresh, dir, place.force ?? false);
  } catch (error) {
    await rm(fresh, { recursive: true, force: true });
    throw error;
  }
}

async function putInPlace(fresh: string, dir: string, replace: boolean): Promise<void> {
  const old = temporaryBeside(dir, 'old');
  if (replace) await rename(dir, old).catch(unlessAbsent);
  try {
    await rmdir(dir).catch(unlessAbsent); // an empty folder is free
    await rename(fresh, dir);
  } catch (error) {
    throw usageError(`${dir}: was taken while this run began (${oneLine(error)}); give another --name`, error);
  }
  await rm(old, { recursive: true, force: true });
}

/** Notes in the folder of a run that it goes on here and now. */
export async function continueFolder(dir: string, place: RunPlace): Promise<void> {
  await lockRun(dir);
  await writeConfig(dir, place.config);
  await addResumption(join(dir, 'environment.json'), { ...environment(), ...place.environment });
  if (place.inputs && (await readInputs(dir)) === undefined) {
    process.stderr.write(`${dir}: does not say which inputs it was begun with; they are recorded from here on\n`);
    await writeInputs(dir, place.inputs);
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

async function requireSameInputs(dir: string, inputs: RunInputs): Promise<void> {
  const changes = changedInputs((await readInputs(dir)) ?? inputs, inputs);
  if (changes.length > 0) {
    throw usageError(
      `${dir}: the run was begun with other inputs (${changes.join('; ')}); bring them back, or give another --name`,
    );
  }
}

/** summary.json, or undefined where there is none yet. */
async function readSummary(path: string): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw failure(`${path}: can't be read: ${oneLine(error)}`, error);
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw failure(`${path}: not valid JSON: ${oneLine(error)}; delete it, and --resume measures again`, error);
  }
}

/** environment.json is the beginning's; each resumption adds its own to `resumed`. */
async function addResumption(path: string, now: object): Promise<void> {
  const before = await readFile(path, 'utf8').then(
    (text) => JSON.parse(text) as Record<string, unknown>,
    () => ({}) as Record<string, unknown>,
  );
  const resumed = Array.isArray(before['resumed']) ? (before['resumed'] as unknown[]) : [];
  await writeJsonAtomic(path, { ...before, resumed: [...resumed, now] });
}

/** A name in the same folder that no run can have, since it begins with a dot. */
function temporaryBeside(dir: string, what: 'new' | 'old'): string {
  return join(dirname(dir), `.${basename(dir)}.${process.pid}.${what}.tmp`);
}

/** Removes what killed processes left of runs of this name. */
async function sweep(dir: string): Promise<void> {
  const left = new RegExp(`^\\.${basename(dir).replaceAll('.', '\\.')}\\.(\\d+)\\.(new|old)\\.tmp$`);
  for (const name of await readdir(dirname(dir))) {
    const owner = Number(left.exec(name)?.[1]);
    if (owner === process.pid || (owner > 0 && !isAlive(owner))) {
      await rm(join(dirname(dir), name), { recursive: true, force: true });
    }
  }
}

function unlessAbsent(error: unknown): void {
  if (!hasCode(error, 'ENOENT')) throw error;
}
