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
  disposeAll,
  encodeImage,
  initClip,
  normals,
  prepareForClip,
  Random,
  splitTrainable,
  tf,
  unitRows,
  writeBundlePart,
  type Device,
  type Run,
  type Weights,
} from '@styleclip/core';
import { openDataset, type AvatarDataset } from '../dataset.js';
import { CLIP_INPUT, measureClip, type ClipMeasure } from '../measures/clip.js';
import { alignmentLoss, PROTOTYPES, withoutPrototypes } from './alignment.js';
import { captionBatch, captionGroups, captionVocabulary, type CaptionBatch } from './caption-batch.js';
import type { ClipConfig } from './clip-config.js';
import { replaceWeights } from './initialise.js';
import { openTraining, type TrainingOptions } from './open-training.js';
import { patchStart } from './patch-components.js';
import { BatchSampler } from './sampler.js';
import { TrainingSession } from './session.js';
import { trainingStep } from './step.js';
import { tuneText } from './tune-text.js';

export async function trainClip(config: ClipConfig, options: TrainingOptions = {}): Promise<ClipMeasure> {
  const { bundle, batch, descriptions, general, embed, patch, imageWidth, imageLayers, textWidth, textLayers, seed } =
    config;
  const { evaluateEvery, evaluateCount } = config;
  const renders = await openDataset(config.train);
  const test = await openDataset(config.heldOut);
  // The second part's run comes first: under --force, so that a later --resume can't go on with an earlier training's texts.
  (await openTextRun(config, options)).close();
  const { device, run } = await openTraining(config, options);

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

  const initial = async (): Promise<Weights> => {
    const options = { patch, width: imageWidth, random: random.fork('patches') };
    return replaceWeights(await withPatchStart(device, trainable, renders, options), {
      logit_scale: tf.scalar(Math.log(30)), // pictures agree with ten statements at once, so cosines stay small
      [PROTOTYPES]: normals(random.fork(PROTOTYPES), [captionGroups(0).reduce((sum, size) => sum + size), embed]),
    });
  };
  const session = await TrainingSession.open({ run, config, label: 'clip', initial });
  const sampler = new BatchSampler(renders, { shift: 1, blur: 0.3, noise: 0.06 }, seed);
  const step = device.compile(trainingStep(loss, { weightDecay: 0.05 }), { name: 'train-clip' });

  try {
    while (session.running()) {
      const { images, avatars, random: draws } = sampler.draw(session.step, batch);
      const examples = { images, texts: captionBatch(avatars, draws, { vocabulary, descriptions, general }) };
      const rates = session.rates();
      const result = await step(session.state, examples, rates);
      await session.advance(result, [{ ...examples.texts, images }, rates]);
      if (session.due(evaluateEvery)) {
        const { canonical, paraphrase } = await measureClip(
          device,
          withoutPrototypes({ ...session.state.average, ...fixed }),
          test,
          {
            count: evaluateCount,
            paraphrases: 2,
            furtherParaphrases: 0,
          },
        );
        await session.report({
          ...canonical,
          ...Object.fromEntries(Object.entries(paraphrase).map(([key, value]) => [`${key}.paraphrase`, value])),
        });
      }
      await session.endStep();
    }
    await step.dispose(); // before the second part compiles its own
    const stepsPerSecond = session.stepsPerSecond();
    run.close(); // from here on Ctrl-C is the second part's

    const tuning = await openTextRun(config, { ...options, force: false, resume: true });
    const tuned = await tuneText({
      device,
      run: tuning,
      config,
      params: session.state.average,
      fixed,
      renders,
      vocabulary,
    }).finally(() => tuning.close());
    const weights = withoutPrototypes({ ...tuned, ...fixed });
    const measured = await measureClip(device, weights, test);
    await run.writeSummary({
      clip: measured.canonical,
      clipParaphrase: measured.paraphrase,
      clipFurther: measured.further,
      stepsPerSecond,
    });
    if (bundle !== '') {
      await writeBundlePart(bundle, 'clip', weights, {
        inputResolution: size,
        mean: [...CLIP_INPUT.mean],
        std: [...CLIP_INPUT.std],
        embedding: embed,
        context: CLIP_CONTEXT,
      });
    }
    disposeAll(tuned);
    return measured;
  } finally {
    run.close();
    await step.dispose();
    session.dispose();
    disposeAll(fresh);
    renders.close();
    test.close();
  }
}

/** The run of the second part; its name is the first's with `-text`. */
async function openTextRun(
  { name, text, seed, metricsEvery, checkpointEvery }: ClipConfig,
  options: TrainingOptions,
): Promise<Run> {
  return createRun({
    ...options,
    package: 'avatars',
    name: `${name}-text`,
    config: { joint: name, ...text, seed, metricsEvery, checkpointEvery },
  });
}

/** The weights with the first values of the patch embedding and its positions that patch-components.ts describes. */
async function withPatchStart(
  device: Device,
  weights: Weights,
  renders: AvatarDataset,
  { patch, width, random }: { patch: number; width: number; random: Random },
): Promise<Weights> {
  const { filter, offsets } = await patchStart(device, renders, { patch, width, scale: 1, random });
  const positions = tf.tidy(() =>
    tf.add(weights['visual.positional_embedding']!, tf.concat([tf.zeros([1, width]), offsets], 0)),
  ); // row 0: the class token
  offsets.dispose();
  return replaceWeights(cloneWeights(weights), {
    'visual.conv1.weight': filter,
    'visual.positional_embedding': positions,
  });
}

type Examples = { readonly images: tf.Tensor4D; readonly texts: CaptionBatch };
