/**
 * `checkpoints fuzz`: feeds damaged files to every reader.
 *
 *     nx run checkpoints:fuzz
 *     nx run checkpoints:fuzz --count 100000 --seed 7 --format pickle --format torch-zip
 *     nx run checkpoints:fuzz --format npy --case 1234
 *
 * A table goes to stderr, one line of JSON to stdout. Any finding makes the exit code 1. `--case` runs a single case in
 * this process and shows what came of it, stack included; with `--keep` its bytes are written to a file.
 */
import { writeFile } from 'node:fs/promises';
import type { CommandModule } from 'yargs';
import { failure, progress, usageError } from '@styleclip/core';
import { FORMATS } from './formats.js';
import { type FormatResult, fuzzFormat } from './fuzz.js';
import { caseBytes, runCase } from './run-case.js';
import { readSeeds } from './seeds.js';

interface FuzzArguments {
  count: number;
  seed: number;
  format: string[];
  case: number | undefined;
  keep: string | undefined;
}

const NAMES = FORMATS.map(({ name }) => name);

export const fuzzCommand: CommandModule<object, FuzzArguments> = {
  command: 'fuzz',
  describe: 'feed damaged files to every reader',
  builder: (y) =>
    y
      .option('count', { type: 'number', default: 10_000, describe: 'damaged files of each format' })
      .option('seed', { type: 'number', default: 1, describe: 'which damage' })
      .option('format', {
        type: 'string',
        array: true,
        default: [] as string[],
        describe: `one of ${NAMES.join(', ')}; all when left out`,
      })
      .option('case', { type: 'number', describe: 'run this case of one --format alone' })
      .option('keep', { type: 'string', describe: "file to write the single case's bytes to" }),
  handler: async ({ count, seed, format, case: single, keep }) => {
    for (const name of format)
      if (!NAMES.includes(name)) throw usageError(`--format: no format called "${name}" (known: ${NAMES.join(', ')})`);
    if (!Number.isInteger(count) || count < 1 || count >= 2 ** 31)
      throw usageError(`--count must be a whole number of at least 1, got ${count}`);
    if (!Number.isSafeInteger(seed)) throw usageError(`--seed must be a whole number, got ${seed}`);
    if (single !== undefined) return runSingle(format, seed, single, keep);
    if (keep !== undefined) throw usageError('--keep goes with --case');

    const results: FormatResult[] = [];
    for (const name of format.length > 0 ? format : NAMES) {
      const bar = progress({ label: name, total: count, unit: 'files' });
      try {
        results.push(await fuzzFormat(name, { count, seed, onProgress: (done) => bar.update(done) }));
      } finally {
        bar.stop();
      }
    }
    report(results, seed);
  },
};

async function runSingle(formats: readonly string[], seed: number, index: number, keep: string | undefined) {
  const format = FORMATS.find(({ name }) => name === formats[0]);
  if (format === undefined || formats.length > 1) throw usageError('--case needs one --format');
  const bytes = caseBytes(await readSeeds(format.files), format, seed, index);
  if (keep !== undefined) await writeFile(keep, bytes);
  const start = performance.now();
  const outcome = await runCase(format, bytes);
  const ms = Math.round(performance.now() - start);
  if (outcome.kind === 'untyped') process.stderr.write(`${outcome.stack}\n`);
  process.stdout.write(
    `${JSON.stringify({ format: format.name, seed, case: index, bytes: bytes.length, ms, ...outcome })}\n`,
  );
}

function report(results: readonly FormatResult[], seed: number): void {
  const head = ['format', 'cases', 'refused', 'accepted', 'findings', 'slowest', 'peak memory'];
  const rows = results.map((result) => [
    result.format,
    String(result.cases),
    String(result.refused),
    String(result.accepted),
    String(result.findings.length),
    `${result.slowestMs} ms`,
    `${result.peakMegabytes} MB`,
  ]);
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => (row[i] as string).length)));
  const line = (cells: readonly string[]) =>
    `${cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] as number) : cell.padStart(widths[i] as number))).join('  ')}\n`;
  process.stderr.write(line(head));
  for (const row of rows) process.stderr.write(line(row));

  const findings = results.flatMap((result) => result.findings);
  for (const { format, index, kind, what } of findings)
    process.stderr.write(`${kind} in ${format}, case ${index} of seed ${seed}: ${what}\n`);
  const summary = results.map(({ findings: found, ...rest }) => ({ ...rest, findings: found.length }));
  process.stdout.write(`${JSON.stringify({ seed, findings: findings.length, formats: summary })}\n`);
  const [first] = findings;
  if (first !== undefined)
    throw failure(
      `${findings.length} findings; look at one by --seed ${seed} --format ${first.format} --case ${first.index}`,
    );
}
