/**
 * What an edit did to held-out pictures, with intervals: the numbers that the paper, which shows pictures, does not have.
 *
 *     hit, leak    counted as everywhere in this project (core/measure/score-edit.ts), by the attribute probe
 *     identity     mean cosine of the face embeddings before and after
 *     CLIP gain    mean change of the cosine between picture and prompt
 *     distance     mean distance of the probe's last features before and after: a network that no method optimises
 *     Fréchet      distance of the two sets of these features (statistics/frechet.ts); not FID
 *
 * Intervals hold 95 % of the means of bootstrap samples over pictures. They say how much the number would change with other
 * latents of the same kind; they say nothing about other trainings or other bundles.
 */
import { Random, scoreEdit, usageError, type Factor } from '@styleclip/core';
import type { AskedPrompt } from './prompts.js';
import { distances, dotRows, readingsOf, type Rows, type Seen } from './seen.js';
import { bootstrapMean, type Interval } from './statistics/bootstrap.js';
import { frechetDistance } from './statistics/frechet.js';

/** The numbers of one method and prompt; null where the bundle has no network for it, or nothing is asked. */
export interface Measures {
  latents: number;
  hit: Interval | null;
  hitBefore: number | null;
  leak: Interval | null;
  leakByFactor: Record<string, number> | null;
  identity: Interval | null;
  clipGain: Interval;
  distance: Interval | null;
  frechet: number | null;
}

export interface MeasureOptions {
  /** Unit CLIP features of the prompt. */
  text: Rows;
  prompt: Pick<AskedPrompt, 'ask' | 'ignore'>;
  /** What the probe reads. */
  factors: readonly Factor[];
  /** Seed of the bootstrap. */
  seed: number;
  draws: number;
}

/** Compares what was seen before and after an edit. */
export function measureSeen(before: Seen, after: Seen, options: MeasureOptions): Measures {
  if (before.count !== after.count)
    throw new Error(`measureSeen: ${before.count} pictures before, ${after.count} after`);
  const { text, seed, draws } = options;
  const random = new Random(seed).fork('bootstrap');
  const interval = (name: string, values: readonly number[]) =>
    bootstrapMean(values, { random: random.fork(name), draws });

  const [was, is] = [dotRows(before.clip, text), dotRows(after.clip, text)];
  const score = scoreRows(before, after, options);
  return {
    latents: after.count,
    hit: score ? interval('hit', score.hits) : null,
    hitBefore: score?.hitBefore ?? null,
    leak: score ? interval('leak', score.leaks) : null,
    leakByFactor: score?.leakByFactor ?? null,
    identity: before.face && after.face ? interval('identity', dotRows(before.face, after.face)) : null,
    clipGain: interval(
      'clipGain',
      is.map((value, i) => value - was[i]!),
    ),
    distance:
      before.features && after.features ? interval('distance', distances(before.features, after.features)) : null,
    frechet:
      before.features && after.features && before.count > 1
        ? frechetDistance(before.features.data, after.features.data, before.features.width)
        : null,
  };
}

/** Hit and leak picture by picture, whose means are those of `scoreEdit`. */
function scoreRows(before: Seen, after: Seen, { prompt: { ask, ignore }, factors }: MeasureOptions) {
  const factor = factors.find(({ name }) => name === ask?.factor);
  if (!ask || !factor || !before.logits || !after.logits) return undefined;
  const values = ask.values.map((value) => factor.values.indexOf(value));
  if (values.includes(-1)) throw usageError(`ask: ${ask.factor} has no value ${ask.values.join(', ')} in this bundle`);
  const [was, is] = [readingsOf(before), readingsOf(after)];
  const { hitBefore, leakByFactor } = scoreEdit(was, is, { factor: ask.factor, values, ignore });
  const others = Object.keys(leakByFactor);
  const rows = Array.from({ length: after.count }, (_, i) => i);
  return {
    hits: rows.map((i) => (values.includes(is[ask.factor]![i]!) ? 1 : 0)),
    leaks: rows.map((i) =>
      others.length === 0 ? 0 : others.filter((name) => was[name]![i] !== is[name]![i]).length / others.length,
    ),
    hitBefore,
    leakByFactor,
  };
}
