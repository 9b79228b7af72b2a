/** `avatars train-clip`: see train/clip.ts; with `--stage text` the text side of a bundle alone, see train/text-side.ts. */
import type { CommandModule } from 'yargs';
import { trainClip } from '../train/clip.js';
import { trainTextSide } from '../train/text-side.js';
import { trainerOptions, trainingOptions, type TrainingOptions } from './training-options.js';

interface Options extends TrainingOptions {
  stage: 'all' | 'text';
}

export const trainClipCommand: CommandModule<object, Options> = {
  command: 'train-clip',
  describe: 'train CLIP on captioned renders',
  builder: (y) =>
    trainingOptions(y, 'clip').option('stage', {
      choices: ['all', 'text'] as const,
      default: 'all' as const,
      describe: "both sides from nothing and then the text side alone, or only the text side of the bundle's CLIP",
    }),
  handler: async ({ stage, ...options }) => {
    const train = stage === 'text' ? trainTextSide : trainClip;
    process.stdout.write(`${JSON.stringify(await train(trainerOptions(options)))}\n`);
  },
};
