/**
 * Trains the CLIP of the bundle: OpenAI's architecture at a small size, on renders and the captions of the grammar, with
 * the contrastive loss for captions that fit many pictures (contrastive.ts). First both sides are trained together, then
 * the text side goes on alone against the finished picture side (tune-text.ts; text-side.ts does that for a bundle).
 *
 * The token embedding has rows only for words that captions use and for common ones; its last row stands for all others.
 * The context is CLIP's 77; captions are shorter, and since attention is causal a shorter table of positions gives the
 * same numbers, so training cuts texts to what they need. Positions past that keep their first values.
 */
import {
  CLIP_CONTEXT,
  cloneWeights,
  createRun,
  encodeImage,
  initClip,
  normals,
  prepareForClip,
  Random,
  splitTrainable,
  tf,
  unitRows,
  writeBundlePart,
  type Weights,
} from '@styleclip/core';
import { compile } from '@styleclip/jit';
import { openDataset, type AvatarDataset } from '../dataset.js';
import { CLIP_INPUT, measureClip, type ClipMeasure } from '../measures/clip.js';
import { alignmentLoss, PROTOTYPES, withoutPrototypes } from './alignment.js';
import { captionBatch, captionGroups, captionVocabulary, type CaptionBatch } from './caption-batch.js';
import { patchStart } from './patch-components.js';
import { BatchSampler } from './sampler.js';
import { TrainingSession } from './session.js';
import { trainingStep } from './step.js';
import { TEXT_STEPS, tuneText } from './tune-text.js';

export interface TrainClipOptions {
  /** Folders of rendered training and held-out pictures. */
  readonly train: string;
  readonly heldOut: string;
  /** The bundle folder that gets the trained weights; undefined leaves it alone. */
  readonly bundle?: string;
  readonly name?: string;
  readonly resume?: boolean;
  readonly force?: boolean;
  readonly steps?: number;
  /** Steps of the second part, in which the text side learns alone (tune-text.ts). */
  readonly textSteps?: number;
  /** Pictures in a batch, and how many whole descriptions go with them. */
  readonly batch?: number;
  readonly descriptions?: number;
  readonly learningRate?: number;
  readonly embed?: number;
  readonly patch?: number;
  readonly imageWidth?: number;
  readonly imageLayers?: number;
  readonly textWidth?: number;
  readonly textLayers?: number;
  readonly evaluateEvery?: number;
  readonly evaluateCount?: number;
  readonly seed?: number;
  readonly threads?: number;
}

export async function trainClip(options: TrainClipOptions): Promise<ClipMeasure> {
  const {
    train,
    heldOut,
    bundle,
    name = 'clip',
    resume = false,
    force = false,
    steps = 1800,
    textSteps = TEXT_STEPS,
    batch = 48,
    descriptions = 16,
    learningRate = 1.5e-3,
    embed = 128,
    patch = 16,
    imageWidth = 192,
    imageLayers = 3,
    textWidth = 128,
    textLayers = 2,
    evaluateEvery = 500,
    evaluateCount = 1000,
    seed = 1,
    threads = 1,
  } = options;
  const renders = await openDataset(train);
  const test = await openDataset(heldOut);
  const config = {
    train,
    heldOut,
    steps,
    batch,
    descriptions,
    learningRate,
    embed,
    patch,
    imageWidth,
    imageLayers,
    textWidth,
    textLayers,
    evaluateEvery,
    evaluateCount,
    seed,
    threads,
  };
  const run = await createRun({
    package: 'avatars',
    name,
    config,
    resume,
    force,
    mayChange: ['steps', 'threads', 'evaluateEvery', 'evaluateCount', 'pairs'],
  });

  const random = new Random(seed);
  const vocabulary = captionVocabulary();
  const size = renders.size;
  const fresh = initClip(
    {
      embed,
      image: { size, patch, width: imageWidth, layers: imageLayers },
      text: { context: CLIP_CONTEXT, vocabulary, width: textWidth, layers: textLayers },
    },
    random.fork('weights'),
  );
  const { trainable, fixed } = splitTrainable(fresh);

  const loss = (params: Weights, { images, texts }: Examples): tf.Scalar => {
    const pictures = unitRows(encodeImage(params, prepareForClip(images, { size, ...CLIP_INPUT })));
    return alignmentLoss(pictures, params, fixed, texts);
  };

  const initial = async (): Promise<Weights> => ({
    ...(await withPatchStart(trainable, renders, { patch, width: imageWidth, random: random.fork('patches') })),
    logit_scale: tf.scalar(Math.log(30)), // pictures agree with ten statements at once, so cosines stay small
    [PROTOTYPES]: normals(random.fork(PROTOTYPES), [captionGroups(0).reduce((sum, size) => sum + size), embed]),
  });
  const session = await TrainingSession.open({ run, steps, learningRate, warmup: 150, label: 'clip', initial });
  const sampler = new BatchSampler(renders, { shift: 1, blur: 0.3, noise: 0.06 }, seed);
  const step = compile(trainingStep(loss, { weightDecay: 0.05 }), { threads, name: 'train-clip' });

  while (session.running()) {
    const { images, avatars, random: draws } = sampler.draw(session.step, batch);
    const examples = { images, texts: captionBatch(avatars, draws, { vocabulary, descriptions, general: 8 }) };
    const rates = session.rates();
    const result = await step(session.state, examples, rates);
    await session.advance(result, [{ ...examples.texts, images }, rates]);
    if (session.due(evaluateEvery)) {
      const { canonical, paraphrase } = await measureClip(
        withoutPrototypes({ ...session.state.average, ...fixed }),
        test,
        {
          count: evaluateCount,
          paraphrases: 2,
          furtherParaphrases: 0,
          threads,
        },
      );
      await session.report({
        ...canonical,
        ...Object.fromEntries(Object.entries(paraphrase).map(([key, value]) => [`${key}.paraphrase`, value])),
      });
    }
  }
  await step.dispose();

  const joint = session.state.average;
  const tuning = await createRun({
    package: 'avatars',
    name: `${name}-text`,
    config: { joint: name, steps: textSteps, seed },
    resume,
    force,
  });
  const tuned = await tuneText({
    run: tuning,
    params: joint,
    fixed,
    renders,
    vocabulary,
    steps: textSteps,
    seed,
    threads,
  });
  tuning.close();
  const weights = withoutPrototypes({ ...tuned, ...fixed });
  const measured = await measureClip(weights, test, { threads });
  await run.writeSummary({
    clip: measured.canonical,
    clipParaphrase: measured.paraphrase,
    clipFurther: measured.further,
    stepsPerSecond: session.stepsPerSecond(),
  });
  run.close();
  if (bundle) {
    await writeBundlePart(bundle, 'clip', weights, {
      inputResolution: size,
      mean: [...CLIP_INPUT.mean],
      std: [...CLIP_INPUT.std],
      embedding: embed,
      context: CLIP_CONTEXT,
    });
  }
  return measured;
}

/** The weights with the first values of the patch embedding and its positions that patch-components.ts describes. */
async function withPatchStart(
  weights: Weights,
  renders: AvatarDataset,
  { patch, width, random }: { patch: number; width: number; random: Random },
): Promise<Weights> {
  const { filter, offsets } = await patchStart(renders, { patch, width, scale: 1, random });
  const positions = tf.tidy(() =>
    tf.add(weights['visual.positional_embedding']!, tf.concat([tf.zeros([1, width]), offsets], 0)),
  ); // row 0: the class token
  offsets.dispose();
  return { ...cloneWeights(weights), 'visual.conv1.weight': filter, 'visual.positional_embedding': positions };
}

type Examples = { readonly images: tf.Tensor4D; readonly texts: CaptionBatch };
