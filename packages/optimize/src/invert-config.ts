/**
 * The configuration of an inversion: one schema, with a default and a description for every field. The original has no
 * inversion of its own (its README sends the reader to e4e); this one needs no trained encoder.
 */
import { fields } from '@styleclip/core';
import { z } from 'zod';

const weight = (value: number) => z.number().min(0).default(value);
const every = (value: number) => z.number().int().min(0).default(value);

export const invertSchema = z.strictObject({
  ...fields.runFields('invert'),
  images: z.array(z.string().min(1)).min(1).describe('pictures, cut to their middle square'),
  candidates: z
    .number()
    .int()
    .min(0)
    .max(10_000)
    .default(128)
    .describe('drawn latents that are looked at first: each picture begins at the nearest; 0: at the mean face'),
  steps: z
    .strictObject({
      w: z.number().int().min(1).default(100).describe('steps at most in W, one w for all layers'),
      wPlus: z.number().int().min(1).default(200).describe('steps at most in W+ after that'),
    })
    .prefault({})
    .describe('how long it takes'),
  losses: z
    .strictObject({
      pixel: weight(1).describe('weight of the mean squared difference of pixels in [-1, 1]'),
      clip: weight(0.3).describe("weight of 1 - cosine of the pictures' CLIP features"),
      id: weight(0.1).describe('weight of 1 - cosine of the face embeddings, where the bundle has an identity network'),
      near: weight(0.002).describe(
        'weight of the mean squared distance to where the stage began: it keeps latents where edits work',
      ),
    })
    .refine((value) => value.pixel + value.clip + value.id > 0, {
      message: 'pixel, clip and id are all 0, so nothing pulls towards the picture',
    })
    .prefault({})
    .describe('what is minimised'),
  optimizer: fields.optimizer({
    ...{ lr: 0.05, warmup: 0, decay: 'ramp' },
    nameNote: 'adam or ranger',
    decayNote: "'ramp' is StyleGAN2's projector's",
  }),
  stop: z
    .strictObject({
      patience: every(0).describe('a picture goes on to the next stage after so many steps without progress; 0: never'),
      tolerance: z.number().min(0).default(1e-4).describe('what counts as progress of the total loss'),
      at: z.number().min(0).optional().describe('a picture goes on as soon as its pixel loss is this low'),
    })
    .prefault({})
    .describe('when a picture stops before the last step, each by itself'),
  batch: every(0).describe('pictures that are inverted at once, each for itself; 0: eight up to 128², one at 1024²'),
  metricsEvery: every(5).describe('steps between two lines of metrics.jsonl; 0: only at the ends'),
  checkpointEvery: every(50).describe('steps between two checkpoints; 0: only at the end'),
});

/** A checked configuration, every default filled in. */
export type InvertConfig = z.infer<typeof invertSchema>;
