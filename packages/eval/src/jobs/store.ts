/**
 * Results of jobs on the disk, found by content: `<root>/<id>-<hash>/result.json`, with the job's files beside it. The hash is
 * that of the job's key, so another bundle, seed or setting is another folder and an old result is never taken for a new
 * one. result.json is written last: a folder without it is work that was broken off, and counts for nothing.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomic, writeJsonAtomic } from '@styleclip/core';
import { z } from 'zod';
import type { Finished, Job, Made } from './job.js';

const schema = z.object({
  id: z.string(),
  made: z.object({
    time: z.string(),
    seconds: z.number(),
    command: z.string(),
    device: z.string(),
    commit: z.string().optional(),
    node: z.string(),
  }),
  files: z.array(z.string()),
  result: z.unknown(),
});

/** The first digits of a key's hash: the same for the same data, in whatever order its fields were written. */
export function hashOf(key: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify(sorted(key)))
    .digest('hex')
    .slice(0, 16);
}

/** Where a job's result is kept. */
export function placeOf(root: string, { id, key }: Pick<Job, 'id' | 'key'>): string {
  return join(root, `${id.replaceAll('/', '.')}-${hashOf(key)}`);
}

/** A result that was kept; undefined where there is none, or it is damaged. */
export async function readResult(root: string, job: Job): Promise<Finished | undefined> {
  const dir = placeOf(root, job);
  let text: string;
  try {
    text = await readFile(join(dir, 'result.json'), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    const { result, made, files } = schema.parse(JSON.parse(text));
    const bytes: Record<string, Buffer> = {};
    for (const name of files) bytes[name] = await readFile(join(dir, name));
    const { commit, ...rest } = made;
    return { result, made: { ...rest, ...(commit !== undefined && { commit }) }, dir, files: bytes, cached: true };
  } catch {
    // A damaged result is one to be made again, not a reason to give up.
    return undefined;
  }
}

/** Keeps a result. */
export async function writeResult(
  root: string,
  job: Job,
  { result, made, files }: { result: unknown; made: Made; files: Readonly<Record<string, Uint8Array>> },
): Promise<void> {
  const dir = placeOf(root, job);
  for (const [name, bytes] of Object.entries(files)) await writeFileAtomic(join(dir, name), bytes);
  await writeJsonAtomic(join(dir, 'result.json'), {
    id: job.id,
    key: job.key,
    made,
    files: Object.keys(files),
    result,
  });
}

/** The same data with the fields of every record in the order of their names. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const record = value as Record<string, unknown>;
  return Object.fromEntries(
    Object.keys(record)
      .sort()
      .map((name) => [name, sorted(record[name])]),
  );
}
