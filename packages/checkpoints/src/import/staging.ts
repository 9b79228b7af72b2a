/**
 * A folder beside the bundle in which everything is made ready first. A new bundle appears by one rename; into one that
 * is there already, files are renamed one by one, bundle.json last, so that it never lists a file that is not there yet.
 */
import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';

import { failure, oneLine } from '@styleclip/core';

export interface Staging {
  readonly dir: string;
  /** Puts the files into the bundle. */
  publish(): Promise<void>;
  /** Removes what is left; harmless after `publish`. */
  discard(): Promise<void>;
}

/** @throws UserError when the bundle's name is taken by something else than a folder */
export async function createStaging(to: string): Promise<Staging> {
  const target = resolve(to);
  const there = await stat(target).catch(() => undefined);
  if (there && !there.isDirectory()) throw failure(`${to}: is not a folder; name another one by --to`);
  const dir = `${target}.${process.pid}-${randomBytes(4).toString('hex')}.tmp`;
  await mkdir(dirname(target), { recursive: true });
  await mkdir(dir);
  return {
    dir,
    async publish() {
      if (!(await exists(target))) return rename(dir, target);
      const files = (await readdir(dir)).sort((a, b) => Number(a === 'bundle.json') - Number(b === 'bundle.json'));
      for (const file of files) await rename(join(dir, file), join(target, file));
      await rm(dir, { recursive: true });
    },
    discard: () => rm(dir, { recursive: true, force: true }),
  };
}

/** What the file system threw while a bundle was written, as one line for the user; any other error stays. */
export function asWriteFailure(to: string, error: unknown): unknown {
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
  return code?.startsWith('E') === true ? failure(`${to}: can't be written: ${oneLine(error)}`, error) : error;
}

export async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
