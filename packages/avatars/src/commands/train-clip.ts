/** `avatars train-clip`: see train/clip.ts. */
import { clipSchema } from '../train/clip-config.js';
import { trainClip } from '../train/clip.js';
import { trainingCommand } from './training-command.js';

export const trainClipCommand = trainingCommand({
  command: 'train-clip',
  describe: 'train CLIP on captioned renders',
  schema: clipSchema,
  train: trainClip,
});
