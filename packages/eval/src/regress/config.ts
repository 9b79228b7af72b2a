/** The configuration of a regression check. Its defaults are the check that is committed; tests make it smaller. */
import { fields } from '@styleclip/core';
import { z } from 'zod';

const { name: _, ...run } = fields.runFields('eval');

export const regressSchema = z.strictObject({
  ...run,
  prompt: z.string().default('configs/avatars/purple-hair.yaml').describe('YAML file of the mapper that is trained'),
  truncation: z.number().min(0).max(2).default(1).describe('ψ of the latents'),
  heldOut: z.number().int().min(2).default(40).describe('latents that are measured on'),
  mapper: z
    .record(z.string(), z.union([z.number(), z.string(), z.boolean()]))
    .default({
      steps: 150,
      'latents.heldOut': 4,
      'latents.validation': 8,
      samples: 2,
      sampleEvery: 0,
      checkpointEvery: 0,
    })
    .describe("keys over the mapper's configuration"),
  methods: z
    .array(z.enum(['mapper', 'optimize', 'direct']))
    .default(['mapper', 'optimize', 'direct'])
    .describe('methods that are tried, besides the numbers that need none'),
  optimizeSteps: z.number().int().min(1).default(40).describe('steps of the optimization'),
  optimized: z.number().int().min(1).default(8).describe('latents that are optimized'),
});

/** A checked configuration, every default filled in. */
export type RegressConfig = z.infer<typeof regressSchema>;
