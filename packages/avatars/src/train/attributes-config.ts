/** The configuration of the attribute probe's training (attributes.ts). */
import { z } from 'zod';
import {
  bundleField,
  evaluateCountField,
  heldOutField,
  loopFields,
  nameField,
  scheduleFields,
  size,
  sizes,
  trainField,
} from './training-config.js';

export const attributesSchema = z.strictObject({
  name: nameField('attributes'),
  ...trainField,
  ...heldOutField,
  ...bundleField,
  ...scheduleFields({ steps: 1500, batch: 64, learningRate: 2e-3, warmup: 100 }),
  channels: sizes
    .default([48, 96, 128])
    .describe('channels of each stage; the first merges 4×4 patches, the others 2×2'),
  hidden: size.default(128).describe('width of the hidden layer'),
  ...evaluateCountField,
  ...loopFields,
});

export type AttributesConfig = z.infer<typeof attributesSchema>;
