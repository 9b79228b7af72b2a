/** The options of commands that read a configuration and make a run. */
import type { Argv } from 'yargs';

export interface ConfigArguments {
  config?: string;
  name?: string;
  set: string[];
  resume: boolean;
  force: boolean;
  runs: string;
  'dry-run': boolean;
}

/** Declares them. */
export function configOptions<T>(y: Argv<T>, example: string) {
  return y
    .option('config', { type: 'string', describe: `YAML file, such as ${example}` })
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
    .option('runs', { type: 'string', default: 'runs', describe: 'folder of all runs' })
    .option('dry-run', { type: 'boolean', default: false, describe: 'check everything and stop' });
}
