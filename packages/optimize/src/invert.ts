/**
 * Inversion: the latents of pictures, so that they can be edited. First w, one for all layers, from the nearest of some drawn
 * latents; then W+, from there. Both are the descent of latent optimization with another loss (invert-loss.ts), in the manner
 * of StyleGAN2's projector (its learning rate schedule; not its noise).
 */
import { join } from 'node:path';
import {
  asWPlus,
  createRun,
  disposeAll,
  disposeNetworks,
  encodePng,
  findRun,
  generatorSize,
  grid,
  latentsOfZ,
  learningRate,
  loadNetworks,
  normals,
  openDevice,
  Random,
  readImage,
  render,
  requireWeight,
  saveWeights,
  tf,
  toRgbImages,
  type Device,
  type Networks,
  type RgbImage,
  type Run,
  type WPlus,
} from '@styleclip/core';
import { descend, type Descended, type Leg } from './descend.js';
import type { RowState } from './early-stop.js';
import type { InvertConfig } from './invert-config.js';
import { invertLoss, INVERT_TERMS, pictureFeatures, small, type InvertFixed } from './invert-loss.js';
import { latentFiles, placeRun, type PlaceOptions } from './place.js';
import { saveLossChart } from './results.js';
import { batchSize, indexBatches, type Batch } from './rows.js';
import { namesOfPictures } from './start.js';
import { descentStep } from './step.js';

/** How near one picture was reached. */
export interface Inversion {
  image: string;
  /** Its name in the run's files. */
  name: string;
  /** Mean squared difference of pixels in [-1, 1]: in W, and in W+. */
  pixelW: number;
  pixel: number;
  /** The same in decibels of the full range. */
  psnr: number;
  /** 1 − cosine of the CLIP features and of the faces in W+; null where they were not used. */
  clip: number | null;
  id: number | null;
  /** Steps in W and in W+. */
  steps: [number, number];
}

/** summary.json. */
export interface InvertSummary {
  images: Inversion[];
  /** Means over the pictures. */
  pixel: number;
  psnr: number;
  seconds: number;
  stepsPerSecond: number;
  device: string;
}

/** ψ of the candidates. */
const TRUNCATION = 0.7;

const STAGES = ['w', 'w-plus'] as const;

/**
 * Inverts pictures and leaves a run folder with latents.safetensors (`w_plus` [N,L,D], `w` [N,D]).
 * @throws UserError when a file is no picture, or anything else the user can mend; Interrupted after Ctrl-C
 */
export async function invert(
  config: InvertConfig,
  options: PlaceOptions = {},
): Promise<{ dir: string; summary: InvertSummary; finished: boolean }> {
  const began = performance.now();
  const place = await placeRun('invert', config, latentFiles({ images: config.images }), options);
  const found = await findRun(place);
  if (found.summary) return { dir: found.dir, summary: found.summary as InvertSummary, finished: true };

  const prepared = await prepareInversion(config);
  const { networks, device, pictures, batch: size } = prepared;
  let run: Run | undefined;
  const step = device.compile(
    descentStep<InvertFixed>({
      ...{ loss: invertLoss(networks, config.losses), terms: INVERT_TERMS },
      ...{ optimizer: config.optimizer, keep: 'best' },
    }),
    { name: 'invert' },
  );
  try {
    run = await createRun({ ...place, environment: { device: device.name, seed: config.seed } });
    process.stderr.write(`device ${device.name} (${device.why}); run folder ${run.dir}\n`);
    const features = await lookAtPictures(prepared, config);
    const nearest = await nearestCandidates(prepared, config, features.small);
    const batches = indexBatches(config.images.length, size);
    const legs = batches.flatMap((batch, i) => STAGES.map((stage) => leg(batch, i, stage)));
    const descended = await descend(run, legs, {
      ...{ label: `invert ${config.name}`, optimizer: config.optimizer.name },
      ...{ metricsEvery: config.metricsEvery, checkpointEvery: config.checkpointEvery },
      lower: `optimizer.lr (${config.optimizer.lr})`,
    });
    disposeAll(features, nearest);
    await step.dispose();
    const beforeNow = Math.max(0, descended.seconds - (performance.now() - began) / 1000);
    const images = await saveInversions(run, prepared, config, descended, batches.length);
    await saveLossChart(run, `inversion: ${config.name}`, INVERT_TERMS);
    const mean = (key: 'pixel' | 'psnr') => images.reduce((sum, image) => sum + image[key], 0) / images.length;
    const summary: InvertSummary = {
      images,
      ...{ pixel: mean('pixel'), psnr: mean('psnr') },
      seconds: beforeNow + (performance.now() - began) / 1000,
      stepsPerSecond: descended.steps / descended.stepSeconds,
      device: device.name,
    };
    await run.writeSummary(summary);
    return { dir: run.dir, summary, finished: false };

    /** A stage of a batch; W+ begins where W came to. */
    function leg({ rows, padding }: Batch<number>, i: number, stage: (typeof STAGES)[number]): Leg<InvertFixed> {
      const steps = stage === 'w' ? config.steps.w : config.steps.wPlus;
      return {
        name: `batch-${i}-${stage}`,
        ...{ steps, step, terms: INVERT_TERMS, keep: 'best', rule: config.stop, watched: 'pixel' },
        learningRate: (now) => learningRate(now, config.optimizer, steps),
        film: { rows: 0, every: 1 },
        from: stage === 'w' ? 0 : config.steps.w,
        begin: async (done) =>
          tf.tidy(() => {
            const indices = tf.tensor1d(rows, 'int32');
            const { layers } = generatorSize(networks.generator);
            const code =
              stage === 'w' ? tf.gather(nearest, indices) : asWPlus(done[`batch-${i}-w/result`]!, layers).clone();
            const fixed: InvertFixed = {
              image: tf.gather(pictures, indices),
              near: code.clone(),
              ...(features.clip && { clip: tf.gather(features.clip, indices) }),
              ...(features.id && { id: tf.gather(features.id, indices) }),
            };
            return { code, fixed, padding };
          }),
      };
    }
  } finally {
    run?.close();
    await step.dispose();
    release(prepared);
  }
}

/** What an inversion works with. */
export interface PreparedInversion {
  networks: Networks;
  device: Device;
  /** [N,R,R,3] */
  pictures: tf.Tensor4D;
  /** Names of the pictures in files: each is another. */
  names: string[];
  /** Pictures that are inverted at once. */
  batch: number;
}

/** Opens networks, device and pictures. @throws UserError when a file is no picture */
export async function prepareInversion(config: InvertConfig): Promise<PreparedInversion> {
  const networks = await loadNetworks(config.bundle);
  const read: tf.Tensor4D[] = [];
  try {
    const { resolution } = generatorSize(networks.generator);
    for (const path of config.images) read.push(await readImage(path, resolution));
    const device = await openDevice(config.device, config.threads > 0 ? { threads: config.threads } : {});
    return {
      ...{ networks, device, pictures: tf.concat(read) as tf.Tensor4D, names: namesOfPictures(config.images) },
      batch: batchSize(config.batch, networks.generator),
    };
  } catch (error) {
    disposeNetworks(networks);
    throw error;
  } finally {
    disposeAll(read);
  }
}

/** Frees what `prepareInversion` opened. */
export function release({ networks, pictures }: PreparedInversion): void {
  pictures.dispose();
  disposeNetworks(networks);
}

/** Features of all pictures, one row each. */
async function lookAtPictures({ device, networks, pictures, batch }: PreparedInversion, { losses }: InvertConfig) {
  const look = device.compile(pictureFeatures(networks, losses), { name: 'picture-features' });
  try {
    return await inRows(pictures, batch, (some) => look(some as tf.Tensor4D));
  } finally {
    await look.dispose();
  }
}

/** For each picture the w that looks most like it, among drawn ones and the mean: [N,D]. */
async function nearestCandidates(
  { device, networks: { generator }, batch }: PreparedInversion,
  { candidates, seed }: InvertConfig,
  pictures: tf.Tensor,
): Promise<tf.Tensor2D> {
  const mean = requireWeight(generator, 'wAvg') as tf.Tensor1D;
  const w = tf.tidy(() => {
    const first = tf.expandDims(mean, 0) as tf.Tensor2D; // [1,D]
    if (candidates === 0) return first;
    const z = normals(new Random(seed).fork('candidates'), [candidates, generatorSize(generator).zDim]);
    const drawn = latentsOfZ(generator, z as tf.Tensor2D, TRUNCATION).slice([0, 0, 0], [-1, 1, -1]); // [K,1,D]
    return tf.concat([first, tf.squeeze(drawn, [1])]) as tf.Tensor2D;
  });
  const { layers } = generatorSize(generator);
  const draw = device.compile((some: tf.Tensor) => ({ small: small(render(generator, asWPlus(some, layers))) }), {
    name: 'candidates',
  });
  try {
    const drawn = await inRows(w, batch, draw);
    const chosen = tf.tidy(() => {
      const flat = (x: tf.Tensor) => tf.reshape(x, [x.shape[0]!, -1]) as tf.Tensor2D;
      const [a, b] = [flat(pictures), flat(drawn.small)];
      // |a − b|² = |a|² − 2ab + |b|², of which |a|² is the same for all candidates
      const distance = tf.sub(tf.sum(tf.square(b), 1), tf.mul(tf.matMul(a, b, false, true), 2)); // [N,K]
      return tf.gather(w, tf.argMin(distance, 1).toInt());
    });
    disposeAll(drawn);
    return chosen as tf.Tensor2D;
  } finally {
    w.dispose();
    await draw.dispose();
  }
}

/** A compiled function over the rows of a tensor, in batches of one size; its results, a row each. */
async function inRows<R extends { [name: string]: tf.Tensor | undefined }>(
  input: tf.Tensor,
  size: number,
  f: (some: tf.Tensor) => Promise<R>,
): Promise<R> {
  const parts: R[] = [];
  const count = input.shape[0]!;
  for (const { rows } of indexBatches(count, size)) {
    const some = tf.tidy(() => tf.gather(input, tf.tensor1d(rows, 'int32')));
    parts.push(await f(some));
    some.dispose();
  }
  const joined = tf.tidy(() =>
    Object.fromEntries(
      Object.keys(parts[0]!).map((name) => [name, tf.concat(parts.map((part) => part[name]!)).slice(0, count)]),
    ),
  ) as unknown as R;
  disposeAll(parts);
  return joined;
}

/** Writes latents and pictures. @returns how near each was reached */
async function saveInversions(
  run: Run,
  { networks, device, pictures, names, batch }: PreparedInversion,
  config: InvertConfig,
  { done, rows }: Descended,
  batches: number,
): Promise<Inversion[]> {
  const count = config.images.length;
  const of = (stage: (typeof STAGES)[number]) =>
    tf.tidy(() =>
      tf.concat(Array.from({ length: batches }, (_, i) => done[`batch-${i}-${stage}/result`]!)).slice(0, count),
    );
  const statesOf = (stage: number): RowState[] => rows.filter((_, i) => i % STAGES.length === stage).flat();
  const [w, wPlus] = [of('w'), of('w-plus')];
  disposeAll(done);
  const { layers } = generatorSize(networks.generator);
  const draw = device.compile(
    (code: tf.Tensor) => ({ image: render(networks.generator, asWPlus(code, layers) as WPlus) }),
    { name: 'reconstruct' },
  );
  try {
    const [inW, inWPlus] = [await inRows(w, batch, draw), await inRows(wPlus, batch, draw)];
    const [target, first, second] = [
      await toRgbImages(pictures),
      await toRgbImages(inW.image as tf.Tensor4D),
      await toRgbImages(inWPlus.image as tf.Tensor4D),
    ];
    disposeAll(inW, inWPlus);
    for (const [i, name] of names.entries())
      await run.saveFile(join('pictures', `${name}.png`), await encodePng(second[i]!));
    const sheet = await sheetOf(names, target, first, second);
    await run.saveFile('inversion.png', sheet);
    await run.saveImage('inversion', sheet);
    await saveWeights(
      join(run.dir, 'latents.safetensors'),
      { w_plus: wPlus, w },
      { metadata: { names: JSON.stringify(names), generatorSha256: networks.info.generator!.sha256 } },
    );
  } finally {
    await draw.dispose();
    disposeAll(w, wPlus);
  }
  const [statesW, statesWPlus] = [statesOf(0), statesOf(1)];
  const term = (state: RowState, name: (typeof INVERT_TERMS)[number]) => state.result![1 + INVERT_TERMS.indexOf(name)]!;
  return names.map((name, i) => {
    const [a, b] = [statesW[i]!, statesWPlus[i]!];
    const pixel = term(b, 'pixel');
    return {
      ...{ image: config.images[i]!, name, pixelW: term(a, 'pixel'), pixel, psnr: 10 * Math.log10(4 / pixel) },
      clip: config.losses.clip > 0 ? term(b, 'clip') : null,
      id: config.losses.id > 0 && networks.identity ? term(b, 'id') : null,
      steps: [a.steps, b.steps],
    };
  });
}

/** Above each other: the picture, as W has it, as W+ has it. */
async function sheetOf(names: string[], ...rows: RgbImage[][]): Promise<Buffer> {
  const shown = Math.min(names.length, 16);
  return grid(
    rows.flatMap((row) => row.slice(0, shown)),
    {
      columns: shown,
      labels: names.slice(0, shown),
      zoom: Math.max(1, Math.round(128 / rows[0]![0]!.width)),
    },
  );
}
