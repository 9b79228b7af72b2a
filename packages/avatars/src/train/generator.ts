/**
 * Trains the synthesis network of the bundle: StyleGAN2's architecture, supervised by the renderer.
 *
 * Adversarial training from nothing is out of reach of two cores; here every picture is known (examples.ts, edits.ts).
 * Two stages. The first draws whole avatars and finds shapes and colours. The second goes on `from` the first's averaged
 * weights (or from a bundle's generator) with edits among the examples and a plan of which style channel belongs to
 * which value (ownership.ts): it makes style space one that directions can be found in. The model card says how this
 * differs from StyleGAN2's training.
 */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import {
  disposeAll,
  failure,
  gainOf,
  generatorSize,
  grid,
  initGenerator,
  isBuffer,
  loadBundle,
  mapWeights,
  Random,
  readLatestCheckpoint,
  styles,
  synthesisLayers,
  synthesize,
  tf,
  toRgbImages,
  type Weights,
} from '@styleclip/core';
import { openDataset, type AvatarDataset } from '../dataset.js';
import { codeBook, codesOf, oneHot, sharesRow } from './codes.js';
import { detailMaps } from './detail-maps.js';
import { drawExamples, type Examples } from './examples.js';
import { fingerprint } from './fingerprint.js';
import type { GeneratorConfig } from './generator-config.js';
import { GROUPS, withGroup } from './groups.js';
import { openTraining, type TrainingOptions } from './open-training.js';
import { ownershipOf } from './ownership.js';
import { drawing, reconstructionLoss, spreadGroups, type LossContext } from './reconstruction.js';
import { TrainingSession } from './session.js';
import { trainingStep } from './step.js';

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
  const { batch, wDim, channels, from, edits, plan, planSteps, square, evaluateEvery, seed } = config;
  const renders = await openDataset(config.train);
  const test = await openDataset(config.heldOut);
  const begun = from === undefined ? undefined : await begin(from, options.root); // before there is a folder of the run
  const { device, run } = await openTraining(
    config,
    options,
    // The bundle that gets the result is another one afterwards.
    begun && from !== undefined && from !== config.bundle ? { from: { path: from, sha256: fingerprint(begun) } } : {},
  );

  const initial = () =>
    begun ?? initialGenerator({ wDim, channels, resolution: renders.size }, new Random(seed).fork('weights'));
  const session = await TrainingSession.open({ run, config, label: 'generator', initial });
  const layers = ownershipOf(session.state.params, renders.size);
  const details = detailMaps(renders.size, new Random('detail maps'));
  const book = codeBook(wDim);
  const average = codesOf(sharesRow(), book); // [1,D]
  const context: LossContext = { book, average, layers, square, plan };
  const step = device.compile(
    trainingStep(
      (params: Weights, inputs: { examples: Examples; open: tf.Scalar }) => reconstructionLoss(params, inputs, context),
      { clipNorm: 1 },
    ),
    { name: 'train-generator' },
  );
  const render = device.compile(
    (params: Weights, rows: tf.Tensor2D, open: tf.Scalar) => {
      const g = drawing(params, context, open);
      return synthesize(g, styles(g, spreadGroups(codesOf(rows, book))), { noise: 'none', upsampling: 'literal' });
    },
    { name: 'render-codes' },
  );

  const openness = (): tf.Scalar => tf.scalar(planSteps === 0 ? 0 : Math.max(0, 1 - session.step / planSteps));

  let errors: GeneratorErrors | undefined;
  while (session.running()) {
    const random = new Random(seed).fork(`step-${session.step}`);
    const examples = drawExamples({ renders, layers, details, wDim, edits }, random, batch);
    const inputs = { examples, open: openness() };
    const rates = session.rates();
    const result = await step(session.state, inputs, rates);
    await session.advance(result, [inputs, rates]);
    if (session.due(evaluateEvery)) {
      const open = openness();
      const { sheet, ...measured } = await measure(
        (params: Weights, rows: tf.Tensor2D) => render(params, rows, open),
        session.state.average,
        test,
      );
      open.dispose();
      errors = measured;
      await session.report({ ...errors });
      await run.saveImage(`step-${String(session.step).padStart(6, '0')}`, sheet);
    }
    await session.endStep();
  }
  await Promise.all([step.dispose(), render.dispose()]);
  return errors;
}

/** Raw parameters of a synthesis network without mapping, noise and toRGB's affine weights. */
function initialGenerator(
  { wDim, channels, resolution }: { wDim: number; channels: Readonly<Record<number, number>>; resolution: number },
  random: Random,
): Weights {
  const raw = initGenerator(
    { resolution, zDim: wDim, wDim, channels, mappingLayers: 0, mappingWidth: wDim, noise: false },
    random,
  );
  return trained(raw);
}

/** What is trained of a generator's parameters. */
function trained(raw: Weights): Weights {
  return Object.fromEntries(
    Object.entries(raw).filter(
      ([key]) => !isBuffer(key) && !key.startsWith('mapping.') && !key.endsWith('torgb.affine.weight'),
    ),
  );
}

/**
 * Raw parameters to go on from; toRGB styles are fixed at what they are for the average code.
 * @param from name of a run under runs/avatars, or the folder of a bundle
 * @throws UserError when there is neither
 */
async function begin(from: string, root = 'runs'): Promise<Weights> {
  const isBundle = await stat(join(from, 'bundle.json')).then(
    () => true,
    () => false,
  );
  if (isBundle) {
    const { generator } = await loadBundle(from, { parts: ['generator'] });
    if (!generator) throw failure(`${from}: this bundle has no generator to go on from`);
    return tf.tidy(() =>
      mapWeights(trained(withConstantToRgb(generator)), (tensor, name) =>
        tf.div(tensor, gainOf(name, tensor.shape, 1)),
      ),
    );
  }
  const dir = join(root, 'avatars', from, 'checkpoints');
  const found = await readLatestCheckpoint(dir);
  const { average, ...others } = found?.weights ?? {};
  if (!average)
    throw failure(`${from}: neither a bundle's folder nor a run with a checkpoint (${dir}); train that run first`);
  disposeAll(others);
  return average;
}

/** toRGB's affine biases moved to the style of the average w. */
function withConstantToRgb(g: Weights): Weights {
  const moved = { ...g };
  const { wAvg } = g;
  for (const { name, toRGB } of synthesisLayers(generatorSize(g).resolution)) {
    const affine = g[`${name}.affine.weight`];
    if (!toRGB || !affine || !wAvg) continue;
    const mean = tf.matMul(tf.reshape(wAvg, [1, -1]), affine as tf.Tensor2D);
    moved[`${name}.affine.bias`] = tf.add(g[`${name}.affine.bias`]!, tf.reshape(mean, [-1]));
  }
  return moved;
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
  return {
    error: errors[0]!,
    mixedError: errors[1]!,
    sheet: await grid(rowsOfTwelve, { columns: 12, gap: 1 }),
  };
}
