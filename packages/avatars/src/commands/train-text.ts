/** `avatars train-text`: see train/text-side.ts. */
import { textSideSchema } from '../train/text-side-config.js';
import { trainTextSide } from '../train/text-side.js';
import { trainingCommand } from './training-command.js';

export const trainTextCommand = trainingCommand({
  command: 'train-text',
  describe: "train the text side of a bundle's CLIP alone, for the words that the grammar has by now",
  schema: textSideSchema,
  train: trainTextSide,
});
