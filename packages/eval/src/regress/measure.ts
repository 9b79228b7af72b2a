/**
 * The small fixed run of a regression check: a bit of every method, on few latents, with numbers that move when something is
 * wrong with a loss, a style index, a seed, a sampling, a measure.
 *
 *     latents/…     the drawn latents themselves: their mean and spread, a few numbers of the first
 *     picture/…     the first pictures: mean and spread of their pixels
 *     style/…       how far single style channels move the picture: one for each layer
 *     loss/…        the terms of the objective for a fixed pair of latents
 *     mapper/…      a short training: its last losses, and what its edits do
 *     optimize/…    a short optimization
 *     direct/…      a direction from gradients
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  disposeAll,
  flattenStyles,
  objective,
  render,
  sourceFeatures,
  styles,
  styleSlots,
  synthesize,
  textTarget,
  tf,
  unflattenStyles,
  type WPlus,
} from '@styleclip/core';
import type { RegressConfig } from './config.js';
import { directionsMethod } from '../methods/directions.js';
import { mapperMethod, trainingJob } from '../methods/mapper.js';
import type { MethodForPrompt } from '../methods/method.js';
import { optimizeMethod } from '../methods/optimize.js';
import { measureSeen } from '../measures.js';
import type { AskedPrompt } from '../prompts.js';
import { firstSeen } from '../seen.js';
import { doJobs } from '../jobs/do-jobs.js';
import { Workbench } from '../workbench.js';

/** A number and how far it may move. */
export type Measured = Record<string, { value: number; band: number }>;

export interface MeasureOptions {
  config: RegressConfig;
  prompt: AskedPrompt;
  bundleHashes: Readonly<Record<string, string>>;
  interrupted: () => boolean;
  say?: (line: string) => void;
}

/** What may move how far: the processor's last digits in what is computed once, more in what is trained. */
const BANDS = { exact: 1e-3, picture: 5e-3, loss: 0.02, share: 0.15, gain: 0.03, steps: 0.1 };

/** Measures in a folder of its own, which is gone afterwards: nothing is taken from a store. */
export async function measureAll({
  config,
  prompt,
  bundleHashes,
  interrupted,
  say,
}: MeasureOptions): Promise<Measured> {
  const root = await mkdtemp(join(tmpdir(), 'styleclip-regress-'));
  const bench = new Workbench(config);
  try {
    const numbers: Measured = { ...(await fixedNumbers(bench, prompt)) };
    const methods = planSmall(config, prompt, { bundleHashes, bench, root });
    const worked = await doJobs(
      methods.flatMap(({ jobs }) => jobs),
      {
        root,
        made: { command: 'regress', device: 'any', node: process.versions.node },
        interrupted,
        ...(say && { say }),
      },
    );
    const [lack] = worked.outcomes.missing;
    if (lack) throw new Error(`${lack.job.id}: ${lack.reason}`);
    for (const method of methods) {
      const editor = await method.open(bench, worked.outcomes);
      try {
        const after = await bench.see(method.latents, (from, count) => editor.pictures(from, count, 1));
        const { info } = await bench.networks();
        const { hit, leak, identity, clipGain, distance } = measureSeen(
          firstSeen(await bench.before(), method.latents),
          after,
          {
            text: await bench.text(prompt.prompt),
            prompt,
            factors: info.attributes?.factors ?? [],
            seed: config.seed,
            draws: 1,
          },
        );
        const add = (name: string, value: number | undefined, band: number): void => {
          if (value !== undefined) numbers[`${method.method}/${name}`] = { value, band };
        };
        add('hit', hit?.mean, BANDS.share);
        add('leak', leak?.mean, BANDS.share);
        add('identity', identity?.mean, BANDS.share);
        add('clipGain', clipGain.mean, BANDS.gain);
        add('distance', distance?.mean, (distance?.mean ?? 0) * BANDS.share + BANDS.picture);
      } finally {
        await editor.dispose();
      }
    }
    return numbers;
  } finally {
    await bench.dispose();
    await rm(root, { recursive: true, force: true });
  }
}

/** The methods, each small. */
function planSmall(
  config: RegressConfig,
  prompt: AskedPrompt,
  { bundleHashes, bench, root }: { bundleHashes: Readonly<Record<string, string>>; bench: Workbench; root: string },
): MethodForPrompt[] {
  const { bundle, device, threads, seed, truncation, heldOut, optimizeSteps, optimized } = config;
  // Runs are looked for where there are none: the check trains by itself.
  const places = { store: root, runs: join(root, 'none') };
  const shared = { bundle, device, threads, seed, truncation, places };
  const training = trainingJob('mapper', prompt.mapper, { command: 'regress', bundleHashes }, places);
  const overrides = { steps: optimizeSteps };
  const small = {
    mapper: mapperMethod(prompt, training, heldOut),
    optimize: optimizeMethod(prompt, {
      ...shared,
      ...{ overrides, bench, latents: Math.min(optimized, heldOut), latentsKey: 'regress' },
    }),
    direct: directionsMethod(prompt, undefined, { ...shared, overrides: {}, bundleHashes, latents: heldOut }),
  };
  return config.methods.map((name) => small[name]);
}

/** Numbers that no training is needed for. */
async function fixedNumbers(bench: Workbench, prompt: AskedPrompt): Promise<Measured> {
  const networks = await bench.networks();
  const { generator, clip } = networks;
  const device = await bench.device();
  const numbers: Measured = {};
  const wPlus = await bench.latents(0, 2); // [2,L,D]

  const values = await wPlus.data<'float32'>();
  const { mean, std } = momentsOf(values);
  numbers['latents/mean'] = { value: mean, band: BANDS.exact };
  numbers['latents/std'] = { value: std, band: BANDS.exact };
  for (const i of [0, 1, 2]) numbers[`latents/first/${i}`] = { value: values[i]!, band: BANDS.exact };

  const images = await bench.pictures(0, 2);
  const pixels = momentsOf(await images.data<'float32'>());
  images.dispose();
  numbers['picture/mean'] = { value: pixels.mean, band: BANDS.picture };
  numbers['picture/std'] = { value: pixels.std, band: BANDS.picture };

  // How far the first channel of each layer moves the first picture.
  const slots = styleSlots(generator, { toRGB: false });
  const nudge = device.compile(
    (wPlus: WPlus, step: tf.Tensor2D) => {
      const code = styles(generator, wPlus);
      const moved = tf.add(flattenStyles(code, { toRGB: false }), step) as tf.Tensor2D;
      const after = synthesize(generator, unflattenStyles(generator, moved, code), { noise: 'stored' });
      return tf.mean(tf.abs(tf.sub(after, render(generator, wPlus))));
    },
    { name: 'nudge' },
  );
  const width = slots.reduce((sum, { channels }) => sum + channels, 0);
  const first = await bench.latents(0, 1);
  for (const { name, offset } of slots) {
    const step = tf.tensor2d(
      Float32Array.from({ length: width }, (_, c) => (c === offset ? 3 : 0)),
      [1, width],
    );
    const moved = await nudge(first, step);
    numbers[`style/${name}/0`] = { value: (await moved.data())[0]!, band: BANDS.exact };
    disposeAll(step, moved);
  }
  await nudge.dispose();

  // The objective's terms of an edit that is known: the second latent for the first.
  const losses = {
    clip: 1,
    directional: 0.5,
    id: 0.1,
    l2: 0.8,
    clipInput: 'normalised' as const,
    l2Reading: 'mean' as const,
  };
  const text = textTarget(clip, { prompt: prompt.prompt, neutral: prompt.neutral });
  const terms = device.compile(
    (original: WPlus, edited: WPlus, text: { prompt: tf.Tensor2D; direction?: tf.Tensor2D }) => {
      const source = sourceFeatures(networks, losses, original);
      return objective(networks, losses, { edited, original, source, text });
    },
    { name: 'terms' },
  );
  const second = await bench.latents(1, 1);
  const found = await terms(first, second, text);
  for (const [name, term] of Object.entries(found))
    numbers[`loss/${name}`] = { value: (await term.data())[0]!, band: BANDS.loss };
  await terms.dispose();
  disposeAll(wPlus, first, second, found, text);
  return numbers;
}

function momentsOf(values: ArrayLike<number>): { mean: number; std: number } {
  let [sum, squares] = [0, 0];
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  const mean = sum / values.length;
  for (let i = 0; i < values.length; i++) squares += (values[i]! - mean) ** 2;
  return { mean, std: Math.sqrt(squares / values.length) };
}
