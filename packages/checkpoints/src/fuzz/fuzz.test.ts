import { describe, expect, it } from 'vitest';
import { FORMATS } from './formats.js';
import { fuzzFormat } from './fuzz.js';
import { caseBytes, runCase } from './run-case.js';
import { readSeeds } from './seeds.js';
import { FORMATS as BROKEN, isUnlucky } from './testing/broken-readers.js';

/** The command runs 10,000 of each; these are a sample that is the same each time. */
const SAMPLE = 150;

describe('damaged files', () => {
  it.each(FORMATS)('of $name are read or refused in words', async (format) => {
    const seeds = await readSeeds(format.files);
    const counts = { accepted: 0, refused: 0 };
    for (let index = 0; index < SAMPLE; index++) {
      const outcome = await runCase(format, caseBytes(seeds, format, 20, index));
      if (outcome.kind === 'untyped') throw new Error(`case ${index}: ${outcome.stack}`);
      counts[outcome.kind]++;
    }
    // Some damage is to numbers, which nobody can notice; most is to the structure.
    expect(counts.accepted).toBeGreaterThan(0);
    expect(counts.refused).toBeGreaterThan(counts.accepted / 4);
  });

  it.each(FORMATS)('of $name come from files that are read', async (format) => {
    for (const { name, bytes } of await readSeeds(format.files))
      expect(await runCase(format, bytes), name).toEqual({ kind: 'accepted' });
  });
});

describe('the watcher', () => {
  const formats = new URL('./testing/broken-readers.ts', import.meta.url).href;
  const run = (format: string, count = 40) => fuzzFormat(format, { count, seed: 1, formats });

  it('counts what a sound reader does', async () => {
    const result = await run('sound');
    expect(result).toMatchObject({ format: 'sound', cases: 40, findings: [] });
    expect(result.accepted + result.refused).toBe(40);
    expect(result.accepted).toBeGreaterThan(0);
    expect(result.refused).toBeGreaterThan(0);
    expect(result.peakMegabytes).toBeGreaterThan(10);
  });

  it('notices errors that are not typed, do not name the file or have two lines, and much memory', async () => {
    const { findings, cases } = await run('mistaken', 60);
    expect(cases).toBe(60);
    const kinds = new Set(
      findings.map(({ kind, what }) => `${kind}: ${what.split('\n')[0]}`.replace(/\d+ MB/, 'n MB')),
    );
    expect([...kinds].sort()).toEqual([
      'memory: n MB more memory',
      'untyped: TypeError: undefined is not a function',
      'untyped: UserError: damaged.bin: on',
      'untyped: UserError: something is wrong somewhere',
    ]);
  });

  it.each([
    ['looping', 'hang', 'longer than 5 seconds'],
    ['waiting', 'hang', 'longer than 5 seconds'],
    ['crashing', 'crash', 'thrown where nobody catches'],
  ])('ends a reader that is %s, and goes on', async (name, kind, what) => {
    const format = BROKEN.find((broken) => broken.name === name)!;
    const seeds = await readSeeds(format.files);
    let index = 0;
    while (!isUnlucky(caseBytes(seeds, format, 1, index))) index++;
    const result = await run(name, index + 2);
    expect(result.findings[0]).toEqual({ format: name, index, kind, what });
    expect(result.cases).toBe(index + 2);
    expect(result.accepted).toBe(index + 2 - result.findings.length);
  });

  it('names a format that does not exist', async () => {
    await expect(run('nothing')).rejects.toThrow('no format called nothing');
  });
});
