/**
 * The configuration of a report: one schema, with a default and a description for every field.
 *
 * Prompts are named by the mapper's configurations, since these say all that an edit is asked and judged by: prompt, `ask`,
 * `ignore`. The other methods take the same prompts with defaults of their own.
 */
import { fields } from '@styleclip/core';
import { z } from 'zod';
import { METHOD_NAMES } from './methods/method.js';
import { SECTION_NAMES } from './sections/names.js';

const { name, ...run } = fields.runFields('eval');

/** Keys that a report sets in the configurations of a method. */
const overrides = (what: string) =>
  z
    .record(z.string(), z.union([z.number(), z.string(), z.boolean()]))
    .default({})
    .describe(`keys over the ${what}`);

/** `{ "losses.l2": 1 }` as `{ losses: { l2: 1 } }`, for schemas that are parsed as plain data. */
export function nestKeys(keys: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const nested: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(keys)) {
    const path = key.split('.');
    const last = path.pop()!;
    let group = nested;
    for (const name of path) group = (group[name] ??= {}) as Record<string, unknown>;
    group[last] = value;
  }
  return nested;
}

/** Everything a report is made from. Unknown keys are refused. */
export const reportSchema = z.strictObject({
  name: name.default('report'),
  ...run,
  prompts: z.array(z.string().min(1)).min(1).describe('YAML files of mappers, one for each prompt'),
  methods: z
    .array(z.enum(METHOD_NAMES))
    .min(1)
    .default([...METHOD_NAMES])
    .describe('methods that take part'),
  sections: z
    .array(z.enum(SECTION_NAMES))
    .min(1)
    .default([...SECTION_NAMES])
    .describe('tables and figures of the report'),
  truncation: z
    .number()
    .min(0)
    .max(2)
    .default(1)
    .describe('ψ of the held-out latents: 1 keeps all the variety, 0.7 is the official choice'),
  heldOut: z.number().int().min(2).default(200).describe('held-out latents behind every number'),
  samples: z.number().int().min(1).max(16).default(6).describe('held-out latents in the pictures'),
  bootstrap: z.number().int().min(100).default(2000).describe('draws of the bootstrap behind the intervals'),
  strengths: z
    .array(z.number())
    .min(2)
    .default([0, 0.25, 0.5, 0.75, 1, 1.25, 1.5])
    .describe("factors on a method's own strength, for the curve of hit against leak"),
  repeats: z.number().int().min(1).default(15).describe('how often an inference is timed; the median counts'),
  curveLatents: z.number().int().min(1).default(60).describe('held-out latents behind each point of that curve'),
  optimized: z.number().int().min(1).default(24).describe('held-out latents that are optimized: each takes seconds'),
  labelled: z.number().int().min(50).default(1000).describe('latents that the baselines of figure 10 are fitted to'),
  compared: z
    .array(z.string())
    .default([])
    .describe('prompts of figure 9, by name, from complex to simple; the first three unless told'),
  mapper: overrides("mapper's configuration, such as {steps: 100}"),
  optimize: overrides("optimization's defaults, such as {steps: 200}"),
  directions: overrides('measurement of directions, such as {images: 50}'),
});

/** A checked configuration, every default filled in. */
export type ReportConfig = z.infer<typeof reportSchema>;
