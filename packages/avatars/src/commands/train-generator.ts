/** `avatars train-generator`: see train/generator.ts; then puts the bundle's generator together, where the other half is trained too. */
import type { CommandModule } from 'yargs';
import { assembleWhenReady } from '../train/assemble.js';
import { trainGenerator } from '../train/generator.js';
import { trainerOptions, trainingOptions, type TrainingOptions } from './training-options.js';

export const trainGeneratorCommand: CommandModule<object, TrainingOptions> = {
  command: 'train-generator',
  describe: 'train the synthesis network on renders',
  builder: (y) => trainingOptions(y, 'generator'),
  handler: async (options) => {
    const measured = await trainGenerator(trainerOptions(options));
    await assembleWhenReady({ generator: options.name, bundle: options.bundle });
    process.stdout.write(`${JSON.stringify(measured)}\n`);
  },
};
