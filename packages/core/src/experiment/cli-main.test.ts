import { mkdir } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { describeError } from './cli-main.js';
import { failure, Interrupted, usageError } from '../errors.js';

describe('what a command prints', () => {
  it('is one line for the user, and the stack only when asked', () => {
    const error = failure('x.png: no such picture', new Error('ENOENT: deep below'));
    expect(error.exitCode).toBe(1);
    expect(usageError('x').exitCode).toBe(2);
    expect(describeError(error)).toBe('error: x.png: no such picture');
    const verbose = describeError(error, true);
    expect(verbose).toContain('error: UserError: x.png: no such picture\n    at ');
    expect(verbose).toContain('caused by: Error: ENOENT: deep below');
  });

  it('is one line for what the file system refuses, and the stack only when asked', async () => {
    const error: unknown = await mkdir(import.meta.filename).catch((refused: unknown) => refused);
    expect(describeError(error)).toMatch(/^error: EEXIST: file already exists, mkdir '.*cli-main\.test\.ts'$/);
    expect(describeError(error, true)).toContain('Error: EEXIST');
  });

  it('is a stack for a defect of the program, whatever was thrown', () => {
    expect(describeError(new TypeError('a\n  b'))).toMatch(/^error: this should not happen: a b\nTypeError: a\n/);
    expect(describeError('text')).toContain('this should not happen: text');
    expect(describeError(new Interrupted('stopped'))).toBe('stopped');
  });
});
