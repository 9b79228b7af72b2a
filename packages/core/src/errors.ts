/**
 * Errors that are meant for the person at the keyboard.
 *
 * A UserError's message is one line: what is wrong, where (file, key, line), what to do. Commands print just that
 * line; every other Error is a defect of the program and is printed with its stack. The exit code tells a script
 * which of the two kinds it was: 2 for a wrong call (option, config, name), 1 for work that failed (a missing or
 * damaged file).
 */

/** An error whose message alone tells the user what to do. */
export class UserError extends Error {
  readonly exitCode: 1 | 2;

  constructor(message: string, exitCode: 1 | 2, options?: ErrorOptions) {
    super(message, options);
    this.name = 'UserError';
    this.exitCode = exitCode;
  }
}

/** The call was wrong: an unknown option, a bad config value. Exit code 2. */
export function usageError(message: string, cause?: unknown): UserError {
  return new UserError(message, 2, { cause });
}

/** The call was right but the work can't be done: a missing file, a hash that does not fit. Exit code 1. */
export function failure(message: string, cause?: unknown): UserError {
  return new UserError(message, 1, { cause });
}

/** The user stopped the work with Ctrl-C; it is saved, and the message says how to go on. Exit code 130, as shells have it. */
export class Interrupted extends Error {
  readonly exitCode = 130;

  constructor(message: string) {
    super(message);
    this.name = 'Interrupted';
  }
}

/** Whether `error` is a system error with this code, such as `ENOENT`. */
export function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && (error as NodeJS.ErrnoException).code === code;
}

/** `error`'s message on one line, whatever was thrown. */
export function oneLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.replace(/\s*\n\s*/g, ' ').trim();
}
