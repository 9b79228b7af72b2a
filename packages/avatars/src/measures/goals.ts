/** What a bundle should reach, and which of it one misses. */
import { FACTORS, type FactorName } from '../factors.js';
import type { BundleMetrics } from './bundle-metrics.js';

/** Least shares; CLIP has goals for the factors that prompts are mostly about. */
export const GOALS = {
  generator: 0.9,
  attributes: 0.97,
  identity: 0.97,
  clip: { hairColor: 0.95, glasses: 0.95, hair: 0.9, beard: 0.9, mouth: 0.85, eyes: 0.85, brows: 0.85 } as Partial<
    Record<FactorName, number>
  >,
  /** How much less paraphrases may reach. */
  paraphraseLoss: 0.1,
} as const;

/** The goals that a bundle misses, one line each; empty when it reaches all that was measured. */
export function missedGoals(metrics: BundleMetrics): string[] {
  const missed: string[] = [];
  const check = (what: string, value: number | undefined, goal: number): void => {
    if (value !== undefined && !(value >= goal))
      missed.push(`${what}: ${(100 * value).toFixed(1)} %, the goal is ${(100 * goal).toFixed(0)} %`);
  };
  for (const { name } of FACTORS) {
    check(`attributes, ${name}`, metrics.attributes?.[name], GOALS.attributes);
    check(`generator, ${name}`, metrics.generator?.[name], GOALS.generator);
    const goal = GOALS.clip[name];
    if (goal === undefined) continue;
    check(`clip, ${name}`, metrics.clip?.[name], goal);
    if (metrics.clip)
      check(
        `clip with paraphrases, ${name}`,
        metrics.clipParaphrase?.[name],
        metrics.clip[name] - GOALS.paraphraseLoss,
      );
  }
  check('identity', metrics.identity, GOALS.identity);
  return missed;
}
