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
  createRun,
  disposeAll,
  failure,
  initMapper,
  linearWarmup,
  progress,
  Random,
  tf,
  warmupCosine,
  type Run,
  type Weights,
} from '@styleclip/core';
import { chartLosses } from './chart-losses.js';
import type { TrainMapperConfig } from './config.js';
import { loadMapper, mapperHeader, saveMapper } from './mapper-file.js';
import { measureEdit, type EditMeasures } from './measure.js';
import type { LossTerms } from './objective.js';
import { flattenState, unflattenState } from './optimizer-state.js';
import { prepare, release } from './prepare.js';
import { openSheets } from './samples.js';
import { initOptimizer, trainingStep, validationStep } from './step.js';

/** Settings that are not part of the experiment. */
export interface TrainOptions {
  /** Folder of all runs. */
  root?: string;
  resume?: boolean;
  force?: boolean;
  /** The command that goes on with the run, told after Ctrl-C. */
  resumeCommand?: string;
}

/** summary.json. */
export interface TrainSummary extends EditMeasures {
  prompt: string;
  ask: TrainMapperConfig['ask'] | null;
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
type LoopState = { position: number; best: Best | null; seconds: number; stepSeconds: number };

/**
 * Trains a mapper and leaves a run folder.
 * @throws UserError for anything the user can mend; Interrupted after Ctrl-C, when all is saved
 */
export async function train(
  config: TrainMapperConfig,
  options: TrainOptions = {},
): Promise<{ dir: string; summary: TrainSummary }> {
  const began = performance.now();
  const prepared = await prepare(config);
  const { models, device, latents, groups, text } = prepared;
  const run = await createRun({
    ...options,
    package: 'train-mapper',
    name: config.name,
    config,
    mayChange: ['device', 'threads'],
    environment: { device: device.name, seed: config.seed },
  });
  process.stderr.write(`device ${device.name} (${device.why}); run folder ${run.dir}\n`);

  // Where to start: from nothing, or from the newest checkpoint.
  const checkpoint = await run.latestCheckpoint();
  let mapper: Weights =
    checkpoint?.weights['mapper'] ??
    initMapper({ wDim: models.generator['wAvg']!.size, groups }, new Random(config.seed).fork('mapper'));
  let optimizer = checkpoint?.weights['optimizer']
    ? unflattenState(checkpoint.weights['optimizer'])
    : initOptimizer(config.optimizer.name, mapper);
  const loop = (checkpoint?.state as LoopState | undefined) ?? { position: 0, best: null, seconds: 0, stepSeconds: 0 };
  const secondsBefore = loop.seconds;
  const firstStep = (checkpoint?.step ?? 0) + 1;

  // What is fixed: the compiled step, the stream of latents, the held-out ones.
  const step = device.compile(trainingStep(models, config), { name: 'train-mapper' });
  const validate = device.compile(validationStep(models, config), { name: 'held-out-loss' });
  const batches = await latents.batches(loop.position, config.batch);
  const validation = await latents.rows('validation', 0, config.latents.validation);
  const sheets = await openSheets(
    models,
    config,
    device,
    await latents.rows('heldOut', 0, Math.min(config.samples, config.latents.heldOut)),
  );
  const bar = progress({ total: config.steps, label: config.name, start: firstStep - 1 });
  let losses: Losses = { total: NaN, clip: NaN, directional: NaN, id: NaN, l2: NaN };

  const save = async (done: number) => {
    loop.seconds = secondsBefore + (performance.now() - began) / 1000;
    await run.saveCheckpoint(done, { mapper, optimizer: flattenState(optimizer) }, loop);
  };

  try {
    for (let now = firstStep; now <= config.steps; now++) {
      const started = performance.now();
      const wPlus = await batches.next(); // [N,L,D]
      const rate = learningRate(config, now - 1);
      const lr = tf.scalar(rate);
      const result = await step({ mapper, optimizer, wPlus, text, lr });
      losses = await readLosses(result.losses);
      disposeAll(mapper, optimizer, wPlus, lr, result.losses);
      ({ mapper, optimizer } = result);
      loop.position += config.batch;
      loop.stepSeconds += (performance.now() - started) / 1000;
      if (!Number.isFinite(losses.total)) {
        throw failure(
          `the loss is ${losses.total} at step ${now}: lower optimizer.lr (${config.optimizer.lr}); the last checkpoint is in ${run.dir}`,
        );
      }

      const last = now === config.steps;
      const heldOut = last || isDue(now, config.validateEvery) ? await heldOutLoss() : undefined;
      if (heldOut !== undefined && (loop.best === null || heldOut < loop.best.loss)) {
        loop.best = { step: now, loss: heldOut };
        await saveMapper(join(run.dir, 'best.safetensors'), mapper, mapperHeader(models, config, loop.best));
      }
      if (last || now === 1 || heldOut !== undefined || isDue(now, config.metricsEvery)) {
        await run.metrics({ step: now, ...losses, lr: rate, ...(heldOut !== undefined && { heldOut }) });
      }
      if (last || isDue(now, config.sampleEvery)) {
        await run.saveImage(`step-${String(now).padStart(6, '0')}`, await sheets.draw(mapper));
        await saveChart(run, config);
      }
      bar.update(now, { loss: losses.total, clip: losses.clip, ...(loop.best && { heldOut: loop.best.loss }) });
      if (last || isDue(now, config.checkpointEvery)) await save(now);
      if (!last && (await run.poll())) {
        await save(now);
        await saveChart(run, config);
        throw run.interruption(now);
      }
    }
    bar.stop();

    // The best mapper, on latents that no part of the training has seen.
    const { mapper: best, header } = await loadMapper(join(run.dir, 'best.safetensors'));
    const unseen = await latents.rows('heldOut', 0, config.latents.heldOut);
    const measures = await measureEdit(prepared, best, unseen, text.prompt);
    await run.saveFile('before-after.png', await sheets.draw(best));
    disposeAll(best, unseen);
    const summary: TrainSummary = {
      ...measures,
      prompt: config.prompt,
      ask: config.ask ?? null,
      best: { step: header.step, loss: header.heldOutLoss },
      losses,
      steps: config.steps,
      batch: config.batch,
      seconds: secondsBefore + (performance.now() - began) / 1000,
      stepsPerSecond: config.steps / loop.stepSeconds,
      device: device.name,
    };
    await run.writeSummary(summary);
    return { dir: run.dir, summary };
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
}

/** The learning rate of a step, counted from 0. */
export function learningRate(
  { optimizer: { lr, warmup, decay }, steps }: Pick<TrainMapperConfig, 'optimizer' | 'steps'>,
  step: number,
): number {
  return lr * (decay === 'cosine' ? warmupCosine(step, { steps, warmup }) : linearWarmup(step, warmup));
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

async function saveChart(run: Run, config: TrainMapperConfig): Promise<void> {
  const png = await chartLosses(run, `"${config.prompt}"`);
  if (png) await run.saveFile('losses.png', png);
}
