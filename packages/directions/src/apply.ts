/**
 * Edits by global directions (StyleCLIP §6): a pair of texts, a step in style space, pictures. A run folder holds
 *
 *     runs/directions/<name>/before-after.png     the pictures: a row before, a row after each edit
 *                            strengths-<i>.png    one picture over α and the number of channels, for edit i (figure 6)
 *                            samples/*.png        each picture before and after all edits
 *                            direction.safetensors  Δs of each edit by layer, α not yet multiplied in
 *                            channels-<i>.csv     the channels that edit i moves: layer, weight, sign
 *                            summary.json         strengths, and what the edits did to held-out latents
 */
import { join } from 'node:path';
import {
  batchesOf,
  bundleInputs,
  checkAsk,
  createRun,
  disposeAll,
  fileInput,
  findRun,
  imagesToPng,
  latentsOfSeeds,
  measureEdit,
  parseSeeds,
  progress,
  readBundleInfo,
  readLatents,
  render,
  tf,
  writeSafetensors,
  type EditMeasures,
  type Progress,
  type RawTensor,
  type Run,
  type RunPlace,
  type WPlus,
} from '@styleclip/core';
import type { ApplyConfig, EditConfig } from './apply-config.js';
import { openEditing, type Editing } from './editing.js';
import { requireTable } from './known-relevance.js';
import type { Layout } from './layout.js';
import { nameOfTexts } from './name-of-texts.js';
import { drawAll, stagesSheet, strengthGrid } from './run-sheets.js';
import { chooseStrength, gridAround, type Strength } from './strength.js';
import { addScaled, styleStep, type StyleStep } from './style-direction.js';
import { renderMoved } from './trial.js';

/** Settings that are not part of the edit. */
export interface ApplyOptions {
  /** Folder of all runs. */
  root?: string;
  /** Replace a run of this name. */
  force?: boolean;
}

/** What one edit did to held-out latents, beyond those before it. */
export interface EditSummary extends EditMeasures {
  neutral: string;
  target: string;
  ask: EditConfig['ask'] | null;
  alpha: number;
  /** The threshold that was told or found by the official rule; null where channels were counted. */
  beta: number | null;
  /** Channels that are moved. */
  channels: number;
  /** How strength was come by: 'told', 'measured', or 'official'. */
  strength: Strength['by'];
}

/** summary.json. */
export interface ApplySummary {
  edits: EditSummary[];
  pictures: number;
  method: string;
  seconds: number;
  device: string;
}

/** An edit with all that was decided about it. */
interface Decided {
  readonly edit: EditConfig;
  readonly strength: Strength;
  readonly step: StyleStep;
  /** What pictures are moved by before this edit and after it. */
  readonly before: Float32Array;
  readonly after: Float32Array;
}

/** Where the run lies and what it is made from. */
async function placeApply(config: ApplyConfig, options: ApplyOptions): Promise<RunPlace> {
  if (!config.direct) requireTable(config.relevance);
  return {
    ...options,
    package: 'directions',
    name: config.name ?? nameOfTexts(config.edits.map(({ target }) => target)),
    config,
    inputs: {
      ...bundleInputs(config.bundle, await readBundleInfo(config.bundle)),
      ...(!config.direct && { relevance: await fileInput(config.relevance) }),
      ...(config.latents !== undefined && { latents: await fileInput(config.latents) }),
    },
  };
}

/**
 * Edits pictures and leaves a run folder.
 * @throws UserError for anything the user can mend: texts, files, strengths that leave no channel
 */
export async function apply(
  config: ApplyConfig,
  options: ApplyOptions = {},
): Promise<{ dir: string; summary: ApplySummary }> {
  const began = performance.now();
  const seeds = config.seeds === undefined ? undefined : parseSeeds(config.seeds);
  const place = await placeApply(config, options);
  await findRun(place); // a name that is taken is refused before anything takes time

  const editing = await openEditing(config, { attributes: config.edits.some(({ ask }) => ask !== undefined) });
  let run: Run | undefined;
  try {
    const { networks, source, trial, layout, device } = editing;
    for (const { ask, ignore } of config.edits) checkAsk(networks, { ask, ignore });
    const shown = await picturesToEdit(config, editing, seeds);
    const decided = await decide(config, editing);
    run = await createRun({ ...place, environment: { device: device.name, seed: config.seed } });
    process.stderr.write(`device ${device.name} (${device.why}); run folder ${run.dir}\n`);

    await drawStages(run, editing, shown, decided, seeds);
    for (const [i, { edit, strength, step, before }] of decided.entries()) {
      const pair = await editing.lookUp(edit.neutral, edit.target);
      const first = tf.slice(shown, [0, 0, 0], [1, -1, -1]);
      const around = gridAround(pair.relevances, strength);
      const png = await strengthGrid(trial, first, { relevances: pair.relevances, before, ...around });
      first.dispose();
      await run.saveFile(`strengths-${i + 1}.png`, png);
      await run.saveFile(`channels-${i + 1}.csv`, channelTable(step, layout, pair.relevances.cosine));
    }
    await saveDirections(join(run.dir, 'direction.safetensors'), decided, layout);

    const heldOut = await source.latents('heldOut', 0, config.heldOut);
    const edits: EditSummary[] = [];
    for (const one of decided) edits.push(await measure(editing, heldOut, one));
    const summary: ApplySummary = {
      edits,
      pictures: shown.shape[0],
      method: config.direct ? 'direct' : `table ${config.relevance}`,
      seconds: (performance.now() - began) / 1000,
      device: device.name,
    };
    await run.writeSummary(summary);
    disposeAll(shown, heldOut);
    return { dir: run.dir, summary };
  } finally {
    run?.close();
    await editing.dispose();
  }
}

/** Latents of the pictures that the user sees. */
async function picturesToEdit(
  { latents: file, samples, truncation }: ApplyConfig,
  { networks, source }: Editing,
  seeds: readonly number[] | undefined,
): Promise<WPlus> {
  if (seeds) return latentsOfSeeds(networks.generator, seeds, truncation);
  if (file !== undefined) return readLatents(file, networks.generator);
  return source.latents('heldOut', 0, samples);
}

/** Strength and step of each edit, in order: each is tried on pictures that the ones before it have moved. */
async function decide(config: ApplyConfig, editing: Editing): Promise<Decided[]> {
  const { source, trial, layout } = editing;
  const tuning = await source.latents('validation', 0, config.tuning);
  const decided: Decided[] = [];
  let before = new Float32Array(layout.channels);
  for (const edit of config.edits) {
    const pair = await editing.lookUp(edit.neutral, edit.target);
    let bar: Progress | undefined;
    const strength = await chooseStrength({
      ...{ trial, wPlus: tuning, before, pair },
      told: edit,
      rule: config.strength,
      tick: (done, total) => {
        bar ??= progress({ total, label: `strength for "${edit.target}"`, unit: 'trials' });
        bar.update(done);
      },
    });
    bar?.stop();
    const step = styleStep(pair.relevances, strength.choice);
    const after = addScaled(before, step.direction, strength.alpha);
    decided.push({ edit, strength, step, before, after });
    before = new Float32Array(after);
  }
  tuning.dispose();
  return decided;
}

/** Sheet and single pictures. */
async function drawStages(
  run: Run,
  { trial }: Editing,
  shown: WPlus,
  decided: readonly Decided[],
  seeds: readonly number[] | undefined,
): Promise<void> {
  const stages: tf.Tensor4D[] = [];
  for (const direction of [decided[0]!.before, ...decided.map(({ after }) => after)])
    stages.push(await drawAll(trial, shown, direction));
  await run.saveFile('before-after.png', await stagesSheet(stages));
  for (const [what, images] of [
    ['before', stages[0]!],
    ['after', stages.at(-1)!],
  ] as const) {
    for (const [i, png] of (await imagesToPng(images)).entries()) {
      const picture = seeds ? `seed-${String(seeds[i]).padStart(4, '0')}` : `latent-${String(i).padStart(4, '0')}`;
      await run.saveImage(`${picture}-${what}`, png);
    }
  }
  disposeAll(stages);
}

/** What an edit does to held-out latents. */
async function measure(
  { networks, device, lookUp }: Editing,
  heldOut: WPlus,
  { edit, strength, step, before, after }: Decided,
): Promise<EditSummary> {
  const { target } = await lookUp(edit.neutral, edit.target);
  const [prompt, from, to] = [target, before, after].map((row) => tf.tensor2d(row, [1, row.length])) as [
    tf.Tensor2D,
    tf.Tensor2D,
    tf.Tensor2D,
  ];
  const plain = before.every((value) => value === 0);
  const measures = await measureEdit(
    device,
    networks,
    {
      pictures: (from: tf.Tensor2D, to: tf.Tensor2D, wPlus: WPlus) => ({
        before: plain ? render(networks.generator, wPlus) : renderMoved(networks.generator, wPlus, from),
        after: renderMoved(networks.generator, wPlus, to),
      }),
      batches: (function* (): Generator<[tf.Tensor2D, tf.Tensor2D, WPlus]> {
        for (const wPlus of batchesOf(heldOut)) yield [from, to, wPlus];
      })(),
    },
    { prompt, ask: edit.ask, ignore: edit.ignore },
  );
  disposeAll(prompt, from, to);
  return {
    neutral: edit.neutral,
    target: edit.target,
    ask: edit.ask ?? null,
    alpha: strength.alpha,
    beta: 'beta' in strength.choice ? strength.choice.beta : null,
    channels: step.channels.length,
    strength: strength.by,
    ...measures,
  };
}

/** The channels of a step as lines of comma-separated values, strongest first. */
export function channelTable({ channels, shares }: StyleStep, { layers }: Layout, cosine: Float32Array): string {
  const lines = channels.map((c, i) => {
    const layer = layers.find(({ offset, channels: width }) => c >= offset && c < offset + width)!;
    const share = shares[i]!;
    return [
      layer.name,
      layer.index,
      c - layer.offset,
      layer.resolution,
      Math.abs(share).toFixed(6),
      share < 0 ? '-' : '+',
      cosine[c]!.toFixed(6),
    ];
  });
  return `${[['layer', 'index', 'channel', 'resolution', 'weight', 'sign', 'relevance'], ...lines].map((line) => line.join(',')).join('\n')}\n`;
}

/** `<edit>/<layer>` [C]: Δs without α, and in the header what each edit is. */
async function saveDirections(path: string, decided: readonly Decided[], { layers }: Layout): Promise<void> {
  const tensors: Record<string, RawTensor> = {};
  for (const [i, { step }] of decided.entries()) {
    for (const { name, offset, channels } of layers)
      tensors[`${i + 1}/${name}`] = {
        dtype: 'F32',
        shape: [channels],
        data: step.direction.slice(offset, offset + channels),
      };
  }
  const edits = decided.map(({ edit, strength }) => ({
    neutral: edit.neutral,
    target: edit.target,
    alpha: strength.alpha,
  }));
  await writeSafetensors(path, { tensors, metadata: { 'styleclip.directions': JSON.stringify(edits) } });
}
