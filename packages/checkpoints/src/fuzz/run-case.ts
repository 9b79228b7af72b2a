/**
 * One case: a damaged file, read, and what came of it.
 *
 * A reader may accept the file (much damage is to numbers, which nobody can notice) or refuse it by a UserError on one line
 * that begins with the file's name. Anything else is a finding: an error of another type is a place where nobody thought
 * of this damage.
 */
import { fromBytes, oneLine, Random, UserError } from '@styleclip/core';
import type { Format } from './formats.js';
import { makeCase, type Seed } from './seeds.js';

/** What a damaged file is called in messages. */
export const CASE_NAME = 'damaged.bin';

export type Outcome =
  | { readonly kind: 'accepted' }
  | { readonly kind: 'refused'; readonly message: string }
  /** An error that is no UserError, or one whose message is not one line that names the file. */
  | { readonly kind: 'untyped'; readonly message: string; readonly stack: string };

/** The bytes of case `index`; the same for the same seeds, seed and index. */
export function caseBytes(seeds: readonly Seed[], format: Format, seed: number, index: number): Uint8Array {
  return makeCase(seeds, new Random(`${seed}/${format.name}/${index}`));
}

export async function runCase(format: Format, bytes: Uint8Array): Promise<Outcome> {
  try {
    await format.read(fromBytes(CASE_NAME, bytes));
    return { kind: 'accepted' };
  } catch (error) {
    const message = oneLine(error);
    const typed = error instanceof UserError && message === error.message && message.startsWith(CASE_NAME);
    if (typed) return { kind: 'refused', message };
    return { kind: 'untyped', message, stack: error instanceof Error ? (error.stack ?? message) : message };
  }
}
