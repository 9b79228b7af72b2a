/**
 * α and the channels of an edit, where they are not told: tried on latents that nothing else uses.
 *
 * The original leaves both to the user's eye, with a starting point (`officialStrength`). Here every number of channels is tried at
 * every α, and the pair that scores best is taken:
 *
 *     score = p − LIKENESS·(1 − identity) − SIDE·side
 *
 *     p         mean over pictures of CLIP's odds of the target against the neutral text, at CLIP's own temperature: 0 … 1. It
 *               rises until pictures show the target, and no further, so strength is not rewarded for its own sake.
 *     identity  mean cosine of the face embeddings before and after (where the bundle has an identity network)
 *     side      mean length of what CLIP's unit feature moves across Δt: change that nobody asked for
 *
 * CLIP and the identity network are all it looks through; a bundle's attribute probe is never asked.
 */
import type { WPlus } from '@styleclip/core';
import type { TextPair } from './editing.js';
import { addScaled, officialStrength, styleStep, type Choice, type Relevances } from './style-direction.js';
import type { Seen, Trial } from './trial.js';

/** What an edit is applied with. */
export interface Strength {
  readonly choice: Choice;
  readonly alpha: number;
  /** Who said so. */
  readonly by: 'told' | 'measured' | 'official';
}

export interface StrengthQuestion {
  readonly trial: Trial;
  /** Latents to try on, [N,L,D]. */
  readonly wPlus: WPlus;
  /** What pictures are moved by already. */
  readonly before: Float32Array;
  readonly pair: TextPair;
  /** What is told; the rest is chosen. */
  readonly told: {
    readonly alpha?: number | undefined;
    readonly beta?: number | undefined;
    readonly topK?: number | undefined;
  };
  readonly rule: 'measured' | 'official';
  /** Called after each trial. */
  readonly tick?: (done: number, total: number) => void;
}

/** Numbers of channels that are tried; those of the generator at the most. */
const COUNTS = [3, 6, 12, 24, 48, 96];
const ALPHAS = [1, 2, 3, 5, 8, 12];

/** What a unit of lost likeness, and of change across Δt, costs in units of p. */
const LIKENESS = 0.5;
const SIDE = 0.25;

/** Chooses what is not told. @throws UserError when what is told leaves no channel */
export async function chooseStrength(question: StrengthQuestion): Promise<Strength> {
  const { trial, wPlus, before, pair, told, rule, tick } = question;
  const { cosine } = pair.relevances;
  const choice: Choice | undefined =
    told.topK !== undefined ? { topK: told.topK } : told.beta !== undefined ? { beta: told.beta } : undefined;
  if (choice && told.alpha !== undefined) return { choice, alpha: told.alpha, by: 'told' };
  if (rule === 'official') {
    const { beta, alpha } = officialStrength(cosine);
    return { choice: choice ?? { beta }, alpha: told.alpha ?? alpha, by: 'official' };
  }

  const most = styleStep(pair.relevances, { topK: Infinity }).channels.length;
  const choices = choice ? [choice] : countsUpTo(most).map((topK): Choice => ({ topK }));
  const alphas = told.alpha === undefined ? ALPHAS : [told.alpha];
  const reference = await trial.see(wPlus, before);
  let best: { strength: Strength; score: number } | undefined;
  let done = 0;
  for (const choice of choices) {
    const { direction } = styleStep(pair.relevances, choice);
    for (const alpha of alphas) {
      const seen = await trial.see(wPlus, addScaled(before, direction, alpha));
      const score = scoreOf(reference, seen, pair);
      if (!best || score > best.score) best = { strength: { choice, alpha, by: 'measured' }, score };
      tick?.(++done, choices.length * alphas.length);
    }
  }
  return best!.strength;
}

function countsUpTo(most: number): number[] {
  const counts = COUNTS.filter((count) => count < most);
  return [...counts, Math.min(most, COUNTS.at(-1)!)].filter((count, i, all) => all.indexOf(count) === i);
}

/** The score of an edit; see above. */
export function scoreOf(
  before: Seen,
  after: Seen,
  { step, target, neutral, temperature }: Omit<TextPair, 'relevances'>,
): number {
  const width = step.length;
  let [p, side, likeness] = [0, 0, 0];
  for (let n = 0; n < after.count; n++) {
    let [odds, along, square] = [0, 0, 0];
    for (let i = 0; i < width; i++) {
      const now = after.clip[n * width + i]!;
      const moved = now - before.clip[n * width + i]!;
      odds += now * (target[i]! - neutral[i]!);
      along += moved * step[i]!;
      square += moved * moved;
    }
    p += 1 / (1 + Math.exp(-temperature * odds));
    side += Math.sqrt(Math.max(0, square - along * along));
    likeness += before.face && after.face ? cosineOf(before.face, after.face, n, after.count) : 1;
  }
  const { count } = after;
  return p / count - LIKENESS * (1 - likeness / count) - SIDE * (side / count);
}

/** The cosine of row n of two sets of unit rows. */
function cosineOf(a: Float32Array, b: Float32Array, n: number, rows: number): number {
  const width = a.length / rows;
  let sum = 0;
  for (let i = n * width; i < (n + 1) * width; i++) sum += a[i]! * b[i]!;
  return sum;
}

/** Choices and strengths around a chosen one, for a grid of pictures: fewer and more channels, from the opposite to twice as much. */
export function gridAround(
  relevances: Relevances,
  { choice, alpha }: Strength,
): { choices: Choice[]; alphas: number[] } {
  const alphas = [-1, 0, 0.5, 1, 1.5, 2].map((factor) => factor * alpha);
  if ('beta' in choice) {
    const betas = [1.5, 1.25, 1, 0.75, 0.5].map((factor) => Number((factor * choice.beta).toPrecision(3)));
    const choices = betas.map((beta): Choice => ({ beta }));
    return { alphas, choices: choices.filter((one) => leavesSome(relevances, one)) };
  }
  const counts = [0.25, 0.5, 1, 2, 4].map((factor) => Math.max(1, Math.round(factor * choice.topK)));
  return { alphas, choices: [...new Set(counts)].map((topK): Choice => ({ topK })) };
}

function leavesSome({ cosine, weight, std }: Relevances, choice: Choice): boolean {
  if (!('beta' in choice)) return true;
  return weight.some((value, c) => value !== 0 && std[c]! > 0 && Math.abs(cosine[c]!) >= choice.beta);
}
