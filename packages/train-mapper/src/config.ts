/**
 * The configuration of a mapper training: one schema, with a default and a description for every field.
 *
 * The defaults are the paper's (§5, and its code's `train_options.py`) wherever the two agree with good sense. Where they
 * do not, the field says so and the official choice is one word away: `losses.clipInput: raw`, `mapper.pixelNorm: layers`,
 * `optimizer.name: ranger` with `lr: 0.5`. Help texts are made from the descriptions, so they are written for a user.
 *
 * What needs the bundle to be checked (does its probe know the asked value? is the prompt at most 77 tokens long?) is
 * not here but in `prepare.ts`, in one block, before any work.
 */
import { z } from 'zod';

const weight = (value: number) => z.number().min(0).default(value);
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

const losses = z
  .strictObject({
    clip: weight(1).describe('weight of the CLIP loss, 1 - cosine(image, prompt)'),
    directional: weight(0).describe(
      'weight of the directional CLIP loss, 1 - cosine(change of the image, prompt minus neutral): it keeps other things as they are',
    ),
    id: weight(0.1).describe('weight of the identity loss, 1 - cosine of the face embeddings'),
    l2: weight(0.8).describe('weight of the squared distance between the edited and the source latent'),
    clipInput: z
      .enum(['normalised', 'raw'])
      .default('normalised')
      .describe("what CLIP sees: 'normalised' as it was trained, 'raw' the generator's [-1,1] as in the official code"),
    neutral: z.string().min(1).default('a person').describe('the text that the directional loss starts from'),
    l2Reading: z
      .enum(['mean', 'sum', 'norm'])
      .default('mean')
      .describe("'mean' of squares as in the mapper's code, 'sum' as in the optimizer's, 'norm' as the paper writes"),
  })
  .refine((value) => value.clip + value.directional > 0, {
    path: ['clip'],
    message: 'clip and directional are both 0, so nothing pulls towards the prompt',
  })
  .prefault({})
  .describe('what is minimised');

const latents = z
  .strictObject({
    source: z.enum(['sample', 'file']).default('sample').describe("'sample' draws z ~ N(0, I); 'file' reads W+ codes"),
    file: z.string().optional().describe("safetensors file with w_plus [N,L,D] or w [N,D], for source 'file'"),
    truncation: z
      .number()
      .min(0)
      .max(2)
      .default(0.7)
      .describe('ψ of sampled latents: 1 keeps all the variety, 0 is the mean face'),
    mixing: z
      .number()
      .min(0)
      .max(1)
      .default(0)
      .describe('share of sampled latents whose coarse, medium and fine layers come from different z'),
    validation: z.number().int().min(1).default(32).describe('latents kept aside to choose the best model'),
    heldOut: z.number().int().min(1).default(200).describe('latents kept aside for the numbers in summary.json'),
  })
  .refine((value) => (value.source === 'file') === (value.file !== undefined), {
    path: ['file'],
    message: "belongs to source 'file' and to nothing else: give both or neither",
  })
  .prefault({})
  .describe('what is edited in training');

const optimizer = z
  .strictObject({
    name: z.enum(['adam', 'ranger']).default('adam').describe("'ranger' with lr 0.5 is the official choice"),
    lr: z.number().positive().default(0.05).describe('highest learning rate; the layers multiply it by their own 0.01'),
    beta1: z.number().min(0).max(0.999).optional().describe('decay of the first moment; adam 0.9, ranger 0.95'),
    beta2: z.number().min(0).max(0.99999).optional().describe('decay of the second moment; 0.999'),
    eps: z.number().positive().optional().describe('adam 1e-8, ranger 1e-5'),
    warmup: z.number().int().min(0).default(20).describe('steps over which the learning rate rises from 0'),
    decay: z
      .enum(['constant', 'cosine'])
      .default('cosine')
      .describe("'cosine' brings the learning rate down to 0 at the last step; 'constant' is the official choice"),
  })
  .prefault({})
  .describe('how it is minimised');

const ask = z
  .strictObject({
    factor: z.string().describe("a factor of the bundle's attribute probe"),
    values: z.array(z.string()).min(1).describe('the values that count as a hit'),
  })
  .describe('what the prompt asks for, in the words of the probe: needed for hit and leak in summary.json');

/** Everything a training is made from. Unknown keys are refused. */
export const trainMapperSchema = z.strictObject({
  name: z
    .string()
    .regex(/^[\w.-]+$/, 'letters, digits, dot, dash and underscore only')
    .describe('name of the run: its folder is runs/train-mapper/<name>'),
  bundle: z.string().default('models/avatars').describe('folder of the models: generator, clip, identity, attributes'),
  prompt: z.string().min(1).describe('what the edit should look like, in words'),
  ask: ask.optional(),
  ignore: z
    .array(z.string())
    .default([])
    .describe('factors that leak does not count, since the asked value hides or implies them (hair colour, when bald)'),
  mapper,
  losses,
  latents,
  optimizer,
  steps: z.number().int().min(1).default(1000).describe('training steps'),
  batch: z.number().int().min(1).default(4).describe('latents in a step'),
  seed: z.number().int().min(0).default(1).describe('seed of weights and latents: same seed, same run'),
  metricsEvery: every(10).describe('steps between two lines of metrics.jsonl'),
  validateEvery: every(100).describe('steps between two looks at the held-out loss; 0: only at the end'),
  sampleEvery: every(200).describe('steps between two before/after pictures; 0: only at the end'),
  checkpointEvery: every(200).describe('steps between two checkpoints; 0: only at the end'),
  samples: z.number().int().min(1).max(64).default(8).describe('held-out latents in the before/after pictures'),
  device: z
    .enum(['auto', 'cpu', 'webgpu', 'cuda', 'tensorflow', 'wasm', 'plain'])
    .default('auto')
    .describe("where it runs: 'cpu', 'webgpu' and 'cuda' compile the step, the others run it op by op"),
  threads: z
    .number()
    .int()
    .min(0)
    .default(0)
    .describe('threads of the compiled step; 0: as many as the machine has cores'),
});

/** A checked configuration, every default filled in. */
export type TrainMapperConfig = z.infer<typeof trainMapperSchema>;
