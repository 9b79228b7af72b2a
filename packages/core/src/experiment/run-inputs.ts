/**
 * What a run's numbers come from besides its configuration: files, told apart by their hashes.
 *
 * A configuration only says where a bundle lies; another generator may lie there tomorrow. So a run keeps inputs.json
 * (`{ "generator": { "path": …, "sha256": … }, … }`), and goes on only with files of the same content, wherever they lie.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { failure, hasCode, oneLine } from '../errors.js';
import { writeJsonAtomic } from '../files/atomic-file.js';
import { BUNDLE_KINDS, sha256, type BundleInfo } from './bundle.js';

const schema = z.record(z.string(), z.object({ path: z.string(), sha256: z.string() }));

/** Files by the part they play, such as `generator` or `latents`. */
export type RunInputs = Readonly<Record<string, { path: string; sha256: string }>>;

const FILE = 'inputs.json';

/** All networks of a bundle, by kind; their hashes are those that loading proves. */
export function bundleInputs(dir: string, info: BundleInfo): RunInputs {
  return Object.fromEntries(
    BUNDLE_KINDS.flatMap((kind) => {
      const part = info[kind];
      return part ? [[kind, { path: join(dir, part.file), sha256: part.sha256 }]] : [];
    }),
  );
}

/** A file as an input. @throws UserError when it can't be read */
export async function fileInput(path: string): Promise<{ path: string; sha256: string }> {
  try {
    return { path, sha256: await sha256(path) };
  } catch (error) {
    throw failure(
      hasCode(error, 'ENOENT') ? `${path}: no such file` : `${path}: can't be read: ${oneLine(error)}`,
      error,
    );
  }
}

/** Writes inputs.json into a run's folder. */
export async function writeInputs(dir: string, inputs: RunInputs): Promise<void> {
  await writeJsonAtomic(join(dir, FILE), inputs);
}

/** What `writeInputs` wrote; undefined for a run of a version that did not. @throws UserError when it is damaged */
export async function readInputs(dir: string): Promise<RunInputs | undefined> {
  const path = join(dir, FILE);
  try {
    return schema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw failure(`${path}: can't be read, so nobody knows what the run was begun with; replace it by --force`, error);
  }
}

/** Lines such as `generator models/a/generator.safetensors was 0123456789ab…, is cdef…`. */
export function changedInputs(before: RunInputs, now: RunInputs): string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(now)])].flatMap((name) => {
    const [a, b] = [before[name], now[name]];
    if (a?.sha256 === b?.sha256) return [];
    const short = (input: typeof a) => (input === undefined ? 'not there' : `${input.sha256.slice(0, 12)}…`);
    return `${name} ${(b ?? a)!.path} was ${short(a)}, is ${short(b)}`;
  });
}
