/** `avatars render`: makes a data set of rendered avatars, or the two that the bundle is trained and measured on. */
import type { CommandModule } from 'yargs';
import { usageError } from '@styleclip/core';
import { renderDataset } from '../dataset.js';
import { RENDERS } from '../renders.js';
import { positive } from './options.js';

interface Options {
  out?: string;
  count?: number;
  seed?: number;
  size: number;
  workers: number;
}

export const renderCommand: CommandModule<object, Options> = {
  command: 'render',
  describe: "render avatars; without --out, the bundle's training and test sets",
  builder: (y) =>
    y
      .option('out', { type: 'string', describe: 'folder of the data set' })
      .option('count', {
        type: 'number',
        coerce: positive('count', 10_000_000),
        describe: 'how many avatars (with --out)',
      })
      .option('seed', { type: 'number', describe: 'seed of the avatars (with --out)' })
      .option('size', {
        type: 'number',
        default: 64,
        coerce: positive('size', 512),
        describe: 'side of a picture in pixels',
      })
      .option('workers', {
        type: 'number',
        default: 2,
        coerce: positive('workers', 64),
        describe: 'threads that draw',
      }),
  handler: async ({ out, count, seed, size, workers }) => {
    if (out === undefined && (count !== undefined || seed !== undefined)) {
      throw usageError("--count and --seed go with --out; without it, the bundle's own data sets are rendered");
    }
    const sets = out === undefined ? Object.values(RENDERS) : [{ dir: out, count: count ?? 1000, seed: seed ?? 1 }];
    for (const set of sets) {
      await renderDataset(set.dir, set.count, set.seed, size, { workers });
      process.stdout.write(`${set.dir}\n`);
    }
  },
};
