/** The configuration of edits: one schema, with a default and a description for every field. */
import { fields } from '@styleclip/core';
import { z } from 'zod';
import { truncation } from './config.js';

const { name, bundle, seed, ...machine } = fields.runFields('directions');

/** One edit: from a text to another. */
const editSchema = z
  .strictObject({
    neutral: fields.prompt.default('a person').describe('what the pictures show before the edit, in words'),
    target: fields.prompt,
    alpha: z.number().optional().describe('strength: the strongest channel moves by so many σ; chosen unless told'),
    beta: z.number().min(0).max(1).optional().describe('least |cosine| of a channel with the texts; or'),
    topK: z
      .number()
      .int()
      .min(1)
      .optional()
      .describe('how many channels are moved; chosen unless one of the two is told'),
    ask: fields.ask.optional(),
    ignore: fields.ignore,
  })
  .refine((edit) => edit.beta === undefined || edit.topK === undefined, {
    path: ['topK'],
    message: 'beta and topK exclude each other: give one of them, or neither',
  });

/** How edits are made, looked at and measured. Unknown keys are refused. */
export const applySchema = z
  .strictObject({
    name: name
      .optional()
      .describe('name of the run: its folder is runs/directions/<name>; made of the texts unless told'),
    bundle,
    seed: seed.describe('seed of the latents that choose strengths and are measured'),
    ...machine,
    relevance: z
      .string()
      .default('runs/directions/avatars/relevance.arrow')
      .describe('relevance file of directions:precompute, or imported from fs3.npy'),
    direct: z
      .boolean()
      .default(false)
      .describe('no relevance file: two backward passes a picture for each pair of texts'),
    directImages: z.number().int().min(1).default(64).describe('pictures that `direct` averages over'),
    edits: z.array(editSchema).min(1).describe('the edits, one after the other on the same picture'),
    templates: z
      .enum(['imagenet', 'none'])
      .default('imagenet')
      .describe("'imagenet' says each text in 79 ways, 'none' as it stands"),
    weigh: z
      .enum(['none', 'magnitude'])
      .default('none')
      .describe(
        "'none' is the paper's; 'magnitude' prefers channels that move the picture far, which also change more besides",
      ),
    leastMagnitude: z
      .number()
      .min(0)
      .max(1)
      .default(0)
      .describe('leave channels out that move the picture by less than this share of the strongest'),
    strength: z
      .enum(['measured', 'official'])
      .default('measured')
      .describe(
        "how what is not told is chosen: 'measured' tries it on latents kept apart, 'official' is the original's rule",
      ),
    tuning: z.number().int().min(1).default(32).describe('latents that strengths are tried on'),
    truncation,
    heldOut: z.number().int().min(1).default(200).describe('latents kept aside for the numbers in summary.json'),
    seeds: z.string().optional().describe('pictures to edit, by seed, such as 1-8,12; or'),
    latents: z.string().optional().describe('safetensors file with w_plus [N,L,D] or w [N,D] to edit'),
    samples: z
      .number()
      .int()
      .min(1)
      .max(64)
      .default(8)
      .describe('held-out latents in the pictures, where neither seeds nor latents are told'),
  })
  .refine((config) => config.seeds === undefined || config.latents === undefined, {
    path: ['latents'],
    message: 'seeds and latents exclude each other: give one of them, or neither',
  });

/** A checked configuration, every default filled in. */
export type ApplyConfig = z.output<typeof applySchema>;
export type EditConfig = ApplyConfig['edits'][number];

/** What the official program does, as overrides of a configuration. */
export const OFFICIAL_APPLY = {
  templates: 'imagenet',
  weigh: 'none',
  leastMagnitude: 0,
  strength: 'official',
  truncation: 0.7,
} as const satisfies Partial<ApplyConfig>;
