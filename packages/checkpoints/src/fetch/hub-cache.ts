/**
 * The folder that Hugging Face's own tools keep downloads in, so that a file which is there already is not fetched again.
 *
 *     <cache>/models--<owner>--<name>/blobs/<hash>               the content, once
 *                                     blobs/<hash>.incomplete    what a stopped download left
 *                                     snapshots/<revision>/<file> → ../../blobs/<hash>
 *                                     refs/main                  the revision that "main" meant last
 *
 * <cache> is $HF_HUB_CACHE, else $HF_HOME/hub, else ~/.cache/huggingface/hub (https://huggingface.co/docs/huggingface_hub,
 * "Understand caching"). Where links can't be made, as on Windows without the right for it, the snapshot gets the file
 * itself. A file that comes from elsewhere than Hugging Face is kept the same way, under its server's name as the owner.
 *
 * npm's @huggingface/hub keeps the same folders, but its `downloadFileToCacheDir` (2.17) can't carry this: it writes
 * `*.incomplete` anew from the first byte, so a cut connection loses everything, and tries once; it renames what came
 * without looking at hash or size; it asks the server before it looks into the cache unless the revision is a commit, and
 * knows neither HF_HUB_OFFLINE nor HF_ENDPOINT; it sets no refs/main; nothing bounds what a server may send; two
 * processes share one partial file without a lock; and files of other servers are no business of its.
 */
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, symlink } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { failure, writeFileAtomic } from '@styleclip/core';

export interface HubSettings {
  /** The cache folder. */
  readonly cache: string;
  /** HF_HUB_OFFLINE: use what is there and ask no server. */
  readonly offline: boolean;
  /** HF_ENDPOINT, without a slash at its end. */
  readonly endpoint: string;
}

/** What the environment says, read as Hugging Face's own library reads it. */
export function hubSettings(env: NodeJS.ProcessEnv = process.env): HubSettings {
  const home = set(env['HF_HOME']) ?? join(set(env['XDG_CACHE_HOME']) ?? '~/.cache', 'huggingface');
  const cache = set(env['HF_HUB_CACHE']) ?? set(env['HUGGINGFACE_HUB_CACHE']) ?? join(home, 'hub');
  return {
    cache: cache.replace(/^~(?=$|[/\\])/, homedir()),
    offline: ['1', 'ON', 'YES', 'TRUE'].includes((env['HF_HUB_OFFLINE'] ?? '').toUpperCase()),
    endpoint: (set(env['HF_ENDPOINT']) ?? 'https://huggingface.co').replace(/\/+$/, ''),
  };
}

/** What the system answers where links are not allowed or not known. */
const NO_LINKS = ['EPERM', 'EACCES', 'ENOSYS', 'ENOTSUP'];

/** A place in the cache: one file of one repository at one revision. */
export interface Shelf {
  /** `owner/name`. */
  readonly repository: string;
  readonly file: string;
  /** Forty hexadecimal digits. */
  readonly revision: string;
}

/**
 * The shelf of a file that is not on Hugging Face: the server is the owner, the folder the name. A commit in the address
 * is the revision; without one the revision is made from the folder's address, so that it is the same every time.
 */
export function webShelf(url: string): Shelf {
  const { host, pathname, origin } = new URL(url);
  const parts = pathname.split('/').filter((part) => part !== '');
  const file = parts.pop() ?? '';
  const isHash = (part: string) => /^([0-9a-f]{40}|[0-9a-f]{64})$/.test(part);
  const name = parts.filter((part) => !isHash(part)).join('-') || 'files';
  const revision =
    parts.find((part) => part.length === 40 && isHash(part)) ??
    createHash('sha256')
      .update([origin, ...parts].join('/'))
      .digest('hex')
      .slice(0, 40);
  return { repository: `${host.replace(':', '-')}/${name}`, file, revision };
}

export function repositoryFolder(cache: string, repository: string): string {
  return join(cache, `models--${repository.replace('/', '--')}`);
}

/** Where a content of this hash (or other name of its own) lies, and where its unfinished download does. */
export function blobPaths(cache: string, repository: string, name: string): { blob: string; partial: string } {
  const blob = join(repositoryFolder(cache, repository), 'blobs', name);
  return { blob, partial: `${blob}.incomplete` };
}

/**
 * Copies of a file that are in the cache, the one that `main` points at first. They may be of other revisions, so the
 * caller proves their content.
 */
export async function findInCache(cache: string, repository: string, file: string): Promise<string[]> {
  const folder = repositoryFolder(cache, repository);
  const main = await readFile(join(folder, 'refs', 'main'), 'utf8').then(
    (text) => text.trim(),
    () => '',
  );
  const revisions = await readdir(join(folder, 'snapshots')).catch(() => []);
  const found: string[] = [];
  for (const revision of revisions.sort((a, b) => Number(b === main) - Number(a === main))) {
    const path = join(folder, 'snapshots', revision, file);
    const there = await stat(path).then(
      (it) => it.isFile(),
      () => false,
    );
    if (there) found.push(path);
  }
  return found;
}

/**
 * Puts a finished, proved download into its place: renamed to its blob, linked from its snapshot, `main` set.
 * @param name what the blob is called: its hash
 * @param link makes the link; can be replaced by one that fails as it does where links are not allowed
 * @returns the path in the snapshot
 */
export async function shelve(
  cache: string,
  { repository, file, revision }: Shelf,
  partial: string,
  name: string,
  link: (target: string, path: string) => Promise<void> = symlink,
): Promise<string> {
  const { blob } = blobPaths(cache, repository, name);
  const folder = repositoryFolder(cache, repository);
  const path = join(folder, 'snapshots', revision, file);
  try {
    await mkdir(dirname(path), { recursive: true });
    await rename(partial, blob);
    await rm(path, { force: true });
    await link(relative(dirname(path), blob), path).catch(async (error: unknown) => {
      if (!NO_LINKS.includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
      await rename(blob, path);
    });
    await writeFileAtomic(join(folder, 'refs', 'main'), revision);
  } catch (error) {
    throw failure(`${path}: can't be written: ${(error as Error).message}`, error);
  }
  return path;
}

function set(value: string | undefined): string | undefined {
  return value === undefined || value === '' ? undefined : value;
}
