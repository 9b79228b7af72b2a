/** `avatars train-attributes`: see train/attributes.ts. */
import { attributesSchema } from '../train/attributes-config.js';
import { trainAttributes } from '../train/attributes.js';
import { trainingCommand } from './training-command.js';

export const trainAttributesCommand = trainingCommand({
  command: 'train-attributes',
  describe: 'train the attribute probe',
  schema: attributesSchema,
  train: trainAttributes,
});
