/** The options of commands that read a configuration and make a run. */
import { runOptions, type RunArguments } from '@styleclip/core';
import type { Argv } from 'yargs';

export interface ConfigArguments extends RunArguments {
  config?: string;
  'dry-run': boolean;
}

/** Declares them. */
export function configOptions<T>(y: Argv<T>, example: string) {
  return runOptions(y)
    .option('config', { type: 'string', describe: `YAML file, such as ${example}` })
    .option('dry-run', { type: 'boolean', default: false, describe: 'check everything and stop' });
}
