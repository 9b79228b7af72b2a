/**
 * One process at a time works on a run: two that resume the same one would mix their metrics and checkpoints.
 *
 * The folder holds a file `lock` that names its process. A process that was killed leaves the file behind, so it counts only
 * while that very process is alive on this machine: on Linux its start is compared too, since numbers of processes come again.
 * A lock from another machine does not count, for nobody here can tell whether its process still runs.
 */
import { readFileSync, rmSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { hasCode, usageError } from '../errors.js';

const schema = z.object({ pid: z.number().int().positive(), host: z.string(), start: z.string().optional() });

const FILE = 'lock';

/** @throws UserError when another process works on the run in this folder */
export async function requireIdle(dir: string): Promise<void> {
  const pid = await ownerOf(dir);
  if (pid === undefined || pid === process.pid) return;
  throw usageError(
    `${dir}: process ${pid} is working on this run; wait for it, or stop it (if there is none, delete ${join(dir, FILE)})`,
  );
}

/** Makes the run in this folder this process's own. */
export async function lockRun(dir: string): Promise<void> {
  await requireIdle(dir);
  const lock: z.infer<typeof schema> = { pid: process.pid, host: hostname(), start: await startOf(process.pid) };
  await writeFile(join(dir, FILE), `${JSON.stringify(lock)}\n`);
}

/** Lets others work on the run, unless it is somebody else's. At once, so that it can stand in any clean-up. */
export function unlockRun(dir: string): void {
  const path = join(dir, FILE);
  try {
    const lock = schema.safeParse(parseJson(readFileSync(path, 'utf8')));
    if (lock.data?.pid === process.pid && lock.data.host === hostname()) rmSync(path);
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error;
  }
}

/** The living process that the folder's lock names. */
async function ownerOf(dir: string): Promise<number | undefined> {
  const text = await readFile(join(dir, FILE), 'utf8').catch(() => '');
  const lock = schema.safeParse(parseJson(text));
  if (!lock.success || lock.data.host !== hostname() || !isAlive(lock.data.pid)) return undefined;
  return (await startOf(lock.data.pid)) === lock.data.start ? lock.data.pid : undefined;
}

/** Whether a process of this number is there. */
export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return !hasCode(error, 'ESRCH');
  }
}

/** When a process was started, in ticks since this Linux was; undefined elsewhere. */
async function startOf(pid: number): Promise<string | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  // The second field, the program's name in brackets, may hold anything; the start is the twentieth after it.
  return text?.slice(text.lastIndexOf(')') + 2).split(' ')[19];
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
