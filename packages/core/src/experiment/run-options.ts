/** The options that every command has which makes a run out of a configuration. */
import type { Argv } from 'yargs';

export interface RunArguments {
  name?: string;
  set: string[];
  resume: boolean;
  force: boolean;
  runs: string;
}

/** Declares them. */
export function runOptions<T>(y: Argv<T>): Argv<T & RunArguments> {
  return y
    .option('name', { type: 'string', describe: 'name of the run, instead of the one in the file' })
    .option('set', {
      type: 'string',
      array: true,
      nargs: 1,
      default: [] as string[],
      describe: 'key=value, over the file; may be repeated',
    })
    .option('resume', { type: 'boolean', default: false, describe: 'go on with a run that was stopped' })
    .option('force', { type: 'boolean', default: false, describe: 'replace a run of this name' })
    .option('runs', { type: 'string', default: 'runs', describe: 'folder of all runs' }) as Argv<T & RunArguments>;
}
