/** The table that shows what a bundle reaches. */
import { FACTORS } from '../factors.js';
import type { BundleMetrics } from './bundle-metrics.js';
import type { DirectionScore } from './directions.js';

const percent = (value: number | undefined): string => (value === undefined ? '–' : `${(100 * value).toFixed(1)} %`);

/** A Markdown table of accuracies per factor, with the identity network's numbers below. */
export function metricsTable(metrics: BundleMetrics): string {
  const columns: readonly (readonly [string, Readonly<Record<string, number>> | undefined])[] = [
    ['attributes', metrics.attributes],
    ['clip', metrics.clip],
    ['clip, paraphrased', metrics.clipParaphrase],
    ['clip, further paraphrases', metrics.clipFurther],
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
  if (metrics.generatorError) {
    const { plain, mixed } = metrics.generatorError;
    lines.push(
      '',
      `Generator: mean absolute error ${plain.toFixed(4)}, with mixed W+ ${mixed.toFixed(4)}, of a range of 2.`,
    );
  }
  if (metrics.directions) lines.push('', ...directionLines(metrics.directions));
  return lines.join('\n');
}

/** Mean and worst value of each factor by the oracle, then every prompt by finite differences; hit / leak. */
function directionLines({ oracle, finiteDifferences }: NonNullable<BundleMetrics['directions']>): string[] {
  const mean = (scores: readonly DirectionScore[], of: 'hit' | 'leak'): number =>
    scores.reduce((sum, score) => sum + score[of], 0) / scores.length;
  const rows = Object.entries(oracle).map(([name, values]) => {
    const scores = Object.values(values);
    const [worst] = Object.entries(values).sort(([, a], [, b]) => a.hit - b.hit);
    return `| ${name} | ${mean(scores, 'hit').toFixed(3)} | ${mean(scores, 'leak').toFixed(3)} | ${worst ? `${worst[0]} ${worst[1].hit.toFixed(3)}` : '–'} |`;
  });
  const prompts = Object.entries(finiteDifferences).map(
    ([prompt, { hit, leak, hitBefore, alpha, channels }]) =>
      `| ${prompt} | ${hit.toFixed(3)} | ${leak.toFixed(3)} | ${hitBefore.toFixed(3)} | ${alpha} | ${channels} |`,
  );
  return [
    'Directions in style space, over held-out latents. Oracle: the mean style of a value minus the mean of all.',
    '',
    '| factor | hit, mean of its values | leak | worst value |',
    '|---|---:|---:|---:|',
    ...rows,
    '',
    "Finite differences, the paper's way with 8 pictures; α and the number of channels chosen on other latents.",
    '',
    '| prompt | hit | leak | before | α | channels |',
    '|---|---:|---:|---:|---:|---:|',
    ...prompts,
  ];
}
