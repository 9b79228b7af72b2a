/** The configuration of the generator's training (generator.ts): one schema for both stages. */
import { z } from 'zod';
import {
  bundleField,
  heldOutField,
  loopFields,
  nameField,
  scheduleFields,
  size,
  trainField,
} from './training-config.js';

/** What is different by default in the second stage, which goes on `from` the first. */
const SECOND_STAGE = {
  name: 'generator-directions',
  steps: 11_000,
  learningRate: 3e-3,
  edits: true,
  plan: true,
  square: 0.5,
};

const fields = z.strictObject({
  name: nameField('generator'),
  ...trainField,
  ...heldOutField,
  ...bundleField,
  from: z
    .string()
    .min(1)
    .optional()
    .describe(
      `second stage, with edits among the examples: the run of the first, or a bundle, to go on from (other defaults then: ${Object.entries(
        SECOND_STAGE,
      )
        .map(([key, value]) => `${key} ${value}`)
        .join(', ')})`,
    ),
  ...scheduleFields({ steps: 9000, batch: 16, learningRate: 4e-3, warmup: 200 }),
  wDim: size.default(128).describe('length of w'),
  channels: z
    .record(z.string().regex(/^\d+$/, 'must be a resolution'), size)
    .default({ 4: 96, 8: 96, 16: 96, 32: 64, 64: 48 })
    .describe('channels of each block by resolution'),
  edits: z.boolean().default(false).describe('edits and mixtures of avatars among the examples'),
  plan: z.boolean().default(false).describe('style channels belong to values, one each'),
  planSteps: z
    .number()
    .int()
    .min(0)
    .default(4000)
    .describe('steps over which what channels hear of other values falls to nothing'),
  square: z.number().min(0).default(0).describe('weight of the squared error'),
  ...loopFields,
});

export const generatorSchema = z.preprocess(
  (given: unknown) =>
    typeof given === 'object' && given !== null && (given as { from?: unknown }).from !== undefined
      ? { ...SECOND_STAGE, ...given }
      : given,
  fields,
);

export type GeneratorConfig = z.infer<typeof generatorSchema>;
