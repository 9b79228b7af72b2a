/**
 * From a name in the table to proved files in the cache.
 *
 * All checks come before any download: the name, files that must be had by hand, licences that want a yes. A file that
 * is in the cache is proved again and used; else its addresses are tried in their order. Offline, the cache is all there is.
 */
import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { failure, Interrupted, UserError, usageError } from '@styleclip/core';
import { download, type DownloadOptions, mismatch } from './download.js';
import { fingerprints, type Fingerprints } from './fingerprints.js';
import { describeHubFile } from './hub-api.js';
import {
  blobPaths,
  findInCache,
  type HubSettings,
  repositoryFolder,
  shelve,
  type Shelf,
  webShelf,
} from './hub-cache.js';
import { importLine } from './import-line.js';
import { KNOWN_FILES, type KnownFile, type KnownFiles, type Origin, type Proof } from './known-files.js';
import { withLock } from './lock.js';
import { megabytes } from './megabytes.js';
import { sizeOf } from './partial-file.js';

export interface FetchOptions extends Omit<DownloadOptions, 'onProgress' | 'onFault'> {
  readonly settings: HubSettings;
  readonly acceptLicence?: boolean;
  readonly table?: KnownFiles;
  /** One line for the person at the keyboard. */
  readonly log?: (line: string) => void;
  /** Called once for each download; what it returns is told of the bytes, and then that it has ended. */
  readonly meter?: (label: string) => Meter;
}

export interface Meter {
  readonly update: (done: number, total: number | undefined) => void;
  readonly stop: () => void;
}

/** A file that was fetched, or was there already. */
export interface FetchedFile {
  readonly name: string;
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
  /** Whether a published hash proves it; otherwise `sha256` is what to compare. */
  readonly proved: boolean;
  readonly cached: boolean;
  readonly licence: string;
}

export interface Fetched {
  readonly name: string;
  readonly files: readonly FetchedFile[];
  /** The command to go on with; undefined for files that nothing here imports. */
  readonly import: string | undefined;
}

/**
 * Fetches one file or set.
 * @throws UserError for an unknown name (exit code 2), a licence not accepted (2), or files that can't be had;
 * Interrupted when stopped, saying what is kept and how to go on
 */
export async function fetchKnown(name: string, options: FetchOptions): Promise<Fetched> {
  const { table = KNOWN_FILES, log = () => {}, acceptLicence = false } = options;
  const names = filesOf(name, table);
  const wanted = names.map((each) => [each, table.files[each] as KnownFile] as const);
  for (const [each, file] of wanted) if (file.origins.length === 0) throw byHand(each, file);
  for (const [each, { licence }] of wanted) log(`${each}: licence: ${licence.name}, ${licence.url}`);
  const unaccepted = wanted.filter(([, { licence }]) => licence.accept).map(([each]) => each);
  if (unaccepted.length > 0 && !acceptLicence) {
    throw usageError(
      `${unaccepted.join(' and ')}: read the licence${unaccepted.length > 1 ? 's' : ''} above, then say --accept-licence`,
    );
  }

  const files: FetchedFile[] = [];
  for (const [each, file] of wanted) files.push(await obtain(each, file, name, options));
  return { name, files, import: importLine(name, files, table) };
}

/** The files that a name stands for. */
function filesOf(name: string, table: KnownFiles): readonly string[] {
  if (Object.hasOwn(table.sets, name)) return table.sets[name] as readonly string[];
  if (Object.hasOwn(table.files, name)) return [name];
  throw usageError(
    `unknown name "${name}" (sets: ${Object.keys(table.sets).join(', ')}; files: ${Object.keys(table.files).join(', ')})`,
  );
}

function byHand(name: string, file: KnownFile): UserError {
  const line = importLine(name, [{ name, path: file.file }], { files: { [name]: file }, sets: {} });
  return failure(
    `"${name}" is not to be had by a program: open ${file.byHand} in a browser and save ${file.file}${line === undefined ? '' : `, then: ${line}`}`,
  );
}

async function obtain(name: string, file: KnownFile, asked: string, options: FetchOptions): Promise<FetchedFile> {
  const { settings, log = () => {}, signal } = options;
  const done = (path: string, found: Fingerprints, cached: boolean): FetchedFile => {
    const proved = file.proof !== 'unknown';
    log(
      `${name}: ${cached ? 'is in the cache: ' : ''}${path} (${megabytes(found.bytes)}, ${proved ? 'hash proved' : `no published hash; SHA-256 ${found.sha256}`})`,
    );
    const { bytes, sha256 } = found;
    return { name, path, bytes, sha256, proved, cached, licence: file.licence.name };
  };

  let damaged = false;
  for (const origin of file.origins) {
    const shelf = shelfOf(origin);
    for (const path of await findInCache(settings.cache, shelf.repository, shelf.file)) {
      const found = await stoppable(() => fingerprints(path, signal), signal, name, asked);
      const wrong = mismatch(found, file);
      if (wrong === undefined) return done(path, found, true);
      damaged = true;
      log(`${path}: not the file that is wanted: ${wrong}`);
    }
  }
  if (settings.offline) {
    throw failure(
      `${name}: ${damaged ? 'the copy in' : 'not in'} ${settings.cache}${damaged ? ' is not the right one' : ''}, and HF_HUB_OFFLINE forbids asking a server; unset it, or copy the cache from another machine`,
    );
  }

  let last: UserError | undefined;
  for (const origin of file.origins) {
    if (last) log(`${last.message}; trying the next address`);
    try {
      const { path, found } = await fromOrigin(name, file, origin, asked, options);
      return done(path, found, false);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      last = error;
    }
  }
  throw last ?? new Error(`${name}: no address`);
}

/** Downloads from one address and puts the file into the cache. */
async function fromOrigin(
  name: string,
  file: KnownFile,
  origin: Origin,
  asked: string,
  options: FetchOptions,
): Promise<{ path: string; found: Fingerprints }> {
  const { settings, log = () => {}, meter, signal } = options;
  const onFault = (message: string, pause: number) =>
    log(`${name}: ${message}; trying again in ${(pause / 1000).toFixed(0)} s`);
  const shelf = shelfOf(origin);
  const said =
    'repository' in origin
      ? await stoppable(() => describeHubFile(origin, settings.endpoint, { ...options, onFault }), signal, name, asked)
      : undefined;
  const url = 'url' in origin ? origin.url : (said?.url as string);
  const revision = said?.revision ?? shelf.revision;
  // A hash of the server's own is not the table's word, but it proves that the file arrived as it was sent.
  const proof: Proof = file.proof !== 'unknown' ? file.proof : proofOf(said?.etag);
  const blobName = proof === 'unknown' ? undefined : 'sha256' in proof ? proof.sha256 : proof.gitBlob;
  const gathering = blobName ?? createHash('sha256').update(url).digest('hex');
  const { partial } = blobPaths(settings.cache, shelf.repository, gathering);

  log(`${name}: ${url} → ${repositoryFolder(settings.cache, shelf.repository)}`);
  const bar = meter?.(basename(file.file));
  const fetchIt = async () => {
    try {
      const found = await download({ url, bytes: file.bytes ?? said?.bytes, proof }, partial, {
        ...options,
        onFault,
        ...(bar && { onProgress: bar.update }),
      });
      const path = await shelve(settings.cache, { ...shelf, revision }, partial, blobName ?? found.sha256);
      return { path, found };
    } finally {
      bar?.stop();
    }
  };
  return stoppable(() => withLock(`${partial}.lock`, fetchIt), signal, name, asked, partial);
}

function shelfOf(origin: Origin): Shelf {
  if ('url' in origin) return webShelf(origin.url);
  // The server names the commit; a mirror that doesn't gets one made from the repository's name.
  const revision = createHash('sha256').update(origin.repository).digest('hex').slice(0, 40);
  return { repository: origin.repository, file: origin.file, revision };
}

function proofOf(etag: string | undefined): Proof {
  if (etag === undefined) return 'unknown';
  return etag.length === 64 ? { sha256: etag } : { gitBlob: etag };
}

/** Turns a stop by the user into the line that says what is kept and how to go on. */
async function stoppable<T>(
  work: () => Promise<T>,
  signal: AbortSignal | undefined,
  name: string,
  asked: string,
  partial?: string,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!signal?.aborted) throw error;
    const kept = partial === undefined ? 0 : await sizeOf(partial);
    throw new Interrupted(
      `stopped at ${name}; ${kept > 0 ? `${megabytes(kept)} are kept in ${partial}` : 'nothing is lost'}; go on with: npx nx run checkpoints:fetch --name ${asked}`,
    );
  }
}
