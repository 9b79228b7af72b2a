/**
 * The configuration of a latent optimization: one schema, with a default and a description for every field.
 *
 * Some defaults depend on two keys, `official` and `space` (defaults.ts), so the schema is a function of these, and a
 * configuration is read twice: once to see them, once with the defaults that go with them. What needs the bundle to be
 * checked is in prepare.ts.
 */
import { fields, loadConfig, usageError, type Overrides } from '@styleclip/core';
import { z } from 'zod';
import { SPACES } from './code-space.js';
import { defaultsOf, OFFICIAL_PROMPT, type Defaults } from './defaults.js';

const every = (value: number) => z.number().int().min(0).default(value);

/** One text, and how its edits are judged. */
const edit = z.strictObject({
  prompt: fields.prompt,
  ask: fields.ask.optional(),
  ignore: fields.ignore,
});

const groups = z
  .strictObject({
    coarse: z.boolean().default(true).describe('may change the coarse layers (shape: hair style, clothing)'),
    medium: z.boolean().default(true).describe('may change the medium layers (eyes, mouth, glasses, beard)'),
    fine: z.boolean().default(true).describe('may change the fine layers; switch it off when colours must stay'),
  })
  .refine((on) => on.coarse || on.medium || on.fine, {
    message: 'at least one of coarse, medium and fine must be true, else there is nothing to move',
  })
  .prefault({})
  .describe('which groups of layers the edit may touch');

function latents(truncation: number) {
  return z
    .strictObject({
      seeds: z
        .union([z.string(), z.number().int().min(0)])
        .optional()
        .describe('seeds of latents to draw, such as 1-8,12; 1-8 when nothing else is given'),
      file: z.string().optional().describe('safetensors file with w_plus [N,L,D] or w [N,D]; all of its rows'),
      rows: z.string().optional().describe('of a file, only these rows, counted from 0, such as 0-7'),
      images: z.array(z.string()).min(1).optional().describe('pictures, which are inverted first'),
      truncation: z
        .number()
        .min(0)
        .max(2)
        .default(truncation)
        .describe('ψ of drawn latents: 1 keeps all the variety, 0 is the mean face'),
    })
    .refine((value) => [value.seeds, value.file, value.images].filter((given) => given !== undefined).length <= 1, {
      message: 'give one of seeds, file and images',
    })
    .refine((value) => value.rows === undefined || value.file !== undefined, {
      path: ['rows'],
      message: 'belongs to latents.file',
    })
    .prefault({})
    .describe('what is edited');
}

const stop = z
  .strictObject({
    patience: z
      .number()
      .int()
      .min(0)
      .default(0)
      .describe('a latent stops after so many steps without progress; 0: never'),
    tolerance: z.number().min(0).default(1e-3).describe('what counts as progress of the total loss'),
    at: z.number().min(0).max(2).optional().describe('a latent stops as soon as its CLIP loss is this low'),
  })
  .prefault({})
  .describe('when a latent stops before the last step, each by itself');

/** The fields of a configuration; a sweep has the same and more. */
export function optimizeFields(
  { losses, lr, warmup, decay, steps, keep, truncation, filmEvery }: Defaults,
  owner: string,
) {
  return {
    ...fields.runFields(owner),
    official: z.boolean().default(false).describe("take every default of the original's code that differs from ours"),
    space: z.enum(SPACES).default('w+').describe("what is moved: 'w+', or 's', the styles of all layers but toRGB"),
    mode: z
      .enum(['edit', 'free'])
      .default('edit')
      .describe("'edit' latents, or 'free': begin at the mean face and follow the text alone"),
    prompt: fields.prompt.optional(),
    ask: fields.ask.optional(),
    ignore: fields.ignore,
    edits: z
      .array(edit)
      .min(1)
      .optional()
      .describe('several prompts at once, each {prompt, ask, ignore}, instead of prompt'),
    latents: latents(truncation),
    groups,
    losses: fields.losses(losses),
    optimizer: fields.optimizer({
      ...{ lr, warmup, decay },
      nameNote: "'adam' is the official choice",
      decayNote: "'ramp' is the official choice",
    }),
    steps: z.number().int().min(1).default(steps).describe('steps at most'),
    keep: z
      .enum(['best', 'last'])
      .default(keep)
      .describe("the result: the latent with the lowest loss, or the 'last' one, as in the official code"),
    stop,
    batch: every(0).describe('latents that are moved at once, each for itself; 0: eight up to 128², one at 1024²'),
    filmEvery: z.number().int().min(1).default(filmEvery).describe('steps between two pictures of the film strip'),
    samples: z
      .number()
      .int()
      .min(1)
      .max(64)
      .default(8)
      .describe('rows of the before/after sheet and of the film strip'),
    metricsEvery: every(5).describe('steps between two lines of metrics.jsonl; 0: only at the ends'),
    checkpointEvery: every(50).describe('steps between two checkpoints; 0: only at the end'),
  };
}

/** Everything an optimization is made from, with the defaults that two of its keys choose. Unknown keys are refused. */
export function optimizeSchema({ space = 'w+', official = false }: Partial<Chooses> = {}) {
  return z.strictObject(optimizeFields(defaultsOf(space, official), 'optimize'));
}

/** The keys that choose defaults. */
export type Chooses = { space: (typeof SPACES)[number]; official: boolean };

/** A checked configuration, every default filled in. */
export type OptimizeConfig = z.infer<ReturnType<typeof optimizeSchema>>;

/** One text of a configuration. */
export type EditOptions = z.infer<typeof edit>;

/** Reads a configuration with the defaults that its own `space` and `official` choose. @throws UserError */
export async function loadOptimizeConfig<S extends z.ZodType<OptimizeConfig>>(
  schemaOf: (chosen: Partial<Chooses>) => S,
  file: string | undefined,
  overrides: Overrides = {},
): Promise<z.output<S>> {
  const { space, official } = await loadConfig(schemaOf({}), file, overrides);
  return loadConfig(schemaOf({ space, official }), file, overrides);
}

/** The same for plain data, such as `{ name: 'x', prompt: 'a person with a beard' }`. */
export function parseOptimizeConfig(input: unknown): OptimizeConfig {
  const { space, official } = optimizeSchema().parse(input);
  return optimizeSchema({ space, official }).parse(input);
}

/** The texts of a configuration. @throws UserError when there are none, or two kinds of them */
export function editsOf({ prompt, ask, ignore, edits, official }: OptimizeConfig): EditOptions[] {
  if (edits !== undefined) {
    if (prompt !== undefined || ask !== undefined || ignore.length > 0)
      throw usageError('edits: prompt, ask and ignore stand in each edit then, and not beside them');
    return edits;
  }
  const text = prompt ?? (official ? OFFICIAL_PROMPT : undefined);
  if (text === undefined) throw usageError('prompt: say what the edit should look like, by "prompt" or "edits"');
  return [{ prompt: text, ignore, ...(ask && { ask }) }];
}
