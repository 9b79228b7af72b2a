/** `directions merge`: see ../merge.ts. */
import type { CommandModule } from 'yargs';
import { usageError } from '@styleclip/core';
import { mergeShards } from '../merge.js';
import { precomputeConfigOf, withPrecomputeOptions, type PrecomputeArguments } from './precompute-arguments.js';

export const mergeCommand: CommandModule<object, PrecomputeArguments & { shards: number }> = {
  command: 'merge',
  describe: 'join what `precompute --shard` has left, given the same configuration',
  builder: (y) =>
    withPrecomputeOptions(y).option('shards', {
      type: 'number',
      demandOption: true,
      describe: 'how many shards there are',
    }),
  handler: async (given) => {
    const { shards, runs: root, resume, force } = given;
    if (!Number.isInteger(shards) || shards < 1)
      throw usageError(`--shards: expected a whole number from 1 on, got ${shards}`);
    const { summary } = await mergeShards(await precomputeConfigOf(given), shards, { root, resume, force });
    process.stdout.write(`${JSON.stringify(summary)}\n`);
  },
};
