/**
 * The committed numbers of a regression check: what each was, and how far it may move before somebody has to look.
 *
 *     { "formatVersion": 1, "config": {…}, "inputs": { "generator": "<sha256>", … },
 *       "numbers": { "<name>": { "value": …, "band": … } } }
 *
 * Bands are absolute.
 */
import { readFile } from 'node:fs/promises';
import { failure, oneLine } from '@styleclip/core';
import { z } from 'zod';

const schema = z.strictObject({
  formatVersion: z.literal(1),
  config: z.record(z.string(), z.unknown()),
  inputs: z.record(z.string(), z.string()),
  numbers: z.record(z.string(), z.strictObject({ value: z.number(), band: z.number().min(0) })),
});

export type Baseline = z.infer<typeof schema>;

/** One number beside its baseline. */
export interface Moved {
  name: string;
  /** undefined for a number that is new. */
  was: number | undefined;
  /** undefined for a number that is gone. */
  is: number | undefined;
  band: number;
  /** It left its band, is gone, or is new. */
  out: boolean;
}

/** @returns undefined where there is no file. @throws UserError when it is damaged */
export async function readBaseline(path: string): Promise<Baseline | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw failure(`${path}: can't be read: ${oneLine(error)}`, error);
  }
  try {
    return schema.parse(JSON.parse(text));
  } catch (error) {
    throw failure(`${path}: not a baseline: ${oneLine(error)}; write it anew by --update`, error);
  }
}

/** Every number of either side, in the order of the names. A number that is not finite is out of any band. */
export function compareNumbers(
  before: Baseline['numbers'],
  now: Readonly<Record<string, { value: number; band: number }>>,
): Moved[] {
  return [...new Set([...Object.keys(before), ...Object.keys(now)])].sort().map((name) => {
    const [was, is] = [before[name]?.value, now[name]?.value];
    const band = before[name]?.band ?? now[name]!.band;
    const inside = was !== undefined && is !== undefined && Math.abs(is - was) <= band;
    return { name, was, is, band, out: !inside };
  });
}

/** The numbers as lines: those that are out are marked, and come first. */
export function movedTable(moved: readonly Moved[]): string {
  const cell = (value: number | undefined) => (value === undefined ? '–' : value.toPrecision(5));
  const rows = [...moved]
    .sort((a, b) => Number(b.out) - Number(a.out))
    .map(({ name, was, is, band, out }) => [
      out ? '!' : ' ',
      name,
      cell(was),
      cell(is),
      was === undefined || is === undefined ? '–' : (is - was).toExponential(2),
      `±${band}`,
    ]);
  const all = [['', 'number', 'was', 'is', 'moved', 'band'], ...rows];
  const widths = all[0]!.map((_, column) => Math.max(...all.map((row) => row[column]!.length)));
  return all
    .map((row) =>
      row
        .map((text, column) => text.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
