/**
 * One file from a server onto the disk: whole, proved, and without losing what a broken connection has brought.
 *
 * The bytes are appended to a partial file. After a cut, a stop or a crash the next try asks for the rest by `Range`
 * (RFC 9110, section 14), with `If-Range` where the server named a version, so that two versions are never glued
 * together; a server that ignores the question sends everything, and the file begins anew. Size and hash are proved
 * over the file as it lies on the disk. What is proved is still called `*.incomplete`: the caller renames it.
 *
 * Refused at once: a web page or a Git LFS pointer in place of the file, a wrong size, too little room on the disk.
 */
import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { failure, UserError } from '@styleclip/core';
import {
  contentLength,
  contentRange,
  refuseWrongContent,
  refuseWrongSize,
  refuseWrongType,
  validatorOf,
} from './answer-checks.js';
import { fingerprints, type Fingerprints } from './fingerprints.js';
import type { Proof } from './known-files.js';
import { dropNote, forget, readNote, refuseFullDisk, sizeOf, writeAt, writeNote } from './partial-file.js';
import { asFault, refusal, request, type RequestOptions } from './request.js';
import { PassingFault, type RetryOptions, withRetries } from './retry.js';

export interface Wanted {
  readonly url: string;
  readonly bytes?: number | undefined;
  readonly proof: Proof;
}

export interface DownloadOptions extends RequestOptions, RetryOptions {
  /** Told of the bytes that are on the disk, and of all that there will be where that is known. */
  readonly onProgress?: (done: number, total: number | undefined) => void;
}

/** A file of unknown size may not be larger; the largest in the table has 1.2 GB. */
export const MAX_DOWNLOAD_BYTES = 16 * 2 ** 30;

/**
 * @param partial where the bytes gather; what is there already is gone on with
 * @returns size and hashes of the finished partial file
 * @throws UserError when the file can't be had or is not the right one; the abort reason when stopped (the partial
 * file stays)
 */
export async function download(wanted: Wanted, partial: string, options: DownloadOptions = {}): Promise<Fingerprints> {
  await mkdir(dirname(partial), { recursive: true }).catch((error: Error) => {
    throw failure(`${dirname(partial)}: can't be made: ${error.message}`, error);
  });
  for (let resumed = (await sizeOf(partial)) > 0; ; resumed = false) {
    await withRetries(() => fetchRest(wanted, partial, options), wanted.url, options);
    const found = await fingerprints(partial, options.signal);
    const wrong = mismatch(found, wanted);
    if (wrong === undefined) {
      await dropNote(partial);
      return found;
    }
    await forget(partial);
    // What an earlier call had left may have been damaged: one more time from the start.
    if (!resumed) throw failure(`${wanted.url}: not the file it should be: ${wrong}; what was downloaded is removed`);
  }
}

/** What is wrong with a file, or undefined. */
export function mismatch(found: Fingerprints, { bytes, proof }: Pick<Wanted, 'bytes' | 'proof'>): string | undefined {
  if (bytes !== undefined && found.bytes !== bytes) return `it has ${found.bytes} bytes, expected ${bytes}`;
  if (proof === 'unknown') return undefined;
  if ('sha256' in proof)
    return proof.sha256 === found.sha256 ? undefined : `its SHA-256 is ${found.sha256}, expected ${proof.sha256}`;
  return proof.gitBlob === found.gitBlob ? undefined : `its git hash is ${found.gitBlob}, expected ${proof.gitBlob}`;
}

/** One try: asks for what is missing and appends it. */
async function fetchRest(wanted: Wanted, partial: string, options: DownloadOptions): Promise<void> {
  const { url, bytes } = wanted;
  const { have, validator } = await usablePart(wanted, partial);
  if (have > 0 && have === bytes) return;

  const headers: Record<string, string> = { 'Accept-Encoding': 'identity' };
  if (have > 0) {
    headers['Range'] = `bytes=${have}-`;
    if (validator !== undefined) headers['If-Range'] = validator;
  }
  const answer = await request(url, { headers }, options);
  try {
    const { response } = answer;
    const range = contentRange(response);
    if (response.status === 416 && have > 0) {
      if (range?.total === have) return; // the try before had it all
      await forget(partial);
      throw new PassingFault('the server has less than what was downloaded; beginning anew');
    }
    if (response.status !== 200 && response.status !== 206) throw refusal(url, response);
    const from = response.status === 206 ? range?.from : 0;
    if (from === undefined || (from !== 0 && from !== have)) {
      await forget(partial);
      throw new PassingFault('the server sent another part than was asked for; beginning anew');
    }
    const length = contentLength(response);
    const total = range?.total ?? (length === undefined ? undefined : from + length);
    refuseWrongType(url, response);
    refuseWrongSize(url, total, bytes, MAX_DOWNLOAD_BYTES);
    await refuseFullDisk(partial, (total ?? bytes ?? 0) - from);
    await writeNote(partial, { url, validator: validatorOf(response) });
    await append(answer, { url, partial, from, total: total ?? bytes }, options);
  } finally {
    answer.end();
  }
}

/** How much of the partial file can be gone on with, and the version that it is of. */
async function usablePart(
  { url, bytes, proof }: Wanted,
  partial: string,
): Promise<{ have: number; validator?: string | undefined }> {
  const have = await sizeOf(partial);
  if (have === 0) return { have };
  const note = await readNote(partial);
  const validator = note?.url === url ? note.validator : undefined;
  // Without a hash that proves the whole, the rest must be of the version that the part is of.
  const joinable = proof !== 'unknown' || validator !== undefined;
  if (joinable && (bytes === undefined || have <= bytes)) return { have, validator };
  await forget(partial);
  return { have: 0 };
}

/** Writes the body of an answer behind the first `from` bytes of the partial file. */
async function append(
  { response, alive }: { response: Response; alive: () => void },
  { url, partial, from, total }: { url: string; partial: string; from: number; total: number | undefined },
  { signal, onProgress }: DownloadOptions,
): Promise<void> {
  const most = total ?? MAX_DOWNLOAD_BYTES;
  const file = await open(partial, from === 0 ? 'w' : 'r+');
  let done = from;
  try {
    onProgress?.(done, total);
    for await (const piece of (response.body ?? []) as AsyncIterable<Uint8Array>) {
      alive();
      if (done === 0) refuseWrongContent(url, piece);
      if (done + piece.length > most) throw failure(`${url}: the server sends more than the expected ${most} bytes`);
      await writeAt(file, piece, done, partial);
      done += piece.length;
      onProgress?.(done, total);
    }
  } catch (error) {
    throw error instanceof UserError ? error : asFault(error, signal, done > from);
  } finally {
    await file.close();
  }
  if (total !== undefined && done < total)
    throw new PassingFault(`the connection ended after ${done} of ${total} bytes`, { progressed: done > from });
}
