/** What a bundle should reach, and which of it one misses. */
import { FACTORS, type FactorName } from '../factors.js';
import type { BundleMetrics } from './bundle-metrics.js';
import type { DirectionScore } from './directions.js';

/** Least shares (and for errors and leaks the most); CLIP has goals for the factors that prompts are mostly about. */
export const GOALS = {
  generator: 0.95,
  generatorError: 0.028,
  attributes: 0.97,
  identity: 0.97,
  clip: { hairColor: 0.95, glasses: 0.95, hair: 0.9, beard: 0.9, mouth: 0.85, eyes: 0.85, brows: 0.85 } as Partial<
    Record<FactorName, number>
  >,
  /** Wordings that training never saw. */
  paraphrase: { hairColor: 0.9, beard: 0.89, skin: 0.95 } as Partial<Record<FactorName, number>>,
  /** How much less paraphrases of the other factors may reach. */
  paraphraseLoss: 0.1,
  /** What directions in style space reach: hit at least, leak at most. */
  oracle: { hit: 0.9, leak: 0.06, eyes: 0.8 },
  finiteDifferences: { hit: 0.85, leak: 0.08 },
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
  }
  for (const { name } of FACTORS) {
    const plain = GOALS.clip[name] === undefined ? undefined : metrics.clip?.[name];
    const goal = GOALS.paraphrase[name] ?? (plain === undefined ? undefined : plain - GOALS.paraphraseLoss);
    if (goal !== undefined) check(`clip with paraphrases, ${name}`, metrics.clipParaphrase?.[name], goal);
  }
  const direction = (what: string, { hit, leak }: DirectionScore, least: number, most: number): void => {
    check(`${what}, hit`, hit, least);
    if (!(leak <= most))
      missed.push(`${what}, leak: ${(100 * leak).toFixed(1)} %, the goal is at most ${(100 * most).toFixed(0)} %`);
  };
  for (const [name, values] of Object.entries(metrics.directions?.oracle ?? {}))
    for (const [value, score] of Object.entries(values))
      direction(`oracle, ${name} ${value}`, score, name === 'eyes' ? GOALS.oracle.eyes : GOALS.oracle.hit, GOALS.oracle.leak); // prettier-ignore
  for (const [prompt, score] of Object.entries(metrics.directions?.finiteDifferences ?? {}))
    direction(`finite differences, ${prompt}`, score, GOALS.finiteDifferences.hit, GOALS.finiteDifferences.leak);
  for (const [kind, error] of Object.entries(metrics.generatorError ?? {}))
    if (!(error <= GOALS.generatorError))
      missed.push(`generator, error (${kind}): ${error.toFixed(4)}, the goal is at most ${GOALS.generatorError}`);
  check('identity', metrics.identity, GOALS.identity);
  return missed;
}
