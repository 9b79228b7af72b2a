/**
 * The editors that the paper compares itself with in figure 10, as methods: a direction in W or in style space, fitted to
 * labelled latents, the same for every picture.
 */
import { disposeAll, failure, render, tf, type Factor, type WPlus } from '@styleclip/core';
import { openStyleStep } from '../methods/directions.js';
import type { Editor, MethodForPrompt } from '../methods/method.js';
import type { AskedPrompt } from '../prompts.js';
import type { Rows } from '../seen.js';
import type { Job } from '../jobs/job.js';
import type { Workbench } from '../workbench.js';
import { ganspaceDirection } from './ganspace.js';
import { interfaceganDirection } from './interfacegan.js';
import { askedLogits, labelled } from './labelled.js';
import { stylespaceDirection } from './stylespace.js';

/** What a baseline's job leaves. */
export interface FittedDirection {
  /** [D] in W, or [channels] in S. */
  step: number[];
  /** What it is, in words. */
  note: string;
}

type Fit = (
  rows: Rows,
  scores: readonly number[],
) => { step: Float32Array; note: string } | Promise<{ step: Float32Array; note: string }>;

const BASELINES = {
  GANSpace: { space: 'w', fit: ganspaceDirection },
  InterFaceGAN: { space: 'w', fit: interfaceganDirection },
  StyleSpace: { space: 's', fit: stylespaceDirection },
} as const satisfies Record<string, { space: 'w' | 's'; fit: Fit }>;

export interface BaselineOptions {
  bench: Workbench;
  factors: readonly Factor[];
  seed: number;
  truncation: number;
  /** Latents that are labelled. */
  count: number;
  /** How many of the held-out latents are edited. */
  latents: number;
  bundleHashes: Readonly<Record<string, string>>;
}

/** A baseline with the job that fits it. */
export interface Baseline extends MethodForPrompt {
  fit: Job<FittedDirection>;
}

/** All baselines for one prompt. */
export function baselinesFor(prompt: AskedPrompt, options: BaselineOptions): Baseline[] {
  const { bench, factors, seed, truncation, count, latents, bundleHashes } = options;
  return Object.entries(BASELINES).map(([method, { space, fit }]): Baseline => {
    const { ask } = prompt;
    const job: Job<FittedDirection> = {
      id: `${method}/${prompt.name}`,
      label: `fit ${method} to ${count} labelled latents for "${prompt.prompt}"`,
      seconds: 10,
      key: { version: 1, ask, seed, truncation, count, bundle: bundleHashes },
      async run() {
        const known = await labelled(bench, { seed, truncation, count });
        const { step, note } = await fit(space === 'w' ? known.w : known.s, askedLogits(known.seen, prompt, factors));
        return { result: { step: [...step], note } };
      },
    };
    return {
      method,
      prompt,
      jobs: [job],
      fit: job,
      latents,
      cost: (outcomes) => ({
        preprocessing: null,
        training: outcomes.of(job)?.made.seconds ?? null,
        inputDependent: false,
        space: space === 'w' ? 'W+' : 'S',
      }),
      async open(_, outcomes) {
        const fitted = outcomes.of(job);
        if (!fitted) throw failure(`${job.id}: ${outcomes.whyNot(job)}`);
        const step = Float32Array.from(fitted.result.step);
        return space === 'w' ? openWStep(bench, step) : openStyleStep(bench, step);
      },
    };
  });
}

/** An editor that adds the same step to W in all layers. @param step [D] */
async function openWStep(bench: Workbench, step: Float32Array): Promise<Editor> {
  const { generator } = await bench.networks();
  const draw = (await bench.device()).compile(
    (wPlus: WPlus, moved: tf.Tensor3D) => render(generator, tf.add(wPlus, moved) as WPlus),
    { name: 'draw-w' },
  );
  return {
    async pictures(from, count, factor) {
      const moved = tf.tensor3d(
        step.map((value) => value * factor),
        [1, 1, step.length],
      );
      const wPlus = await bench.latents(from, count);
      const images = await draw(wPlus, moved);
      disposeAll(wPlus, moved);
      return images;
    },
    dispose: () => draw.dispose(),
  };
}
