/**
 * `checkpoints import --directions`: the original's fs3.npy and S_mean_std into one Arrow relevance file.
 */
import { basename } from 'node:path';
import { readDirections, readStatistics } from '../latents/fs3.js';
import { openFile, sha256, usageError, writeRelevance } from '@styleclip/core';

export interface ImportDirectionsOptions {
  /** fs3.npy */
  readonly fs3: string;
  /** S_mean_std */
  readonly statistics: string;
  /** The .arrow file to write. */
  readonly to: string;
  /** Side of the generator's pictures, to be held against the statistics. */
  readonly resolution?: number | undefined;
  /** SHA-256 of the generator's and the CLIP's file, where the user knows which they are. */
  readonly generatorSha256?: string | undefined;
  readonly clipSha256?: string | undefined;
}

/** What was written. */
export interface ImportedDirections {
  readonly file: string;
  /** Channels, one a row. */
  readonly rows: number;
  /** Rows with a direction; the rest were not measured and are zero. */
  readonly measured: number;
  readonly width: number;
}

/** What SingleChannel.py does unless it is told otherwise; fs3.npy itself does not say. */
const ORIGINAL = { images: '100', amplitude: '5', method: 'finite-difference', seed: '5' } as const;

/** @throws UserError when a file is something else, or the two don't belong together */
export async function importDirections({
  fs3,
  statistics,
  to,
  resolution,
  generatorSha256 = 'unknown',
  clipSha256 = 'unknown',
}: ImportDirectionsOptions): Promise<ImportedDirections> {
  if (!to.endsWith('.arrow'))
    throw usageError(`--to must name an .arrow file for directions, such as datasets/ffhq.arrow, got "${to}"`);
  const sources = [await openFile(statistics)];
  try {
    const about = await readStatistics(sources[0]!, resolution);
    sources.push(await openFile(fs3));
    const hashes = `${basename(fs3)} (SHA-256 ${await sha256(fs3)}) and ${basename(statistics)} (SHA-256 ${await sha256(statistics)})`;
    const relevance = await readDirections(sources[1]!, about, {
      formatVersion: '1',
      generatorSha256,
      clipSha256,
      ...ORIGINAL,
      source: `imported from ${hashes}; images, amplitude and seed are the original program's defaults`,
    });
    await writeRelevance(to, relevance);
    const { width, direction } = relevance;
    let measured = 0;
    for (let row = 0; row * width < direction.length; row++)
      if (direction.subarray(row * width, (row + 1) * width).some((value) => value !== 0)) measured++;
    return { file: to, rows: relevance.layer.length, measured, width };
  } finally {
    for (const source of sources) await source.close();
  }
}
