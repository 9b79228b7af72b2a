/** What commands that take a configuration have in common: a file, changes to it, and where the run goes. */
import type { Argv } from 'yargs';

/** The options' values. */
export interface ConfigArguments {
  config?: string;
  name?: string;
  set: string[];
  resume: boolean;
  force: boolean;
  runs: string;
}

/** Declares them. */
export function withConfigOptions<T>(y: Argv<T>): Argv<T & ConfigArguments> {
  return y
    .option('config', { type: 'string', describe: 'YAML file; the defaults alone without one' })
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
    .option('runs', { type: 'string', default: 'runs', describe: 'folder of all runs' }) as Argv<T & ConfigArguments>;
}
