/** `directions precompute`: see ../precompute.ts. It parses, calls one function, and prints the outcome as a line of JSON. */
import type { CommandModule } from 'yargs';
import { configHelp, loadConfig, parseOverrides } from '@styleclip/core';
import { OFFICIAL, precomputeSchema, type PrecomputeConfig } from '../config.js';
import { precompute } from '../precompute.js';
import { parseShard } from '../shard.js';
import { withConfigOptions, type ConfigArguments } from './config-options.js';

interface PrecomputeArguments extends ConfigArguments {
  method?: PrecomputeConfig['method'];
  around?: PrecomputeConfig['around'];
  images?: number;
  official: boolean;
  shard?: string;
}

export const precomputeCommand: CommandModule<object, PrecomputeArguments> = {
  command: 'precompute',
  describe: "measure where each style channel leads in CLIP's space, into runs/directions/<name>/relevance.arrow",
  builder: (y) =>
    withConfigOptions(y)
      .option('method', { choices: ['finite-difference', 'jacobian'] as const, describe: 'sets method' })
      .option('around', { choices: ['sample', 'mean'] as const, describe: 'sets around' })
      .option('images', { type: 'number', describe: 'sets images' })
      .option('official', {
        type: 'boolean',
        default: false,
        describe: 'sets all that the official code does otherwise, its faults too',
      })
      .option('shard', { type: 'string', describe: 'do a share of the work, such as 2/8; then: directions merge' })
      .epilogue(`Keys of a configuration:\n${configHelp(precomputeSchema)}`),
  handler: async ({ config: file, name, set, official, method, around, images, shard, resume, force, runs }) => {
    const own = parseOverrides(set, { name, method, around, images });
    const config = await loadConfig(precomputeSchema, file, { ...(official && OFFICIAL), ...own });
    const { dir, summary, finished } = await precompute(config, {
      root: runs,
      resume,
      force,
      ...(shard !== undefined && { shard: parseShard(shard) }),
    });
    if (finished) process.stderr.write(`${dir}: this run is finished; nothing was changed\n`);
    process.stdout.write(`${JSON.stringify(summary)}\n`);
  },
};
