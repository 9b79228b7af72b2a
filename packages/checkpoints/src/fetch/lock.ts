/**
 * One download of a file at a time: two processes that append to the same partial file would spoil it.
 *
 * A lock is a file that holds the process's number and is made only if it is not there. One that a dead process left
 * is taken over. (Hugging Face's own library locks with fcntl, which Node can't; the proof of the hash catches that.)
 */
import { mkdir, open, readFile, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { failure } from '@styleclip/core';

/**
 * Runs `work` while holding the lock.
 * @throws UserError when another living process holds it
 */
export async function withLock<T>(path: string, work: () => Promise<T>): Promise<T> {
  await take(path);
  try {
    return await work();
  } finally {
    await rm(path, { force: true });
  }
}

async function take(path: string): Promise<void> {
  for (let tries = 0; tries < 2; tries++) {
    try {
      await mkdir(dirname(path), { recursive: true });
      const file = await open(path, 'wx');
      await file.writeFile(String(process.pid));
      await file.close();
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST')
        throw failure(`${path}: can't be made: ${(error as Error).message}`, error);
    }
    const owner = Number((await readFile(path, 'utf8').catch(() => '')).trim());
    if (isAlive(owner))
      throw failure(
        `${path}: process ${owner} is downloading this file; wait for it, or remove this lock if it is not`,
      );
    await rm(path, { force: true });
  }
  throw failure(`${path}: another process takes this lock again and again`);
}

function isAlive(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
