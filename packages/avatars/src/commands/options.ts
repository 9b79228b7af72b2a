/** Checks that options of several commands share. */
import { usageError } from '@styleclip/core';

/** For yargs' `coerce`: a whole number from 1 to `most`, or one clear line. */
export function positive(name: string, most: number): (value: number) => number {
  return (value) => {
    if (!Number.isInteger(value) || value < 1 || value > most) {
      throw usageError(
        `--${name} must be a whole number from 1 to ${most}, not ${Number.isNaN(value) ? 'what was given' : value}`,
      );
    }
    return value;
  };
}
