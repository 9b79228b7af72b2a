/** `avatars train-mapping`: see train/mapping.ts; then puts the bundle's generator together, where the other half is trained too. */
import type { CommandModule } from 'yargs';
import { assembleWhenReady } from '../train/assemble.js';
import { trainMapping } from '../train/mapping.js';
import { trainerOptions, trainingOptions, type TrainingOptions } from './training-options.js';

export const trainMappingCommand: CommandModule<object, TrainingOptions> = {
  command: 'train-mapping',
  describe: 'fit the mapping network to the codes of avatars',
  builder: (y) => trainingOptions(y, 'mapping'),
  handler: async (options) => {
    const measured = await trainMapping(trainerOptions(options));
    await assembleWhenReady({ mapping: options.name, bundle: options.bundle });
    process.stdout.write(`${JSON.stringify(measured)}\n`);
  },
};
