/**
 * Trains the synthesis network of the bundle: StyleGAN2's architecture, supervised by the renderer.
 *
 * Adversarial training from nothing is out of reach of two cores; here every picture is known. A picture's factors fall
 * into the groups coarse, medium, fine, and each group of layers gets a code of its own (codes.ts): the code's own
 * group of factors is the picture's, its other factors are, half of the time, those of another avatar. So a layer learns to
 * listen to its own group and to nothing else, and mixing the rows of W+ of two latents gives a clean avatar.
 *
 * Codes are pulled towards the average by a random factor and get a little noise, with the same picture asked for: the
 * generator has to be right around a code too, which is where truncation, the mapping network and edits will land.
 *
 *     loss = mean |G − x|·weight + mean |pool₄(G − x)| + ½·mean(|∂ₓ(G − x)| + |∂ᵧ(G − x)|)·weight + square·mean (G − x)²·weight
 *
 * with a higher weight on the middle of the face, where features are few pixels. Two stages: the first finds shapes and
 * colours; the second goes on `from` the first's averaged weights, with a still higher weight (`detail`) on brows, eyes and
 * mouth, and a squared term, whose gradient is largest where a small dark feature is missing altogether. The model
 * card says how this differs from StyleGAN2's training.
 */
import { join } from 'node:path';
import {
  disposeAll,
  effectiveGenerator,
  failure,
  grid,
  initGenerator,
  isBuffer,
  normalArray,
  Random,
  readLatestCheckpoint,
  styles,
  synthesize,
  tf,
  toRgbImages,
  type Weights,
  type WPlus,
} from '@styleclip/core';
import { openDataset, type AvatarDataset } from '../dataset.js';
import { FACTORS, type Avatar, type FactorGroup } from '../factors.js';
import { codeBook, codesOf, COLUMNS, oneHot, sharesRow, writeOneHot } from './codes.js';
import type { GeneratorConfig } from './generator-config.js';
import { openTraining, type TrainingOptions } from './open-training.js';
import { TrainingSession } from './session.js';
import { trainingStep } from './step.js';

export const GROUPS: readonly FactorGroup[] = ['coarse', 'medium', 'fine'];
/** W+ rows where medium and fine begin (StyleCLIP's [:4], [4:8], [8:]). */
export const LAYER_GROUPS: readonly [number, number] = [4, 8];
const WPLUS_ROWS = 10;

/** What a training step is given. */
type Examples = {
  /** [N,R,R,3] */
  readonly images: tf.Tensor4D;
  /** One-hot columns of each group's code, [3·N, COLUMNS], group-major. */
  readonly rows: tf.Tensor2D;
  /** Factor of the distance from the average code, [3·N, 1]. */
  readonly reach: tf.Tensor2D;
  /** Noise of the codes, [3·N, D]. */
  readonly noise: tf.Tensor2D;
};

export interface GeneratorErrors {
  /** Mean absolute error, of a range of 2, with one code for all layers. */
  readonly error: number;
  /** The same with a code of its own for each group of layers. */
  readonly mixedError: number;
}

export async function trainGenerator(
  config: GeneratorConfig,
  options: TrainingOptions = {},
): Promise<GeneratorErrors | undefined> {
  const { batch, wDim, channels, from, detail, square, evaluateEvery, seed } = config;
  const renders = await openDataset(config.train);
  const test = await openDataset(config.heldOut);
  const begun = from === undefined ? undefined : await averagedWeights(from, options.root); // before there is a folder of the run
  const { device, run } = await openTraining(config, options);

  const initial = () =>
    begun ?? initialGenerator({ wDim, channels, resolution: renders.size }, new Random(seed).fork('weights'));
  const session = await TrainingSession.open({ run, config, label: 'generator', initial });
  const weight = faceWeight(renders.size, detail);
  const book = codeBook(wDim);
  const average = codesOf(sharesRow(), book); // [1,D]
  const step = device.compile(
    trainingStep(
      (params: Weights, examples: Examples) => reconstructionLoss(params, examples, { book, average, weight, square }),
      {
        clipNorm: 1,
      },
    ),
    { name: 'train-generator' },
  );
  const render = device.compile(
    (params: Weights, rows: tf.Tensor2D) => draw(params, spreadGroups(codesOf(rows, book))),
    {
      name: 'render-codes',
    },
  );

  let errors: GeneratorErrors | undefined;
  while (session.running()) {
    const examples = drawExamples(renders, new Random(seed).fork(`step-${session.step}`), batch, wDim);
    const rates = session.rates();
    const result = await step(session.state, examples, rates);
    await session.advance(result, [examples, rates]);
    if (session.due(evaluateEvery)) {
      const { sheet, ...measured } = await measure(render, session.state.average, test);
      errors = measured;
      await session.report({ ...errors });
      await run.saveImage(`step-${String(session.step).padStart(6, '0')}`, sheet);
    }
    await session.endStep();
  }
  await Promise.all([step.dispose(), render.dispose()]);
  return errors;
}

/** Raw parameters of a synthesis network without mapping and noise. */
function initialGenerator(
  { wDim, channels, resolution }: { wDim: number; channels: Readonly<Record<number, number>>; resolution: number },
  random: Random,
): Weights {
  const raw = initGenerator(
    { resolution, zDim: wDim, wDim, channels, mappingLayers: 0, mappingWidth: wDim, noise: false },
    random,
  );
  return Object.fromEntries(Object.entries(raw).filter(([key]) => !isBuffer(key)));
}

/** The averaged raw parameters of another training. @throws UserError when it has no checkpoint */
async function averagedWeights(run: string, root = 'runs'): Promise<Weights> {
  const dir = join(root, 'avatars', run, 'checkpoints');
  const found = await readLatestCheckpoint(dir);
  const { average, ...others } = found?.weights ?? {};
  if (!average) throw failure(`${dir}: no checkpoint to begin from; run avatars train-generator --name ${run} first`);
  disposeAll(others);
  return average;
}

/** One code per group [3·N, D], group-major → W+ [N, 10, D]. */
function spreadGroups(codes: tf.Tensor2D): WPlus {
  const [rows, d] = codes.shape;
  const n = rows / 3;
  const [medium, fine] = LAYER_GROUPS;
  const counts = [medium, fine - medium, WPLUS_ROWS - fine];
  const parts = counts.map((count, group) =>
    tf.mul(tf.reshape(tf.slice(codes, [group * n, 0], [n, d]), [n, 1, d]), tf.ones([1, count, 1])),
  );
  return tf.concat(parts, 1) as WPlus;
}

function draw(params: Weights, wPlus: WPlus): tf.Tensor4D {
  const g = effectiveGenerator(params);
  return synthesize(g, styles(g, wPlus), { noise: 'none', upsampling: 'literal' }); // the cheapest form where the weights have gradients
}

/** What the loss knows besides parameters and examples. */
interface LossContext {
  readonly book: tf.Tensor2D;
  /** The average code, [1,D]. */
  readonly average: tf.Tensor2D;
  /** [1,R,R,1], mean 1. */
  readonly weight: tf.Tensor4D;
  readonly square: number;
}

function reconstructionLoss(
  params: Weights,
  { images, rows, reach, noise }: Examples,
  { book, average, weight, square }: LossContext,
): tf.Scalar {
  const around = tf.add(tf.mul(tf.sub(codesOf(rows, book), average), reach), average);
  const error = tf.sub(draw(params, spreadGroups(tf.add(around, noise) as tf.Tensor2D)), images) as tf.Tensor4D;
  const [n, r, , c] = error.shape;
  const inner = tf.slice(weight, [0, 1, 1, 0], [1, r - 1, r - 1, 1]);
  const at = (y: number, x: number) => tf.slice(error, [0, y, x, 0], [n, r - 1, r - 1, c]);
  const edges = tf.add(tf.abs(tf.sub(at(1, 1), at(0, 1))), tf.abs(tf.sub(at(1, 1), at(1, 0))));
  const pixels = tf.mean(tf.mul(tf.abs(error), weight));
  const blocks = tf.mean(tf.abs(tf.avgPool(error, 4, 4, 'valid')));
  const linear = tf.add(tf.add(pixels, blocks), tf.mul(tf.mean(tf.mul(edges, inner)), 0.5)) as tf.Scalar;
  if (square === 0) return linear;
  return tf.add(linear, tf.mul(tf.mean(tf.mul(tf.square(error), weight)), square)) as tf.Scalar;
}

/**
 * Three times the weight where glasses and beard are, `detail` times where brows, eyes and mouth are; mean 1. [1,R,R,1]
 */
function faceWeight(size: number, detail: number): tf.Tensor4D {
  const within = (value: number, from: number, to: number) => value >= from * size && value < to * size;
  const values = Float32Array.from({ length: size * size }, (_, i) => {
    const [y, x] = [Math.floor(i / size), i % size];
    if (within(y, 0.36, 0.74) && within(x, 0.28, 0.72)) return detail;
    return within(y, 0.3, 0.84) && within(x, 0.25, 0.75) ? 3 : 1;
  });
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  return tf.tensor4d(
    values.map((v) => v / mean),
    [1, size, size, 1],
  );
}

/** Pictures with, for each group, a code that has the picture's factors of that group. */
function drawExamples(renders: AvatarDataset, random: Random, count: number, wDim: number): Examples {
  const indices = Array.from({ length: count }, () => random.int(renders.count));
  const { images, avatars } = renders.batch(indices);
  const rows = new Float32Array(3 * count * COLUMNS);
  const reach = new Float32Array(3 * count);
  GROUPS.forEach((group, k) => {
    avatars.forEach((avatar, n) => {
      const code =
        random.uniform() < 0.5 ? avatar : withGroup(group, avatar, renders.factors(random.int(renders.count)));
      writeOneHot(code, rows, (k * count + n) * COLUMNS);
    });
  });
  // One reach for the whole picture most of the time, as truncation does it.
  for (let n = 0; n < count; n++) {
    const common = random.uniform(0.65, 1.1);
    for (let k = 0; k < 3; k++) reach[k * count + n] = random.uniform() < 0.8 ? common : random.uniform(0.65, 1.1);
  }
  const noise = normalArray(random, 3 * count * wDim).map((x) => x * 0.1);
  return {
    images,
    rows: tf.tensor2d(rows, [3 * count, COLUMNS]),
    reach: tf.tensor2d(reach, [3 * count, 1]),
    noise: tf.tensor2d(noise, [3 * count, wDim]),
  };
}

/** `other` with one group of factors taken from `avatar`. */
export function withGroup(group: FactorGroup, avatar: Avatar, other: Avatar): Avatar {
  return Object.fromEntries(FACTORS.map((f) => [f.name, (f.group === group ? avatar : other)[f.name]])) as Avatar;
}

/**
 * Mean absolute error (of a range of 2) on held-out avatars, with one code for all layers and with three mixed ones, and
 * a sheet: rows of what was asked for, of what came from one code, and of what came from three.
 */
async function measure(
  render: (params: Weights, rows: tf.Tensor2D) => Promise<tf.Tensor4D>,
  params: Weights,
  test: AvatarDataset,
) {
  const count = 64;
  const { images, avatars } = test.batch(Array.from({ length: count }, (_, i) => i));
  const mixed = GROUPS.flatMap((group, k) =>
    avatars.map((avatar, n) => withGroup(group, avatar, test.factors(count * (k + 1) + n))),
  );
  const lists = [await toRgbImages(images)];
  const errors: number[] = [];
  for (const codes of [GROUPS.flatMap(() => avatars), mixed]) {
    const rows = oneHot(codes);
    const drawn = await render(params, rows);
    errors.push(tf.tidy(() => tf.mean(tf.abs(tf.sub(drawn, images))).dataSync()[0]!));
    lists.push(await toRgbImages(drawn));
    tf.dispose([rows, drawn]);
  }
  images.dispose();
  const rowsOfTwelve = [0, 1, 2, 3].flatMap((row) => lists.flatMap((list) => list.slice(row * 12, row * 12 + 12)));
  return { error: errors[0]!, mixedError: errors[1]!, sheet: await grid(rowsOfTwelve, { columns: 12, gap: 1 }) };
}
