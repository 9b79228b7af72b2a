/** The configuration of the training of a bundle's text side alone (text-side.ts). */
import { z } from 'zod';
import { textFields } from './clip-config.js';
import { DEFAULT_BUNDLE, heldOutField, loopFields, nameField, trainField } from './training-config.js';

export const textSideSchema = z.strictObject({
  name: nameField('clip-words'),
  ...trainField,
  ...heldOutField,
  bundle: z.string().min(1).default(DEFAULT_BUNDLE).describe('bundle whose CLIP is taken, and which gets it back'),
  ...textFields,
  ...loopFields,
});

export type TextSideConfig = z.infer<typeof textSideSchema>;
