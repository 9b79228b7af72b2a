/**
 * The parts that configurations of editing methods are composed of: each a small zod schema with defaults and descriptions.
 *
 * A method writes `z.strictObject({ ...runFields('train-mapper'), prompt, ask, losses: losses({ l2: 0.8 }), … })`. Groups are
 * functions of their defaults, since methods differ in those and in nothing else. The names and meanings are the same in all
 * of them, so a user learns them once and what takes such a group (objective, openLatents, learningRate) is written once.
 */
import { z } from 'zod';
import { OPTIMIZERS } from '../optim/optimizer.js';
import { DECAYS } from '../optim/schedule.js';
import { DEVICES } from './device.js';
import { runNameProblem } from './run-name.js';
import { textProblem } from './known-words.js';

/** A text that CLIP is to read. */
const text = () =>
  z
    .string()
    .min(1)
    .superRefine((value, context) => refuse(context, value === '' ? undefined : textProblem(value)));

function refuse(context: z.core.$RefinementCtx<string>, message: string | undefined): void {
  if (message !== undefined) context.addIssue({ code: 'custom', message });
}

/** The weight of a loss. */
const weight = (value: number) => z.number().min(0).default(value);

/** Name, bundle, seed, device, threads: what every run has. `owner` is the package that makes the run. */
export function runFields(owner: string) {
  return {
    name: z
      .string()
      .superRefine((name, context) => refuse(context, runNameProblem(name)))
      .describe(`name of the run: its folder is runs/${owner}/<name>`),
    bundle: z
      .string()
      .default('models/avatars')
      .describe('folder of the models: generator, clip, identity, attributes'),
    seed: z.number().int().min(0).default(1).describe('seed of weights and latents: same seed, same run'),
    device: z
      .enum(DEVICES)
      .default('auto')
      .describe("where it runs: 'cpu', 'webgpu' and 'cuda' compile the step, the others run it op by op"),
    threads: z
      .number()
      .int()
      .min(0)
      .default(0)
      .describe('threads of the compiled step; 0: as many as the machine has cores'),
  };
}

/** The text that an edit goes for. */
export const prompt = text().describe('what the edit should look like, in words');

/** What the prompt asks for, said to the attribute probe. */
export const ask = z
  .strictObject({
    factor: z.string().describe("a factor of the bundle's attribute probe"),
    values: z.array(z.string()).min(1).describe('the values that count as a hit'),
  })
  .describe('what the prompt asks for, in the words of the probe: needed for hit and leak in summary.json');

/** Factors that an edit may change. */
export const ignore = z
  .array(z.string())
  .default([])
  .describe('factors that leak does not count, since the asked value hides or implies them (hair colour, when bald)');

/** Weights of the losses and how they are read; see losses/objective.ts. */
export function losses(defaults: {
  clip?: number;
  directional?: number;
  id?: number;
  l2?: number;
  l2Reading?: 'mean' | 'sum' | 'norm';
  clipInput?: 'normalised' | 'raw';
}) {
  const { clip = 1, directional = 0, id = 0.1, l2 = 0.8, l2Reading = 'mean', clipInput = 'normalised' } = defaults;
  return z
    .strictObject({
      clip: weight(clip).describe('weight of the CLIP loss, 1 - cosine(image, prompt)'),
      directional: weight(directional).describe(
        'weight of the directional CLIP loss, 1 - cosine(change of the image, prompt minus neutral): it keeps other things as they are',
      ),
      id: weight(id).describe('weight of the identity loss, 1 - cosine of the face embeddings'),
      l2: weight(l2).describe('weight of the squared distance between the edited and the source latent'),
      clipInput: z
        .enum(['normalised', 'raw'])
        .default(clipInput)
        .describe(
          "what CLIP sees: 'normalised' as it was trained, 'raw' the generator's [-1,1] as in the official code",
        ),
      neutral: text().default('a person').describe('the text that the directional loss starts from'),
      l2Reading: z
        .enum(['mean', 'sum', 'norm'])
        .default(l2Reading)
        .describe("'mean' of squares as in the mapper's code, 'sum' as in the optimizer's, 'norm' as the paper writes"),
    })
    .refine((value) => value.clip + value.directional > 0, {
      path: ['clip'],
      message: 'clip and directional are both 0, so nothing pulls towards the prompt',
    })
    .prefault({})
    .describe('what is minimised');
}

/** Which latents are edited; see latents/. */
export function latents(defaults: { truncation?: number; validation?: number; heldOut?: number } = {}) {
  const { truncation = 0.7, validation = 32, heldOut = 200 } = defaults;
  return z
    .strictObject({
      source: z
        .enum(['sample', 'file'])
        .default('sample')
        .describe("'sample' draws z ~ N(0, I); 'file' reads W+ codes"),
      file: z.string().optional().describe("safetensors file with w_plus [N,L,D] or w [N,D], for source 'file'"),
      truncation: z
        .number()
        .min(0)
        .max(2)
        .default(truncation)
        .describe('ψ of sampled latents: 1 keeps all the variety, 0 is the mean face'),
      mixing: z
        .number()
        .min(0)
        .max(1)
        .default(0)
        .describe('share of sampled latents whose coarse, medium and fine layers come from different z'),
      validation: z.number().int().min(1).default(validation).describe('latents kept aside to choose the best model'),
      heldOut: z.number().int().min(1).default(heldOut).describe('latents kept aside for the numbers in summary.json'),
    })
    .refine((value) => (value.source === 'file') === (value.file !== undefined), {
      path: ['file'],
      message: "belongs to source 'file' and to nothing else: give both or neither",
    })
    .prefault({})
    .describe('what is edited in training');
}

/**
 * The optimizer and its learning rate; see optim/. The notes say what is official, which differs from method to method.
 */
export function optimizer(
  defaults: {
    name?: 'adam' | 'ranger';
    nameNote?: string;
    lr?: number;
    lrNote?: string;
    warmup?: number;
    decay?: (typeof DECAYS)[number];
    decayNote?: string;
  } = {},
) {
  const { name = 'adam', lr = 0.05, lrNote = 'highest learning rate', warmup = 20, decay = 'cosine' } = defaults;
  const { nameNote = "'ranger' with lr 0.5 is the official choice" } = defaults;
  const { decayNote = "'constant' is the official choice" } = defaults;
  return z
    .strictObject({
      name: z.enum(OPTIMIZERS).default(name).describe(nameNote),
      lr: z.number().positive().default(lr).describe(lrNote),
      beta1: z.number().min(0).max(0.999).optional().describe('decay of the first moment; adam 0.9, ranger 0.95'),
      beta2: z.number().min(0).max(0.99999).optional().describe('decay of the second moment; 0.999'),
      eps: z.number().positive().optional().describe('adam 1e-8, ranger 1e-5'),
      warmup: z
        .number()
        .int()
        .min(0)
        .default(warmup)
        .describe("steps over which the learning rate rises from 0; 'ramp' has its own 5 %"),
      decay: z
        .enum(DECAYS)
        .default(decay)
        .describe(
          `'cosine' brings the learning rate down to 0 at the last step, 'ramp' only over the last 25 %; ${decayNote}`,
        ),
    })
    .prefault({})
    .describe('how it is minimised');
}
