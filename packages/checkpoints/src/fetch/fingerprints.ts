/**
 * What tells one file from another: its size, its SHA-256, and git's name for its content.
 *
 * Git names a blob by SHA-1 over `blob <size>\0` and the bytes; the files of the original repository are known by that.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';

export interface Fingerprints {
  readonly bytes: number;
  /** 64 hexadecimal digits. */
  readonly sha256: string;
  /** 40 hexadecimal digits. */
  readonly gitBlob: string;
}

/** Reads the file once. @throws the system's error, or the abort reason when `signal` is aborted */
export async function fingerprints(path: string, signal?: AbortSignal): Promise<Fingerprints> {
  const { size } = await stat(path);
  const sha256 = createHash('sha256');
  const sha1 = createHash('sha1').update(`blob ${size}\0`);
  try {
    await pipeline(
      createReadStream(path, { highWaterMark: 1 << 20 }),
      async (source: AsyncIterable<Uint8Array>) => {
        for await (const chunk of source) {
          sha256.update(chunk);
          sha1.update(chunk);
        }
      },
      signal ? { signal } : {},
    );
  } catch (error) {
    throw signal?.aborted ? signal.reason : error;
  }
  return { bytes: size, sha256: sha256.digest('hex'), gitBlob: sha1.digest('hex') };
}
