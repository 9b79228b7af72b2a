/** The configuration of the identity network's training (identity.ts). */
import { z } from 'zod';
import { bundleField, loopFields, nameField, scheduleFields, size, sizes, trainField } from './training-config.js';

const pairs = z.number().int().min(1).max(100_000);

export const identitySchema = z
  .strictObject({
    name: nameField('identity'),
    ...trainField,
    ...bundleField,
    ...scheduleFields({ steps: 3000, batch: 32, learningRate: 2e-3, warmup: 200 }),
    channels: sizes.default([8, 16, 32, 64, 128]).describe('channels of each stage; every stage halves the picture'),
    blocks: sizes.default([1, 1, 1, 1, 1]).describe('residual blocks of each stage'),
    embed: size.default(128).describe('width of the embedding'),
    pairs: pairs.default(100).describe('pairs of each kind in the evaluations during training'),
    finalPairs: pairs.default(500).describe('pairs of each kind in the last evaluation'),
    ...loopFields,
  })
  .refine(({ channels, blocks }) => channels.length === blocks.length, {
    path: ['blocks'],
    message: 'must hold one number for each of channels',
  });

export type IdentityConfig = z.infer<typeof identitySchema>;
