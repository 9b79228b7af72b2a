/**
 * Figure 10's protocol (after StyleSpace): every editor as strong as it must be to change the classifier's logit of what is asked
 * by the same amount; then look at everything else.
 *
 * The classifier is the attribute probe, the amount is what the global direction does at its own strength. A factor is found by
 * trying rising ones and interpolating where the change first passes the amount.
 */
import { toRgbImages } from '@styleclip/core';
import { askedLogits } from '../baselines/labelled.js';
import { measureSeen, type Measures } from '../measures.js';
import type { Editor, MethodForPrompt } from '../methods/method.js';
import { firstSeen } from '../seen.js';
import type { Job } from '../jobs/job.js';
import { keepPictures, type Pictures } from './shared-jobs.js';
import type { Planning } from './plan.js';

/** What came of it, beside the pictures. */
export interface EqualChange extends Pictures {
  /** Factor on the editor's own unit of strength. */
  factor: number;
  /** Mean change of the logit at that factor. */
  change: number;
  /** Whether the amount was reached; where it was not, the factor is the one that came nearest. */
  reached: boolean;
  measures: Measures;
}

/** Factors that are tried, in this order; an editor's unit is a deviation or its own strength. */
const FACTORS = [0.25, 0.5, 1, 1.5, 2, 3, 4, 6, 8, 12];

/** Pictures on which the factor is found; the numbers come from the held-out latents as everywhere. */
const TRIED = 20;

/** The mean change of the logit that an editor brings about at a factor. */
async function changeAt(planning: Planning, method: MethodForPrompt, editor: Editor, factor: number): Promise<number> {
  const { bench, info } = planning;
  const factors = info.attributes?.factors ?? [];
  const count = Math.min(TRIED, method.latents);
  const was = askedLogits(firstSeen(await bench.before(), count), method.prompt, factors);
  const after = await bench.see(count, (from, n) => editor.pictures(from, n, factor));
  const is = askedLogits(after, method.prompt, factors);
  return is.reduce((sum, value, i) => sum + value - was[i]!, 0) / count;
}

/** The job that finds how much a method changes the logit at its own strength. */
export function amountJob(planning: Planning, method: MethodForPrompt): Job<{ change: number }> {
  return {
    id: `equal-change/amount/${method.prompt.name}`,
    label: `how much ${method.method} changes what the probe sees for "${method.prompt.prompt}"`,
    seconds: 4,
    key: {
      version: 1,
      latents: planning.shared.latentsKey,
      edit: method.jobs.map(({ id, key }) => [id, key]),
      ask: method.prompt.ask,
    },
    needs: method.jobs,
    async run({ done }) {
      const editor = await method.open(planning.bench, done);
      try {
        return { result: { change: await changeAt(planning, method, editor, 1) } };
      } finally {
        await editor.dispose();
      }
    },
  };
}

/** The job that makes an editor as strong as the amount, and measures it there. */
export function equalChangeJob(
  planning: Planning,
  method: MethodForPrompt,
  amount: Job<{ change: number }>,
): Job<EqualChange> {
  const { bench, config, info, shared } = planning;
  const latents = Math.min(config.curveLatents, method.latents);
  return {
    id: `equal-change/${method.method}/${method.prompt.name}`,
    label: `bring ${method.method} to the same change for "${method.prompt.prompt}"`,
    seconds: 8 + latents / 30,
    key: {
      ...{ version: 1, latents: shared.latentsKey, amount: amount.key, count: latents, samples: config.samples },
      ...{ bootstrap: config.bootstrap, edit: method.jobs.map(({ id, key }) => [id, key]) },
    },
    needs: [...method.jobs, amount],
    async run({ done, stop }) {
      const wanted = done.of(amount)!.result.change;
      const editor = await method.open(bench, done);
      try {
        const found = await findFactor(wanted, (factor) => {
          stop();
          return changeAt(planning, method, editor, factor);
        });
        const after = await bench.see(latents, (from, count) => editor.pictures(from, count, found.factor), stop);
        const measures = measureSeen(firstSeen(await bench.before(), latents), after, {
          text: await bench.text(method.prompt.prompt),
          prompt: method.prompt,
          factors: info.attributes?.factors ?? [],
          seed: config.seed,
          draws: config.bootstrap,
        });
        const images = await editor.pictures(0, Math.min(config.samples, latents), found.factor);
        const { result, files } = keepPictures(await toRgbImages(images));
        images.dispose();
        return { result: { ...result, ...found, measures }, files };
      } finally {
        await editor.dispose();
      }
    },
  };
}

/**
 * The factor at which a change first reaches `wanted`, between two that were tried by a straight line.
 * @param changeOf the change at a factor; 0 at 0
 */
export async function findFactor(
  wanted: number,
  changeOf: (factor: number) => Promise<number>,
): Promise<{ factor: number; change: number; reached: boolean }> {
  // A direction that does not raise the logit sets no amount to be reached.
  if (!(wanted > 0)) return { factor: 1, change: await changeOf(1), reached: false };
  let before = { factor: 0, change: 0 };
  let nearest = before;
  for (const factor of FACTORS) {
    const now = { factor, change: await changeOf(factor) };
    if (now.change >= wanted) {
      const share = (wanted - before.change) / (now.change - before.change);
      const between = before.factor + share * (now.factor - before.factor);
      return { factor: between, change: await changeOf(between), reached: true };
    }
    if (Math.abs(wanted - now.change) < Math.abs(wanted - nearest.change)) nearest = now;
    before = now;
  }
  return { ...nearest, reached: false };
}
