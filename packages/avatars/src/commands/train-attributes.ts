/** `avatars train-attributes`: see train/attributes.ts. */
import type { CommandModule } from 'yargs';
import { trainAttributes } from '../train/attributes.js';
import { trainerOptions, trainingOptions, type TrainingOptions } from './training-options.js';

export const trainAttributesCommand: CommandModule<object, TrainingOptions> = {
  command: 'train-attributes',
  describe: 'train the attribute probe',
  builder: (y) => trainingOptions(y, 'attributes'),
  handler: async (options) => {
    process.stdout.write(`${JSON.stringify(await trainAttributes(trainerOptions(options)))}\n`);
  },
};
