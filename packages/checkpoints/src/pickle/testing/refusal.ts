/**
 * Pickles that must be refused, and how: by a UserError on one line that begins with the file's name.
 */
import { UserError } from '@styleclip/core';
import { expect } from 'vitest';
import { allowList } from '../allow-list.js';
import { readPickle } from '../read-pickle.js';
import type { PyValue } from '../values.js';
import { assemble, type Instruction, join } from './assembler.js';

const everything = allowList('base', 'numpy', 'torch', 'nvidia', 'modules');

/** The value of a pickle called x.pkl, all known names allowed but TorchScript's. */
export function read(bytes: Uint8Array): PyValue {
  return readPickle(bytes, { name: 'x.pkl', allow: everything }).value;
}

/** The message with which the bytes are refused, proved to be a UserError's, on one line, of printable characters. */
export function refusal(...parts: readonly (Uint8Array | Instruction)[]): string {
  const bytes = join(...parts.map((part) => (part instanceof Uint8Array ? part : assemble(part))));
  let error: unknown;
  try {
    read(bytes);
  } catch (thrown) {
    error = thrown;
  }
  expect(error).toBeInstanceOf(UserError);
  const { message, exitCode } = error as UserError;
  expect(message).toMatch(/^x\.pkl: [\x20-\x7e…≥]{1,400}$/);
  expect(exitCode).toBe(1);
  return message;
}
