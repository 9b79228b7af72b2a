/** The table that shows what a bundle reaches. */
import { FACTORS } from '../factors.js';
import type { BundleMetrics } from './bundle-metrics.js';

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
