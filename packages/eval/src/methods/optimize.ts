/**
 * Latent optimization (method 1 of the paper): every latent is moved by itself, so it has to be done anew for each, and only the
 * first few held-out latents are edited. A job keeps the moved codes; the editor draws them.
 *
 *     factor: w + factor·(ŵ − w), the way from the latent to where the optimization has come
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { disposeAll, failure, readLatents, render, saveWeights, tf, type WPlus } from '@styleclip/core';
import { optimize, parseOptimizeConfig, type OptimizeConfig, type OptimizeSummary } from '@styleclip/optimize';
import type { AskedPrompt } from '../prompts.js';
import type { Job } from '../jobs/job.js';
import { hashOf } from '../jobs/store.js';
import type { Workbench } from '../workbench.js';
import type { MethodForPrompt, Places } from './method.js';

/** What the job leaves, beside the codes. */
export interface Optimized {
  dir: string;
  command: string;
  summary: OptimizeSummary;
}

export interface OptimizeOptions {
  /** How many of the held-out latents are edited. */
  latents: number;
  /** Keys over the method's defaults. */
  overrides: Readonly<Record<string, unknown>>;
  bundle: string;
  device: string;
  threads: number;
  seed: number;
  /** What the held-out latents depend on. */
  latentsKey: unknown;
  places: Places;
  bench: Workbench;
}

const CODES_FILE = 'codes.safetensors';

/** Seconds a latent takes about, when eight are moved at once. */
const SECONDS_A_LATENT = 3;

/** The method, ready to be planned. */
export function optimizeMethod(prompt: AskedPrompt, options: OptimizeOptions): MethodForPrompt {
  const { latents, latentsKey, places, bench } = options;
  const settings = { prompt: prompt.prompt, ask: prompt.ask, ignore: prompt.ignore, ...options.overrides };
  const key = { version: 1, settings, latents, latentsKey };
  const root = join(places.store, 'runs', hashOf(key));
  const configOf = (name: string, file: string, more: object = {}): OptimizeConfig =>
    parseOptimizeConfig({
      ...{ name, bundle: options.bundle, device: options.device, threads: options.threads, seed: options.seed },
      ...settings,
      latents: { file },
      ...more,
    });
  const job: Job<Optimized> = {
    id: `optimize/${prompt.name}`,
    label: `move ${latents} latents towards "${prompt.prompt}"`,
    seconds: 5 + latents * SECONDS_A_LATENT,
    key,
    async run() {
      const file = await latentsFile(root, bench, latents);
      const config = configOf(prompt.name, file);
      const { dir, summary } = await optimize(config, { root, resume: true });
      const codes = await readFile(join(dir, 'latents-after.safetensors'));
      const command = `npx nx run optimize --set name=${prompt.name} --set 'prompt=${prompt.prompt}' --set latents.file=${file}`;
      return { result: { dir, command, summary }, files: { [CODES_FILE]: codes } };
    },
  };

  return {
    method: 'optimize',
    prompt,
    jobs: [job],
    latents,
    cost: () => ({ preprocessing: null, training: null, inputDependent: true, space: 'W+' }),
    async time(_, repeats) {
      const seconds: number[] = [];
      for (let i = 0; i < repeats; i++) {
        const timing = join(root, 'timing');
        const config = configOf(`one-${i}`, await latentsFile(timing, bench, 1), { batch: 1 });
        const { summary } = await optimize(config, { root: timing, force: true });
        seconds.push(summary.meanSteps / summary.stepsPerSecond);
      }
      return seconds;
    },
    async open(_, outcomes) {
      const done = outcomes.of(job);
      if (!done) throw failure(`${job.id}: ${outcomes.whyNot(job)}`);
      const { generator } = await bench.networks();
      const codes = await readLatents(join(done.dir, CODES_FILE), generator); // [latents,L,D]
      const draw = (await bench.device()).compile(
        (wPlus: WPlus, edited: WPlus, factor: tf.Scalar) =>
          render(generator, tf.add(wPlus, tf.mul(tf.sub(edited, wPlus), factor)) as WPlus),
        { name: 'draw-optimized' },
      );
      return {
        async pictures(from, count, factor) {
          if (from + count > latents) throw new Error(`optimize: ${latents} latents were moved, not ${from + count}`);
          const input = {
            wPlus: await bench.latents(from, count),
            edited: tf.slice(codes, [from, 0, 0], [count, -1, -1]),
            factor: tf.scalar(factor),
          };
          const images = await draw(input.wPlus, input.edited, input.factor);
          disposeAll(input);
          return images;
        },
        async dispose() {
          await draw.dispose();
          codes.dispose();
        },
      };
    },
  };
}

/** The first held-out latents as a file that the method can read. */
async function latentsFile(dir: string, bench: Workbench, count: number): Promise<string> {
  const wPlus = await bench.latents(0, count);
  const file = join(dir, 'held-out.safetensors');
  await saveWeights(file, { w_plus: wPlus });
  wPlus.dispose();
  return file;
}
