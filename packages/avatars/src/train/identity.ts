/**
 * Trains the identity network of the bundle: a small IR-SE with the ArcFace loss over identities (skin, brows, clothing,
 * clothes colour), while hair, mouth, eyes, glasses and beard change from picture to picture.
 *
 * Batch normalisation is trained in its folded form: its statistics are taken once, from some pictures through the fresh
 * network, and stay; gain and bias are learnt. Each residual branch starts small (as SkipInit, De & Smith 2020). For a
 * network this shallow that is as stable as batch statistics, cheaper, and what is trained is exactly what is loaded.
 */
import {
  cloneWeights,
  disposeAll,
  identity,
  initIdentity,
  normals,
  Random,
  tf,
  trainingBatchNorm,
  writeBundlePart,
  type Device,
  type Weights,
} from '@styleclip/core';
import { openDataset, type AvatarDataset } from '../dataset.js';
import { factor, type Avatar } from '../factors.js';
import { IDENTITIES, IDENTITY_FACTORS, identityOf } from '../identities.js';
import { measureIdentity, type IdentityMeasure } from '../measures/identity.js';
import { arcFaceLoss, classCentres, classComposition } from './arcface.js';
import type { IdentityConfig } from './identity-config.js';
import { replaceWeights } from './initialise.js';
import { openTraining, type TrainingOptions } from './open-training.js';
import { BatchSampler } from './sampler.js';
import { TrainingSession } from './session.js';
import { trainingStep } from './step.js';

export async function trainIdentity(config: IdentityConfig, options: TrainingOptions = {}): Promise<IdentityMeasure> {
  const { bundle, steps, batch, channels, blocks, embed, evaluateEvery, pairs, finalPairs, seed } = config;
  const renders = await openDataset(config.train);
  const { device, run } = await openTraining(config, options);

  const sizes = IDENTITY_FACTORS.map((part) => factor(part).values.length);
  const composition = classComposition(sizes); // [classes, values]
  const random = new Random(seed).fork('weights');
  const fresh = startSmall(initIdentity({ size: renders.size, channels, blocks, embed, reduction: 8 }, random));
  const { learnt, fixed } = withoutStatistics(await withStatistics(device, fresh, renders, random.fork('statistics')));
  const initial = (): Weights => {
    const params = cloneWeights(learnt);
    params[CENTRES] = normals(random.fork(CENTRES), [composition.shape[1], embed], { std: embed ** -0.5 });
    return params;
  };

  /** ArcFace over the batch: the composed class centres are parameters too. */
  const loss = (params: Weights, { images, classes, margin }: Examples): tf.Scalar => {
    const centres = classCentres(composition, params[CENTRES] as tf.Tensor2D);
    return arcFaceLoss(identity({ ...params, ...fixed }, images), centres, classes, { margin });
  };

  const session = await TrainingSession.open({ run, config, label: 'identity', initial });
  const sampler = new BatchSampler(renders, { shift: 1, blur: 0.3, noise: 0.06 }, seed);
  const step = device.compile(trainingStep(loss, { weightDecay: 0.02 }), { name: 'train-identity' });

  try {
    while (session.running()) {
      const { images, avatars } = sampler.draw(session.step, batch);
      const examples = { images, classes: oneHotClasses(avatars), margin: tf.scalar(marginAt(session.step / steps)) };
      const rates = session.rates();
      const result = await step(session.state, examples, rates);
      await session.advance(result, [examples, rates]);
      if (session.due(evaluateEvery)) {
        const { close, ...measured } = await measureIdentity(device, finished(session.state.average, fixed), {
          size: renders.size,
          pairs,
          seed: 'during training',
        });
        await session.report({
          ...measured,
          ...Object.fromEntries(Object.entries(close).map(([key, value]) => [`close.${key}`, value])),
        });
      }
      await session.endStep();
    }
    await step.dispose(); // before the last measurement compiles its own

    const stepsPerSecond = session.stepsPerSecond();
    const weights = finished(session.state.average, fixed);
    const measured = await measureIdentity(device, weights, { size: renders.size, pairs: finalPairs });
    await run.writeSummary({ identity: measured, stepsPerSecond });
    if (bundle !== '')
      await writeBundlePart(bundle, 'identity', weights, { input: { size: renders.size }, embedding: embed });
    return measured;
  } finally {
    run.close();
    await step.dispose();
    session.dispose();
    disposeAll(composition, learnt, fixed);
    renders.close();
  }
}

type Examples = { readonly images: tf.Tensor4D; readonly classes: tf.Tensor2D; readonly margin: tf.Scalar };

/** The margin over a training, from its beginning 0 to its end 1: none for a fifth, then growing, full from the middle on. */
function marginAt(t: number): number {
  return 0.2 * Math.min(1, Math.max(0, (t - 0.2) / 0.3));
}

/** Name of the table of value vectors among the parameters; it is left out of the bundle. */
const CENTRES = 'arcface.centres';

const isStatistic = (name: string): boolean => name.endsWith('.running_mean') || name.endsWith('.running_var');

/** Parts what is learnt from the stored statistics, which stay as they are. */
function withoutStatistics(weights: Weights): { learnt: Weights; fixed: Weights } {
  const entries = Object.entries(weights);
  return {
    learnt: Object.fromEntries(entries.filter(([name]) => !isStatistic(name))),
    fixed: Object.fromEntries(entries.filter(([name]) => isStatistic(name))),
  };
}

/** The weights with the statistics that batch normalisation finds on some pictures. */
async function withStatistics(
  device: Device,
  weights: Weights,
  renders: AvatarDataset,
  random: Random,
): Promise<Weights> {
  const { images } = renders.batch(Array.from({ length: 128 }, () => random.int(renders.count)));
  const collect = device.compile(
    (pictures: tf.Tensor4D) => {
      const collected: Weights = {};
      identity(weights, pictures, { batchNorm: trainingBatchNorm(collected) });
      return collected;
    },
    { name: 'identity-statistics' },
  );
  const statistics = await collect(images);
  images.dispose();
  await collect.dispose();
  return replaceWeights(weights, statistics);
}

/** Sets the gain of each residual branch's last normalisation to a quarter. */
function startSmall(weights: Weights): Weights {
  const gains = Object.entries(weights).filter(([name]) => /res_layer\.4\.weight$/.test(name));
  return replaceWeights(weights, Object.fromEntries(gains.map(([name, gain]) => [name, tf.mul(gain, 0.25)])));
}

/** The network as it is loaded: parameters without the centres, and the statistics. */
function finished(params: Weights, fixed: Weights): Weights {
  return Object.fromEntries(Object.entries({ ...params, ...fixed }).filter(([name]) => name !== CENTRES));
}

/** [N,classes] */
function oneHotClasses(avatars: readonly Avatar[]): tf.Tensor2D {
  const rows = new Float32Array(avatars.length * IDENTITIES);
  avatars.forEach((avatar, n) => {
    rows[n * IDENTITIES + identityOf(avatar)] = 1;
  });
  return tf.tensor2d(rows, [avatars.length, IDENTITIES]);
}
