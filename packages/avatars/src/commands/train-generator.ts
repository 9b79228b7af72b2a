/** `avatars train-generator`: see train/generator.ts; the bundle gets the newest checkpoint's average. */
import type { CommandModule } from 'yargs';
import { assembleGenerator } from '../train/assemble.js';
import { trainGenerator } from '../train/generator.js';
import { trainerOptions, trainingOptions, type TrainingOptions } from './training-options.js';

export const trainGeneratorCommand: CommandModule<object, TrainingOptions> = {
  command: 'train-generator',
  describe: 'train the synthesis network on renders',
  builder: (y) => trainingOptions(y, 'generator'),
  handler: async (options) => {
    const measured = await trainGenerator(trainerOptions(options));
    await assembleGenerator({ run: options.name, bundle: options.bundle });
    process.stdout.write(`${JSON.stringify(measured)}\n`);
  },
};
