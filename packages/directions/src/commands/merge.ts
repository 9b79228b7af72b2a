/** `directions merge`: see ../merge.ts. */
import type { CommandModule } from 'yargs';
import { openStore, shardText, usageError, type Shard } from '@styleclip/core';
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
    const { shards, runs: root, resume, force, store } = given;
    if (!Number.isInteger(shards) || shards < 1 || shards > 10_000)
      throw usageError(`--shards: expected a whole number from 1 on, got ${shards}`);
    const options = { root, resume, force, ...(store !== undefined && { store: openStore(store) }) };
    const { summary } = await mergeShards(await precomputeConfigOf(given), shards, options, commandOf);
    process.stdout.write(`${JSON.stringify(summary)}\n`);
  },
};

/** This command line with `precompute` for `merge`. */
function commandOf(shard: Shard): string {
  const args = process.argv.slice(3).join(' ').replace(/--shards[= ]\d+ ?/, '').trim(); // prettier-ignore
  return ['directions precompute', args, `--shard ${shardText(shard)}`].filter(Boolean).join(' ');
}
