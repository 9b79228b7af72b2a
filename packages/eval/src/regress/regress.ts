/**
 * The regression check: a small, fixed, seeded run held against committed numbers. It fails when one of them leaves its band,
 * and says which; `update` writes what there is now as the new baseline and shows how it differs from the old.
 */
import { Interrupts, readBundleInfo, usageError, writeJsonAtomic, type BundleKind } from '@styleclip/core';
import { readPrompts } from '../prompts.js';
import { compareNumbers, readBaseline, type Baseline, type Moved } from './baseline.js';
import type { RegressConfig } from './config.js';
import { measureAll } from './measure.js';

const KINDS: readonly BundleKind[] = ['generator', 'clip', 'identity', 'attributes'];

export interface RegressOptions {
  /** File of the committed numbers. */
  baseline: string;
  /** Write it anew. */
  update?: boolean;
  say?: (line: string) => void;
}

export interface Regression {
  moved: Moved[];
  /** Numbers that left their bands, are gone or are new. */
  out: number;
  updated: boolean;
  seconds: number;
}

/**
 * Measures and compares.
 * @throws UserError when there is no baseline, or it was made from other networks or settings, and it is not to be updated
 */
export async function regress(
  config: RegressConfig,
  { baseline: path, update = false, say }: RegressOptions,
): Promise<Regression> {
  const began = performance.now();
  const info = await readBundleInfo(config.bundle);
  const bundleHashes = Object.fromEntries(KINDS.flatMap((kind) => (info[kind] ? [[kind, info[kind].sha256]] : [])));
  const before = await readBaseline(path);
  const { device: _, threads: __, ...content } = config;
  if (!update) requireSame(path, before, bundleHashes, content);

  const [prompt] = await readPrompts({ ...config, prompts: [config.prompt] });
  const interrupts = new Interrupts();
  try {
    const options = { config, prompt: prompt!, bundleHashes, interrupted: () => interrupts.interrupted };
    const numbers = await measureAll({ ...options, ...(say && { say }) });
    const moved = compareNumbers(before?.numbers ?? {}, numbers);
    if (update) {
      const rounded = Object.entries(numbers).sort(([a], [b]) => (a < b ? -1 : 1));
      const written: Baseline = {
        formatVersion: 1,
        config: content,
        inputs: bundleHashes,
        numbers: Object.fromEntries(
          rounded.map(([name, { value, band }]) => [
            name,
            { value: Number(value.toPrecision(7)), band: Number(band.toPrecision(3)) },
          ]),
        ),
      };
      await writeJsonAtomic(path, written);
    }
    const out = moved.filter((number) => number.out).length;
    return { moved, out, updated: update, seconds: (performance.now() - began) / 1000 };
  } finally {
    interrupts.close();
  }
}

/** @throws UserError where the numbers could not be compared */
function requireSame(
  path: string,
  before: Baseline | undefined,
  inputs: Readonly<Record<string, string>>,
  config: object,
): asserts before is Baseline {
  if (!before) throw usageError(`${path}: no baseline there; write one by --update`);
  const other = [...new Set([...Object.keys(inputs), ...Object.keys(before.inputs)])].filter(
    (kind) => inputs[kind] !== before.inputs[kind],
  );
  if (other.length > 0)
    throw usageError(
      `${path}: was made with other networks (${other.join(', ')}); if they were meant to change, write it anew by --update`,
    );
  const plain = JSON.parse(JSON.stringify(config)) as Record<string, unknown>;
  const changed = [...new Set([...Object.keys(plain), ...Object.keys(before.config)])].filter(
    (key) => JSON.stringify(plain[key]) !== JSON.stringify(before.config[key]),
  );
  if (changed.length > 0)
    throw usageError(`${path}: was made with other settings (${changed.join(', ')}); write it anew by --update`);
}
