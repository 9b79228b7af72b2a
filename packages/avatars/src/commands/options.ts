/** Options and checks that several commands share. */
import type { Argv } from 'yargs';
import { DEVICES, usageError, type DeviceChoice } from '@styleclip/core';

/** For yargs' `coerce`: a whole number from `least` to `most`, or one clear line. */
export function positive(name: string, most: number, least = 1): (value: number) => number {
  return (value) => {
    if (!Number.isInteger(value) || value < least || value > most) {
      throw usageError(
        `--${name} must be a whole number from ${least} to ${most}, not ${Number.isNaN(value) ? 'what was given' : value}`,
      );
    }
    return value;
  };
}

/** For yargs' `coerce`: a text that is not empty, or one clear line. */
export function named(name: string): (value: string) => string {
  return (value) => {
    if (value.trim() === '') throw usageError(`--${name} must not be empty`);
    return value;
  };
}

export interface DeviceArguments {
  device: DeviceChoice;
  threads: number;
}

/** Where the work is done, for commands without a configuration. */
export function deviceOptions<T>(y: Argv<T>): Argv<T & DeviceArguments> {
  return y
    .option('device', { choices: DEVICES, default: 'auto' as const, describe: 'where it runs' })
    .option('threads', {
      type: 'number',
      default: 0,
      coerce: positive('threads', 64, 0),
      describe: 'threads of compiled functions; 0: as many as the machine has cores',
    }) as unknown as Argv<T & DeviceArguments>;
}
