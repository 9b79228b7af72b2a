/**
 * The unfinished file of a download: `<hash>.incomplete`, and beside it a note of the server's version it came from.
 *
 * The note is what makes it safe to append to the file later: the server is asked for the rest *of that version*.
 */
import { type FileHandle, readFile, rm, stat, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { failure, writeJsonAtomic } from '@styleclip/core';
import { megabytes } from './megabytes.js';

/** Which version of the file the server had. */
export interface Version {
  readonly url: string;
  /** A strong ETag, or the date of the last change; what `If-Range` takes. */
  readonly validator?: string | undefined;
}

/** Free space that is left alone, so that a download does not fill the disk to the last byte. */
const SPARE_BYTES = 64 * 2 ** 20;

export async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  );
}

/** Removes the partial file and its note. */
export async function forget(partial: string): Promise<void> {
  await rm(partial, { force: true });
  await rm(noteOf(partial), { force: true });
}

/** Removes the note alone, when the file is finished. */
export async function dropNote(partial: string): Promise<void> {
  await rm(noteOf(partial), { force: true });
}

export async function writeNote(partial: string, version: Version): Promise<void> {
  await writeJsonAtomic(noteOf(partial), version);
}

/** The note, or undefined when there is none that can be read. */
export async function readNote(partial: string): Promise<Version | undefined> {
  try {
    const note: unknown = JSON.parse(await readFile(noteOf(partial), 'utf8'));
    if (typeof note !== 'object' || note === null || !('url' in note) || typeof note.url !== 'string') return undefined;
    const validator = 'validator' in note && typeof note.validator === 'string' ? note.validator : undefined;
    return { url: note.url, validator };
  } catch {
    return undefined; // missing or damaged: the download begins anew, or its hash decides
  }
}

/** Writes `piece` at `position`. @throws UserError when the disk refuses */
export async function writeAt(file: FileHandle, piece: Uint8Array, position: number, partial: string): Promise<void> {
  try {
    for (let done = 0; done < piece.length;) {
      done += (await file.write(piece, done, piece.length - done, position + done)).bytesWritten;
    }
  } catch (error) {
    throw failure(`${partial}: can't be written: ${(error as Error).message}; what is there is kept`, error);
  }
}

/** @throws UserError when `needed` more bytes have no room on the disk of `partial` */
export async function refuseFullDisk(partial: string, needed: number): Promise<void> {
  const { bavail, bsize } = await statfs(dirname(partial));
  const free = bavail * bsize;
  if (needed + SPARE_BYTES > free) {
    throw failure(
      `${dirname(partial)}: ${megabytes(needed)} more are needed and ${megabytes(free)} are free; make room, or set HF_HOME to a folder on another disk`,
    );
  }
}

function noteOf(partial: string): string {
  return `${partial}.json`;
}
