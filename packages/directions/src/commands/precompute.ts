/** `directions precompute`: see ../precompute.ts. It parses, calls one function, and prints the outcome as a line of JSON. */
import type { CommandModule } from 'yargs';
import { configHelp, openStore, shardOf } from '@styleclip/core';
import { precomputeSchema } from '../config.js';
import { precompute } from '../precompute.js';
import { precomputeConfigOf, withPrecomputeOptions, type PrecomputeArguments } from './precompute-arguments.js';

export const precomputeCommand: CommandModule<object, PrecomputeArguments & { shard?: string; store?: string }> = {
  command: 'precompute',
  describe: "measure where each style channel leads in CLIP's space, into runs/directions/<name>/relevance.arrow",
  builder: (y) =>
    withPrecomputeOptions(y)
      .option('shard', {
        type: 'string',
        requiresArg: true,
        describe: 'do a share of the work, such as 2/8; a task of a job array knows its own; then: directions merge',
      })
      .epilogue(`Keys of a configuration:\n${configHelp(precomputeSchema)}`),
  handler: async (given) => {
    const config = await precomputeConfigOf(given);
    const shard = shardOf(given.shard);
    const { dir, summary, finished } = await precompute(config, {
      root: given.runs,
      resume: given.resume,
      force: given.force,
      ...(shard && { shard }),
      ...(given.store !== undefined && { store: openStore(given.store) }),
    });
    if (finished) process.stderr.write(`${dir}: this run is finished; nothing was changed\n`);
    process.stdout.write(`${JSON.stringify(summary)}\n`);
  },
};
