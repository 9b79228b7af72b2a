/** `avatars train-clip`: see train/clip.ts. */
import type { CommandModule } from 'yargs';
import { trainClip } from '../train/clip.js';
import { trainerOptions, trainingOptions, type TrainingOptions } from './training-options.js';

export const trainClipCommand: CommandModule<object, TrainingOptions> = {
  command: 'train-clip',
  describe: 'train CLIP on captioned renders',
  builder: (y) => trainingOptions(y, 'clip'),
  handler: async (options) => {
    process.stdout.write(`${JSON.stringify(await trainClip(trainerOptions(options)))}\n`);
  },
};
