/** `avatars render`: renders data sets of avatars as their descriptions say (dataset-spec.ts). */
import type { CommandModule } from 'yargs';
import { renderDataset } from '../dataset.js';
import { rendersSchema } from '../dataset-spec.js';
import { configOptions, isChanged, readConfig, type ConfigArguments } from './config-options.js';
import { whatToMake } from './made-beside.js';
import { positive } from './options.js';

interface Arguments extends ConfigArguments {
  out: string | undefined;
  workers: number;
}

export const renderCommand: CommandModule<object, Arguments> = {
  command: 'render',
  describe: "render avatars; without --config and --out, all that the bundle's trainings take",
  builder: (y) =>
    configOptions(y, rendersSchema.omit({ kind: true }))
      .option('out', {
        type: 'string',
        requiresArg: true,
        describe: 'folder of the data set; unless told, beside its description and called like it',
      })
      .option('workers', {
        type: 'number',
        default: 2,
        coerce: positive('workers', 64),
        describe: 'threads that draw',
      }),
  handler: async (args) => {
    const { config, out, workers } = args;
    for (const set of await whatToMake('renders', { config, out, changed: isChanged(rendersSchema, args) })) {
      const { count, seed, size } = await readConfig(rendersSchema, { ...args, config: set.file });
      await renderDataset(set.out, count, seed, size, { workers });
      process.stdout.write(`${set.out}\n`);
    }
  },
};
