/** `avatars train-identity`: see train/identity.ts. */
import { identitySchema } from '../train/identity-config.js';
import { trainIdentity } from '../train/identity.js';
import { trainingCommand } from './training-command.js';

export const trainIdentityCommand = trainingCommand({
  command: 'train-identity',
  describe: 'train the identity network',
  schema: identitySchema,
  train: trainIdentity,
});
