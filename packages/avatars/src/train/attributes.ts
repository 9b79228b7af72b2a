/**
 * Trains the attribute probe of the bundle (core/src/models/attributes.ts): cross-entropy of every factor that is
 * visible, on lightly augmented renders. Its first patches start as principal components (patch-components.ts), so that
 * an eyebrow is as loud as a cheek from the first step on.
 */
import {
  attributeShapes,
  Random,
  readAttributes,
  tf,
  writeBundlePart,
  type Device,
  type Weights,
} from '@styleclip/core';
import { openDataset, type AvatarDataset } from '../dataset.js';
import { FACTORS, type Avatar } from '../factors.js';
import { measureAttributes, summary, type PerFactor } from '../measures/attributes.js';
import { visible } from '../visible.js';
import type { AttributesConfig } from './attributes-config.js';
import { initialise, replaceWeights } from './initialise.js';
import { openTraining, type TrainingOptions } from './open-training.js';
import { patchStart } from './patch-components.js';
import { BatchSampler } from './sampler.js';
import { TrainingSession } from './session.js';
import { trainingStep } from './step.js';

/** Side of the first stage's patches; the others merge 2×2. */
const FIRST_PATCH = 4;

export async function trainAttributes(config: AttributesConfig, options: TrainingOptions = {}): Promise<PerFactor> {
  const { bundle, batch, channels, hidden, evaluateEvery, evaluateCount, seed } = config;
  const renders = await openDataset(config.train);
  const test = await openDataset(config.heldOut);
  const { device, run } = await openTraining(config, options);

  const factors = Object.fromEntries(FACTORS.map((factor) => [factor.name, factor.values.length]));
  const stages = channels.map((width, i) => ({ patch: i === 0 ? FIRST_PATCH : 2, channels: width }));
  const shapes = attributeShapes({ resolution: renders.size, stages, hidden, factors });
  const random = new Random(seed);
  const initial = async (): Promise<Weights> => {
    const weights = initialise(shapes, random.fork('weights'), (tensor) =>
      /^head\..*weight$/.test(tensor) ? { std: 0.01 } : undefined,
    );
    const first = await firstPatches(device, renders, { width: channels[0]!, random: random.fork('patches') });
    return replaceWeights(weights, first);
  };
  const session = await TrainingSession.open({ run, config, label: 'attributes', initial });
  const sampler = new BatchSampler(renders, { shift: 1, blur: 0.5, noise: 0.1 }, seed);
  const step = device.compile(trainingStep(attributesLoss, { weightDecay: 0.02 }), { name: 'train-attributes' });

  try {
    while (session.running()) {
      const { images, avatars } = sampler.draw(session.step, batch);
      const examples = { images, targets: visibleTargets(avatars) };
      const rates = session.rates();
      const result = await step(session.state, examples, rates);
      await session.advance(result, [examples, rates]);
      if (session.due(evaluateEvery)) {
        const current = await measureAttributes(device, session.state.average, test, { count: evaluateCount });
        await session.report({ ...current, ...summary(current) });
      }
      await session.endStep();
    }
    await step.dispose(); // before the last measurement compiles its own

    const stepsPerSecond = session.stepsPerSecond();
    const weights = session.state.average;
    const accuracies = await measureAttributes(device, weights, test);
    await run.writeSummary({ attributes: { ...accuracies }, ...summary(accuracies), stepsPerSecond });
    if (bundle !== '')
      await writeBundlePart(bundle, 'attributes', weights, {
        factors: FACTORS.map(({ name: factor, values }) => ({ name: factor, values: [...values] })),
      });
    return accuracies;
  } finally {
    run.close();
    await step.dispose();
    session.dispose();
    renders.close();
    test.close();
  }
}

/** Weight and bias of the first stage: whitened components of the patches, centred on the average patch. */
async function firstPatches(
  device: Device,
  renders: AvatarDataset,
  { width, random }: { width: number; random: Random },
): Promise<Weights> {
  const { filter, offsets } = await patchStart(device, renders, { patch: FIRST_PATCH, width, scale: 1, random });
  const bias = tf.tidy(() => tf.mean(offsets, 0));
  offsets.dispose();
  return { 'patch.0.weight': filter, 'patch.0.bias': bias };
}

type Examples = { readonly images: tf.Tensor4D; readonly targets: Readonly<Record<string, tf.Tensor2D>> };

/** Sum over factors of the cross-entropy, each averaged over the batch; a hidden factor has an all-zero target. */
function attributesLoss(params: Weights, { images, targets }: Examples): tf.Scalar {
  const logits = readAttributes(params, images);
  let loss: tf.Tensor = tf.scalar(0);
  for (const [factor, target] of Object.entries(targets)) {
    loss = tf.sub(loss, tf.sum(tf.mul(target, tf.logSoftmax(logits[factor]!))));
  }
  return tf.div(loss, images.shape[0]) as tf.Scalar;
}

/** One-hot rows [N, values] per factor, zero where the factor can't be seen. */
function visibleTargets(avatars: readonly Avatar[]): Record<string, tf.Tensor2D> {
  return Object.fromEntries(
    FACTORS.map(({ name, values }) => {
      const rows = new Float32Array(avatars.length * values.length);
      avatars.forEach((avatar, n) => {
        if (visible(avatar, name)) rows[n * values.length + avatar[name]] = 1;
      });
      return [name, tf.tensor2d(rows, [avatars.length, values.length])];
    }),
  );
}
