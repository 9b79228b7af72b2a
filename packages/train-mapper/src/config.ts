/**
 * The configuration of a mapper training: one schema, with a default and a description for every field.
 *
 * The defaults are a recipe that needs no tuning: a name and a prompt give a clean edit within a minute on the bundle in
 * models/avatars. They differ from the paper's (§5, `train_options.py`) where its own are slow or leak: a share of directional CLIP
 * loss keeps what the prompt does not speak of, identity counts more and the distance of latents less, and 700 steps at the
 * official learning rate are enough. The README's table has both; every official choice is a key of its own.
 *
 * What needs the bundle to be checked (does its probe know the asked value? is the prompt at most 77 tokens long?) is
 * not here but in `prepare.ts`, in one block, before any work.
 */
import { fields } from '@styleclip/core';
import { z } from 'zod';

const every = (value: number) => z.number().int().min(0).default(value);

const mapper = z
  .strictObject({
    groups: z
      .strictObject({
        coarse: z
          .boolean()
          .default(true)
          .describe('train a mapper for the coarse layers (shape: hair style, clothing)'),
        medium: z
          .boolean()
          .default(true)
          .describe('train a mapper for the medium layers (eyes, mouth, glasses, beard)'),
        fine: z
          .boolean()
          .default(true)
          .describe('train a mapper for the fine layers; switch it off when colours must stay'),
      })
      .refine((groups) => groups.coarse || groups.medium || groups.fine, {
        message: 'at least one of coarse, medium and fine must be true, else there is nothing to train',
      })
      .prefault({})
      .describe('which groups of W+ layers the edit may touch'),
    pixelNorm: z
      .enum(['features', 'layers'])
      .default('features')
      .describe("axis that PixelNorm normalises: 'features' as meant, 'layers' as the official code does by accident"),
    strength: z.number().positive().default(0.1).describe('the edit is w + strength · M(w)'),
  })
  .prefault({})
  .describe('the network');

/** Everything a training is made from. Unknown keys are refused. */
export const trainMapperSchema = z.strictObject({
  ...fields.runFields('train-mapper'),
  prompt: fields.prompt,
  ask: fields.ask.optional(),
  ignore: fields.ignore,
  mapper,
  losses: fields.losses({ clip: 1, directional: 0.3, id: 0.6, l2: 0.12 }),
  latents: fields.latents({ truncation: 1 }),
  optimizer: fields.optimizer({
    lr: 0.5,
    warmup: 10,
    lrNote: 'highest learning rate; the layers multiply it by their own 0.01',
  }),
  steps: z.number().int().min(1).default(700).describe('training steps'),
  batch: z.number().int().min(1).default(4).describe('latents in a step'),
  metricsEvery: every(10).describe('steps between two lines of metrics.jsonl'),
  validateEvery: every(100).describe('steps between two looks at the held-out loss; 0: only at the end'),
  sampleEvery: every(200).describe('steps between two before/after pictures; 0: only at the end'),
  checkpointEvery: every(200).describe('steps between two checkpoints; 0: only at the end'),
  samples: z.number().int().min(1).max(64).default(8).describe('held-out latents in the before/after pictures'),
});

/** A checked configuration, every default filled in. */
export type TrainMapperConfig = z.infer<typeof trainMapperSchema>;
