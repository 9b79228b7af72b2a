/**
 * The configuration of a relevance measurement: one schema, with a default and a description for every field.
 *
 * The defaults are the paper's (StyleCLIP §6 and supplement), where it says something. The official code does otherwise in
 * some places; `OFFICIAL` are those choices, which `--official` sets all at once. README.md has the table.
 */
import { fields } from '@styleclip/core';
import { z } from 'zod';

const { name, bundle, seed, ...machine } = fields.runFields('directions');

/** ψ of drawn latents. */
export const truncation = z
  .number()
  .min(0)
  .max(2)
  .default(1)
  .describe('ψ of the latents that are drawn: 1 keeps all the variety, 0.7 is the official choice');

/** How the directions of all channels are measured. Unknown keys are refused. */
export const precomputeSchema = z.strictObject({
  name: name.default('avatars'),
  bundle,
  seed: seed.describe('seed of the latents: same seed, same file'),
  ...machine,
  method: z
    .enum(['finite-difference', 'jacobian'])
    .default('finite-difference')
    .describe(
      "'finite-difference' moves one channel at a time, as the paper; 'jacobian' takes derivatives of all at once",
    ),
  images: z.number().int().min(1).default(100).describe('pictures that each channel is probed on'),
  amplitude: z.number().positive().default(5).describe('size of the step to either side, in standard deviations'),
  around: z
    .enum(['sample', 'mean'])
    .default('sample')
    .describe(
      "what the channel is moved from: 'sample' its own value, as the paper; 'mean' the mean, as the official code",
    ),
  aliasing: z
    .boolean()
    .default(false)
    .describe('the official fault: a channel stays at its mean once it has been probed, for all that come after'),
  upTo: z
    .number()
    .int()
    .min(4)
    .default(256)
    .describe('probe layers up to this resolution and look at the picture there; above, channels get no direction'),
  truncation,
  statistics: z.number().int().min(2).default(10_000).describe('latents behind mean and standard deviation'),
  batch: z
    .number()
    .int()
    .min(0)
    .default(0)
    .describe('pictures at once; 0: as many as fit 64 MB in the widest layer, 64 at most'),
  projections: z
    .number()
    .int()
    .min(0)
    .default(0)
    .describe("jacobian: random directions of CLIP's space a picture; 0: every dimension, exactly"),
  groups: z
    .number()
    .int()
    .min(0)
    .default(0)
    .describe(
      "jacobian: in how many groups a picture's channels leave their place, each to somewhere between the two ends of its step, before derivatives are taken; 0: all stay",
    ),
});

/** A checked configuration, every default filled in. */
export type PrecomputeConfig = z.output<typeof precomputeSchema>;

/** What the official code does (global_directions/, SingleChannel.py), as overrides of a configuration. */
export const OFFICIAL = {
  method: 'finite-difference',
  seed: 5,
  images: 100,
  amplitude: 5,
  around: 'mean',
  aliasing: true,
  upTo: 128,
  truncation: 0.7,
  statistics: 100_000,
} as const satisfies Partial<PrecomputeConfig>;
