/**
 * The ways to measure relevance side by side, over prompts whose outcome a probe can judge: the paper's finite differences, the
 * Jacobian, and backward passes for each prompt alone.
 *
 * For each prompt: how alike the ways' relevances R_c are (Spearman's ρ, and the cosine between them), and what
 * each does to held-out latents at the strength that is chosen for it.
 */
import { batchesOf, measureEdit, progress, render, tf, type EditMeasures, type WPlus } from '@styleclip/core';
import type { AskedPrompt } from './asked-prompt.js';
import { openEditing, type Editing, type EditingOptions } from './editing.js';
import { cosine, spearman } from './rank-correlation.js';
import { chooseStrength } from './strength.js';
import { styleStep } from './style-direction.js';
import { renderMoved } from './trial.js';

export const WAYS = ['finite-difference', 'jacobian', 'direct'] as const;
export type Way = (typeof WAYS)[number];

/** What one way did for one prompt. */
export type Outcome = Pick<EditMeasures, 'hit' | 'hitBefore' | 'leak' | 'identity' | 'clipGain'> & {
  alpha: number;
  channels: number;
};

/** Likeness to finite differences. */
export type Likeness = Record<Exclude<Way, 'finite-difference'>, number>;

export interface PromptComparison {
  target: string;
  spearman: Likeness;
  cosine: Likeness;
  outcome: Record<Way, Outcome>;
}

/** The last line on stdout: prompts by their configuration's name, and means over them. */
export interface Comparison {
  prompts: Record<string, PromptComparison>;
  spearman: Likeness;
  cosine: Likeness;
  hit: Record<Way, number>;
  leak: Record<Way, number>;
  identity: Record<Way, number>;
  latents: number;
  seconds: number;
}

export interface CompareOptions {
  readonly prompts: readonly AskedPrompt[];
  /** Relevance files of the two ways that have one. */
  readonly tables: Record<Exclude<Way, 'direct'>, string>;
  readonly editing: Omit<EditingOptions, 'relevance' | 'direct'>;
  /** Latents that strengths are tried on, and that outcomes are measured on. */
  readonly tuning: number;
  readonly heldOut: number;
}

/** @throws UserError for files that are missing or of other networks */
export async function compare({
  prompts,
  tables,
  editing: options,
  tuning,
  heldOut,
}: CompareOptions): Promise<Comparison> {
  const began = performance.now();
  const relevances = {} as Record<Way, Float32Array[]>;
  const outcomes = {} as Record<Way, Outcome[]>;
  for (const way of WAYS) {
    const direct = way === 'direct';
    const bar = progress({ total: prompts.length, label: way, unit: 'prompts' });
    const editing = await openEditing(
      { ...options, direct, relevance: direct ? '' : tables[way] },
      { attributes: true },
    );
    try {
      const [tune, test] = [
        await editing.source.latents('validation', 0, tuning),
        await editing.source.latents('heldOut', 0, heldOut),
      ];
      relevances[way] = [];
      outcomes[way] = [];
      for (const [i, prompt] of prompts.entries()) {
        const { relevance, outcome } = await outcomeOf(editing, prompt, tune, test);
        relevances[way].push(relevance);
        outcomes[way].push(outcome);
        bar.update(i + 1, { prompt: prompt.name });
      }
      tune.dispose();
      test.dispose();
    } finally {
      bar.stop();
      await editing.dispose();
    }
  }

  const likeness = (measure: typeof spearman, i: number): Likeness => {
    const to = (way: Way) => measure(relevances['finite-difference'][i]!, relevances[way][i]!);
    return { jacobian: to('jacobian'), direct: to('direct') };
  };
  const compared = prompts.map(({ name, target }, i): [string, PromptComparison] => [
    name,
    {
      target,
      spearman: likeness(spearman, i),
      cosine: likeness(cosine, i),
      outcome: perWay((way) => outcomes[way][i]!),
    },
  ]);
  const each = compared.map(([, comparison]) => comparison);
  const meanLikeness = (key: 'spearman' | 'cosine'): Likeness => ({
    jacobian: mean(each.map((one) => one[key].jacobian)),
    direct: mean(each.map((one) => one[key].direct)),
  });
  const meanOutcome = (key: 'hit' | 'leak' | 'identity') =>
    perWay((way) => mean(each.map(({ outcome }) => outcome[way][key] ?? NaN)));
  return {
    prompts: Object.fromEntries(compared),
    spearman: meanLikeness('spearman'),
    cosine: meanLikeness('cosine'),
    hit: meanOutcome('hit'),
    leak: meanOutcome('leak'),
    identity: meanOutcome('identity'),
    latents: heldOut,
    seconds: (performance.now() - began) / 1000,
  };
}

/** One prompt by one way: R_c of every channel, and what the edit does at the strength that is chosen. */
async function outcomeOf(
  { trial, networks, device, layout, lookUp }: Editing,
  { target, neutral, ask, ignore }: AskedPrompt,
  tune: WPlus,
  test: WPlus,
): Promise<{ relevance: Float32Array; outcome: Outcome }> {
  const pair = await lookUp(neutral, target);
  const before = new Float32Array(layout.channels);
  const strength = await chooseStrength({ trial, wPlus: tune, before, pair, told: {}, rule: 'measured' });
  const step = styleStep(pair.relevances, strength.choice);
  const [prompt, direction] = [
    tf.tensor2d(pair.target, [1, pair.target.length]),
    tf.tensor2d(
      step.direction.map((value) => value * strength.alpha),
      [1, layout.channels],
    ),
  ];
  const measures = await measureEdit(
    device,
    networks,
    {
      pictures: (direction: tf.Tensor2D, wPlus: WPlus) => ({
        before: render(networks.generator, wPlus),
        after: renderMoved(networks.generator, wPlus, direction),
      }),
      batches: (function* (): Generator<[tf.Tensor2D, WPlus]> {
        for (const wPlus of batchesOf(test)) yield [direction, wPlus];
      })(),
    },
    { prompt, ask, ignore },
  );
  tf.dispose([prompt, direction]);
  const { hit, hitBefore, leak, identity, clipGain } = measures;
  const outcome = { hit, hitBefore, leak, identity, clipGain, alpha: strength.alpha, channels: step.channels.length };
  return { relevance: pair.relevances.cosine, outcome };
}

function perWay<T>(value: (way: Way) => T): Record<Way, T> {
  return Object.fromEntries(WAYS.map((way) => [way, value(way)])) as Record<Way, T>;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
