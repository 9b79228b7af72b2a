/** What the bundle should reach, and the table that shows what it does. */
import { FACTORS, type FactorName } from '../factors.js';
import type { BundleMetrics } from '../evaluate.js';

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

const percent = (value: number | undefined): string => (value === undefined ? '–' : `${(100 * value).toFixed(1)} %`);

/** A Markdown table of accuracies per factor, with the identity network's numbers below. */
export function metricsTable(metrics: BundleMetrics): string {
  const columns: readonly (readonly [string, Readonly<Record<string, number>> | undefined])[] = [
    ['attributes', metrics.attributes],
    ['clip', metrics.clip],
    ['clip, paraphrased', metrics.clipParaphrase],
    ['generator', metrics.generator],
    ['generator, mixed W+', metrics.generatorMixed],
    ['identity, one factor differs', metrics.identityClose],
  ];
  const lines = [
    `| factor | ${columns.map(([title]) => title).join(' | ')} |`,
    `|---|${columns.map(() => '---:|').join('')}`,
    ...FACTORS.map(({ name }) => `| ${name} | ${columns.map(([, table]) => percent(table?.[name])).join(' | ')} |`),
  ];
  if (metrics.identity !== undefined) {
    const { same = NaN, different = NaN } = metrics.identityCosine ?? {};
    lines.push(
      '',
      `Identity: ${percent(metrics.identity)} of pairs verified rightly; mean cosine ${same.toFixed(3)} for the same, ${different.toFixed(3)} for different identities.`,
    );
  }
  return lines.join('\n');
}
