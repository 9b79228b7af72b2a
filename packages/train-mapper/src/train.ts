/**
 * The training of a latent mapper (StyleCLIP §5; `mapper/training/coach.py`), top to bottom.
 *
 * Each step takes a batch of latents, edits them, renders, compares with the prompt, and moves the mapper. Now and then it
 * measures the held-out loss (and keeps the best mapper), draws a before/after sheet, saves a checkpoint. The end measures
 * the best mapper on latents that nothing has seen.
 *
 * Unlike the original, a checkpoint holds optimizer state and the position in the stream of latents, so a run that was
 * stopped goes on as if it never had been: on the CPU, to the same numbers.
 */
import { join } from 'node:path';
import {
  applyMapper,
  batchesOf,
  chartLosses,
  createRun,
  describeUnknownWords,
  disposeAll,
  failure,
  findRun,
  flattenState,
  generatorSize,
  initMapper,
  initOptimizer,
  learningRate,
  measureEdit,
  openEditSheets,
  progress,
  Random,
  render,
  tf,
  unflattenState,
  type EditMeasures,
  type LossTerms,
  type Run,
  type Weights,
} from '@styleclip/core';
import type { TrainMapperConfig } from './config.js';
import { loadMapper, saveMapper } from './mapper-file.js';
import { placeRun, type TrainOptions } from './place.js';
import { prepare, release } from './prepare.js';
import { trainingStep, validationStep } from './step.js';

/** summary.json. */
export interface TrainSummary extends EditMeasures {
  prompt: string;
  ask: TrainMapperConfig['ask'] | null;
  /** Words of the texts that the bundle's CLIP has no embedding for. */
  unknownWords: string[];
  /** The measured mapper: the best by held-out loss. */
  best: Best;
  /** The last training batch's loss terms. */
  losses: Losses;
  steps: number;
  batch: number;
  /** Wall clock of the whole run: loading, compiling, training, measuring. */
  seconds: number;
  /** Steps per second of the training loop alone. */
  stepsPerSecond: number;
  device: string;
}

export type Losses = Record<keyof LossTerms, number>;
export type Best = { step: number; loss: number };

/** What a checkpoint remembers besides tensors. */
type LoopState = { position: number; best: Best | null; losses: Losses; seconds: number; stepSeconds: number };

const NO_LOSSES: Losses = { total: NaN, clip: NaN, directional: NaN, id: NaN, l2: NaN };

/**
 * Trains a mapper and leaves a run folder. A run that is finished stays as it is, when it is to be gone on with.
 * @throws UserError for anything the user can mend; Interrupted after Ctrl-C, when all is saved
 */
export async function train(
  config: TrainMapperConfig,
  options: TrainOptions = {},
): Promise<{ dir: string; summary: TrainSummary; finished: boolean }> {
  const began = performance.now();
  const place = await placeRun(config, options);
  const found = await findRun(place);
  if (found.summary) return { dir: found.dir, summary: found.summary as TrainSummary, finished: true };

  const prepared = await prepare(config);
  const { networks, device, latents, groups, mapping, text, unknownWords } = prepared;
  const { generator } = networks;
  const run = await createRun({ ...place, environment: { device: device.name, seed: config.seed } });
  process.stderr.write(`device ${device.name} (${device.why}); run folder ${run.dir}\n`);
  if (unknownWords.length > 0) process.stderr.write(`${describeUnknownWords(unknownWords)}\n`);

  // Where to start: from nothing, or from the newest checkpoint.
  const checkpoint = await run.latestCheckpoint();
  let mapper: Weights =
    checkpoint?.weights['mapper'] ??
    initMapper({ wDim: generatorSize(generator).wDim, groups }, new Random(config.seed).fork('mapper'));
  let optimizer = checkpoint?.weights['optimizer']
    ? unflattenState(checkpoint.weights['optimizer'])
    : initOptimizer(config.optimizer.name, mapper);
  const loop: LoopState = {
    ...{ position: 0, best: null, losses: NO_LOSSES, seconds: 0, stepSeconds: 0 },
    ...(checkpoint?.state as Partial<LoopState> | undefined),
  };
  const secondsBefore = loop.seconds;
  const firstStep = (checkpoint?.step ?? 0) + 1;

  // What is fixed: the compiled step, the stream of latents, the held-out ones.
  const fixed = { networks, losses: config.losses, mapping };
  const step = device.compile(trainingStep(fixed, config.optimizer), { name: 'train-mapper' });
  const validate = device.compile(validationStep(fixed), { name: 'held-out-loss' });
  const batches = await latents.batches(loop.position, config.batch);
  const validation = await latents.rows('validation', 0, config.latents.validation);
  const before = (wPlus: tf.Tensor3D) => render(generator, wPlus); // [N,R,R,3]
  const after = (mapper: Weights, wPlus: tf.Tensor3D) => render(generator, applyMapper(mapper, wPlus, mapping));
  const shown = await latents.rows('heldOut', 0, Math.min(config.samples, config.latents.heldOut));
  const sheets = await openEditSheets(device, { latents: shown, before, after });
  const header = {
    formatVersion: 1 as const,
    prompt: config.prompt,
    bundle: config.bundle,
    generatorSha256: networks.info.generator!.sha256,
    ...mapping,
    layerGroups: [mapping.layerGroups[0], mapping.layerGroups[1]] as [number, number],
    truncation: config.latents.truncation,
  };
  const bar = progress({ total: config.steps, label: config.name, start: firstStep - 1 });

  try {
    for (let now = firstStep; now <= config.steps; now++) {
      const started = performance.now();
      const wPlus = await batches.next(); // [N,L,D]
      const rate = learningRate(now - 1, config.optimizer, config.steps);
      const lr = tf.scalar(rate);
      const result = await step({ mapper, optimizer, wPlus, text, lr });
      loop.losses = await readLosses(result.losses);
      disposeAll(mapper, optimizer, wPlus, lr, result.losses);
      ({ mapper, optimizer } = result);
      loop.position += config.batch;
      loop.stepSeconds += (performance.now() - started) / 1000;
      requireFinite(loop.losses.total, 'loss', now);

      const last = now === config.steps;
      const heldOut = last || isDue(now, config.validateEvery) ? await heldOutLoss() : undefined;
      if (heldOut !== undefined) requireFinite(heldOut, 'held-out loss', now);
      if (heldOut !== undefined && (loop.best === null || heldOut < loop.best.loss)) {
        loop.best = { step: now, loss: heldOut };
        await saveMapper(join(run.dir, 'best.safetensors'), mapper, { ...header, step: now, heldOutLoss: heldOut });
      }
      if (last || now === 1 || heldOut !== undefined || isDue(now, config.metricsEvery)) {
        await run.metrics({ step: now, ...loop.losses, lr: rate, ...(heldOut !== undefined && { heldOut }) });
      }
      if (last || isDue(now, config.sampleEvery)) {
        await run.saveImage(`step-${String(now).padStart(6, '0')}`, await sheets.draw(mapper));
        await saveChart(run, config.prompt);
      }
      const { total: loss, clip } = loop.losses;
      bar.update(now, { loss, clip, ...(loop.best && { heldOut: loop.best.loss }) });
      const stop = await run.poll();
      if (last || stop || isDue(now, config.checkpointEvery)) {
        loop.seconds = secondsBefore + (performance.now() - began) / 1000;
        await run.saveCheckpoint(now, { mapper, optimizer: flattenState(optimizer) }, loop);
      }
      if (stop) {
        await saveChart(run, config.prompt);
        throw run.interruption(now);
      }
    }
    bar.stop();

    // The best mapper, on latents that no part of the training has seen. Each session holds a copy of the networks: those
    // that are done are closed before the next one is opened.
    await Promise.all([step.dispose(), validate.dispose()]);
    const { mapper: best, header: chosen } = await loadMapper(join(run.dir, 'best.safetensors'));
    const unseen = await latents.rows('heldOut', 0, config.latents.heldOut);
    await run.saveFile('before-after.png', await sheets.draw(best));
    await sheets.dispose();
    const edits = async function* (): AsyncGenerator<[Weights, tf.Tensor3D]> {
      for (const wPlus of batchesOf(unseen)) {
        if (await run.poll()) throw run.interruption(config.steps);
        yield [best, wPlus];
      }
    };
    const pictures = (mapper: Weights, wPlus: tf.Tensor3D) => ({ before: before(wPlus), after: after(mapper, wPlus) });
    const measures = await measureEdit(
      device,
      networks,
      { pictures, batches: edits() },
      { prompt: text.prompt, ask: config.ask, ignore: config.ignore },
    ).finally(() => disposeAll(best, unseen));
    const summary: TrainSummary = {
      ...measures,
      prompt: config.prompt,
      ask: config.ask ?? null,
      unknownWords,
      best: { step: chosen.step, loss: chosen.heldOutLoss },
      losses: loop.losses,
      steps: config.steps,
      batch: config.batch,
      seconds: secondsBefore + (performance.now() - began) / 1000,
      stepsPerSecond: config.steps / loop.stepSeconds,
      device: device.name,
    };
    await run.writeSummary(summary);
    return { dir: run.dir, summary, finished: false };
  } finally {
    bar.stop();
    run.close();
    await Promise.all([step.dispose(), validate.dispose(), sheets.dispose()]);
    disposeAll(mapper, optimizer, validation);
    await release(prepared);
  }

  async function heldOutLoss(): Promise<number> {
    const terms = await validate({ mapper, wPlus: validation, text });
    const { total } = await readLosses(terms);
    disposeAll(terms);
    return total;
  }

  function requireFinite(loss: number, what: string, now: number): void {
    if (Number.isFinite(loss)) return;
    throw failure(
      `the ${what} is ${loss} at step ${now}: lower optimizer.lr (${config.optimizer.lr}) and begin anew, by --force or under another --name`,
    );
  }
}

/** Whether something that happens every so many steps happens after this one; 0 means never. */
function isDue(step: number, every: number): boolean {
  return every > 0 && step % every === 0;
}

async function readLosses(terms: LossTerms): Promise<Losses> {
  const read = async (term: tf.Scalar): Promise<number> => (await term.data())[0] as number;
  return {
    total: await read(terms.total),
    clip: await read(terms.clip),
    directional: await read(terms.directional),
    id: await read(terms.id),
    l2: await read(terms.l2),
  };
}

async function saveChart(run: Run, prompt: string): Promise<void> {
  const png = await chartLosses(await run.readMetrics(), { title: `"${prompt}"` });
  if (png) await run.saveFile('losses.png', png);
}
