/** `avatars train-generator`: see train/generator.ts; the bundle gets the newest checkpoint's average. */
import type { CommandModule } from 'yargs';
import { assembleGenerator } from '../train/assemble.js';
import { trainGenerator } from '../train/generator.js';
import { trainerOptions, trainingOptions, type TrainingOptions } from './training-options.js';

type GeneratorOptions = TrainingOptions & { from?: string };

export const trainGeneratorCommand: CommandModule<object, GeneratorOptions> = {
  command: 'train-generator',
  describe: 'train the synthesis network on renders',
  builder: (y) =>
    trainingOptions(y, 'generator').option('from', {
      type: 'string',
      describe: 'second stage, with edits among the examples: the run of the first, or a bundle, to go on from',
    }),
  handler: async (options) => {
    const measured = await trainGenerator({ ...trainerOptions(options), from: options.from });
    await assembleGenerator({ run: options.name, bundle: options.bundle });
    process.stdout.write(`${JSON.stringify(measured)}\n`);
  },
};
