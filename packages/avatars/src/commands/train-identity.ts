/** `avatars train-identity`: see train/identity.ts. */
import type { CommandModule } from 'yargs';
import { trainIdentity } from '../train/identity.js';
import { trainerOptions, trainingOptions, type TrainingOptions } from './training-options.js';

export const trainIdentityCommand: CommandModule<object, TrainingOptions> = {
  command: 'train-identity',
  describe: 'train the identity network',
  builder: (y) => trainingOptions(y, 'identity'),
  handler: async (options) => {
    process.stdout.write(`${JSON.stringify(await trainIdentity(trainerOptions(options)))}\n`);
  },
};
