/**
 * Trains the mapping network of the bundle: z → the code of the avatar that z asks for (latents.ts).
 *
 * No picture is needed, only codes, so millions of samples a minute go by:
 *
 *     loss = mean (w − code)² + ¼·Σ_f cross-entropy(8·presence_f, value_f) / F,
 *
 * where presence = √F·w·bookᵀ/D reads off w how much of each value is in it (1 for the asked one, 0 for others, since the
 * book's rows are orthogonal). The squares alone would be content with averages at the borders between two values.
 */
import tf from '@tensorflow/tfjs';
import {
  createRun,
  effectiveGenerator,
  initGenerator,
  mapping,
  normals,
  Random,
  type Weights,
  type Z,
} from '@styleclip/core';
import { compile } from '@styleclip/jit';
import { FACTORS, type FactorName } from '../factors.js';
import { askedRows } from '../latents.js';
import { codeBook, codesOf, FIRST_COLUMN } from './codes.js';
import { TrainingSession } from './session.js';
import { trainingStep } from './step.js';

export interface TrainMappingOptions {
  readonly name?: string;
  readonly resume?: boolean;
  readonly force?: boolean;
  readonly steps?: number;
  readonly batch?: number;
  readonly learningRate?: number;
  readonly wDim?: number;
  readonly layers?: number;
  readonly width?: number;
  readonly evaluateEvery?: number;
  readonly seed?: number;
  readonly threads?: number;
}

/** Learning-rate multiplier of the mapping network here; StyleGAN2's 0.01 is for adversarial training. */
export const MAPPING_LR_MUL = 1;

/** Share of latents for which the code nearest to w has the asked value, by factor. */
export type MappingAccuracy = Record<FactorName, number>;

export async function trainMapping(options: TrainMappingOptions): Promise<MappingAccuracy | undefined> {
  const {
    name = 'mapping',
    resume = false,
    force = false,
    steps = 6000,
    batch = 1024,
    learningRate = 3e-3,
    wDim = 128,
    layers = 4,
    width = 512,
    evaluateEvery = 500,
    seed = 1,
    threads = 1,
  } = options;
  const config = { steps, batch, learningRate, wDim, layers, width, evaluateEvery, seed, threads };
  const run = await createRun({
    package: 'avatars',
    name,
    config,
    resume,
    force,
    mayChange: ['threads', 'steps', 'evaluateEvery'],
  });

  const initial = () => initialMapping({ wDim, layers, width }, new Random(seed).fork('weights'));
  const session = await TrainingSession.open({ run, steps, learningRate, warmup: 200, label: 'mapping', initial });
  const book = codeBook(wDim);
  const step = compile(
    trainingStep((params: Weights, z: tf.Tensor2D) => mappingLoss(params, z, book), { clipNorm: 1 }),
    { threads, name: 'train-mapping' },
  );
  const presence = compile((params: Weights, z: tf.Tensor2D) => [presenceOf(codeFor(params, z), book), askedRows(z)], {
    threads,
    name: 'presence',
  });

  let accuracy: MappingAccuracy | undefined;
  while (session.running()) {
    const z = normals(new Random(seed).fork(`step-${session.step}`), [batch, wDim]) as tf.Tensor2D;
    const rates = session.rates();
    const result = await step(session.state, z, rates);
    await session.advance(result, [z, rates]);
    if (session.due(evaluateEvery)) {
      const held = normals(new Random(seed).fork('held-out'), [4096, wDim]) as tf.Tensor2D;
      const [found, asked] = (await presence(session.state.average, held)) as [tf.Tensor2D, tf.Tensor2D];
      accuracy = agreement(found, asked);
      tf.dispose([held, found, asked]);
      await session.report({ ...accuracy });
    }
  }
  await Promise.all([step.dispose(), presence.dispose()]);
  return accuracy;
}

function initialMapping(
  { wDim, layers, width }: { wDim: number; layers: number; width: number },
  random: Random,
): Weights {
  const config = {
    resolution: 4,
    zDim: wDim,
    wDim,
    channels: { 4: 1 },
    mappingLayers: layers,
    mappingWidth: width,
    noise: false,
    mappingLrMul: MAPPING_LR_MUL,
  };
  return Object.fromEntries(
    Object.entries(initGenerator(config, random)).filter(([key]) => key.startsWith('mapping.')),
  );
}

const codeFor = (params: Weights, z: tf.Tensor2D): tf.Tensor2D =>
  mapping(effectiveGenerator(params, { mappingLrMul: MAPPING_LR_MUL }), z as Z);

/** How much of every value is in a code [N, D]: [N, COLUMNS]. */
const presenceOf = (w: tf.Tensor2D, book: tf.Tensor2D): tf.Tensor2D =>
  tf.mul(tf.matMul(w, book, false, true), Math.sqrt(FACTORS.length) / book.shape[1]) as tf.Tensor2D;

function mappingLoss(params: Weights, z: tf.Tensor2D, book: tf.Tensor2D): tf.Scalar {
  const asked = askedRows(z);
  const w = codeFor(params, z);
  const squares = tf.mean(tf.squaredDifference(w, codesOf(asked, book)));
  const logits = tf.mul(presenceOf(w, book), 8);
  const entropies = FACTORS.map(({ name, values }) => {
    const columns = (x: tf.Tensor2D) => tf.slice(x, [0, FIRST_COLUMN[name]], [z.shape[0], values.length]);
    return tf.neg(tf.mean(tf.sum(tf.mul(columns(asked), tf.logSoftmax(columns(logits as tf.Tensor2D))), 1)));
  });
  return tf.add(squares, tf.mul(tf.addN(entropies), 0.25 / FACTORS.length)) as tf.Scalar;
}

function agreement(found: tf.Tensor2D, asked: tf.Tensor2D): MappingAccuracy {
  return Object.fromEntries(
    FACTORS.map(({ name, values }) => {
      const best = (x: tf.Tensor2D) => tf.argMax(tf.slice(x, [0, FIRST_COLUMN[name]], [x.shape[0], values.length]), 1);
      return [name, tf.tidy(() => tf.mean(tf.cast(tf.equal(best(found), best(asked)), 'float32')).dataSync()[0]!)];
    }),
  ) as MappingAccuracy;
}
