#!/usr/bin/env node
/**
 * The command line of the core package.
 *
 *     nx run core:parity [--only=mapper,stylegan2] [--device=cpu]
 */
import yargs from 'yargs';
import { runCommand } from './cli-main.js';
import { DEVICES } from './device.js';
import { usageError } from './errors.js';
import { parity } from './parity/cli.js';

await runCommand(async (argv) => {
  await yargs(argv)
    .scriptName('core')
    .command(
      'parity',
      'compare full-size networks with the golden numbers of the originals (slow)',
      (y) =>
        y
          .option('only', { type: 'string', describe: 'checks to run, separated by commas; all by default' })
          .option('device', { choices: DEVICES, default: 'cpu', describe: 'where to compute' }),
      ({ only, device }) => parity({ device, ...(only !== undefined && { only: only.split(',') }) }),
    )
    .option('verbose', { type: 'boolean', describe: 'show the stack of errors' })
    .demandCommand(1, 'say what to do: parity')
    .strict()
    .fail((message, error) => {
      throw error ?? usageError(message);
    })
    .parseAsync();
});
