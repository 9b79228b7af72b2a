/**
 * The sound files that fuzzing starts from, and how a case is made of one.
 *
 * Archives get a second kind of damage: one of their entries is changed and the archive packed anew, since a wrong
 * checksum would otherwise keep most changes from the reader of what is inside.
 */
import { readFile } from 'node:fs/promises';
import { fromBytes, type Random } from '@styleclip/core';
import { forgeZip } from '../testing/forge-zip.js';
import { isZip, openZip } from '../zip.js';
import { mutate } from './mutate.js';

interface Entry {
  readonly name: string;
  readonly data: Uint8Array;
}

export interface Seed {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** The files inside, where it is an archive. */
  readonly entries: readonly Entry[] | undefined;
}

/** The folder of small real files, the same from `src` and from `dist`. */
const FIXTURES = new URL('../../fixtures/', import.meta.url);

/** @param files names in the folder of fixtures; `pickles.bin` counts as the many pickles that it holds */
export async function readSeeds(files: readonly string[]): Promise<Seed[]> {
  const seeds: Seed[] = [];
  for (const name of files) {
    const bytes = Uint8Array.from(await readFile(new URL(name, FIXTURES)));
    if (name === 'pickles.bin') seeds.push(...(await pickleSeeds(bytes)));
    else seeds.push({ name, bytes, entries: isZip(bytes) ? await entriesOf(name, bytes) : undefined });
  }
  return seeds;
}

async function pickleSeeds(bytes: Uint8Array): Promise<Seed[]> {
  const index = JSON.parse(await readFile(new URL('pickles.json', FIXTURES), 'utf8')) as {
    readonly name: string;
    readonly pickles: readonly (readonly [protocol: number, offset: number, length: number])[];
  }[];
  return index.flatMap(({ name, pickles }) =>
    pickles.map(([protocol, offset, length]) => ({
      name: `${name}, protocol ${protocol}`,
      bytes: bytes.slice(offset, offset + length),
      entries: undefined,
    })),
  );
}

async function entriesOf(name: string, bytes: Uint8Array): Promise<Entry[]> {
  const entries: Entry[] = [];
  for (const [entryName, entry] of await openZip(fromBytes(name, bytes))) {
    const source = await entry.open();
    entries.push({ name: entryName, data: await source.read(0, source.size) });
  }
  return entries;
}

/** One damaged file. */
export function makeCase(seeds: readonly Seed[], random: Random): Uint8Array {
  const seed = random.pick(seeds);
  const other = random.pick(seeds);
  if (seed.entries === undefined || random.int(2) === 0) return mutate(seed.bytes, random, other.bytes);
  // Half of the time the file that says what the others are, else any of them.
  const main = seed.entries.findIndex(({ name }) => name.endsWith('data.pkl'));
  const changed = main >= 0 && random.int(2) === 0 ? main : random.int(seed.entries.length);
  const deflate = random.int(4) === 0;
  return forgeZip(
    seed.entries.map(({ name, data }, i) => ({ name, data: i === changed ? mutate(data, random) : data, deflate })),
  );
}
