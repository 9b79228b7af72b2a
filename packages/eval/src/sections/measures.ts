/** The numbers that the paper lacks: hit, leak, identity, CLIP gain and distances, for every method and prompt, with intervals. */
import { renderBarChart, type BarSeries } from '@styleclip/core';
import type { Measures } from '../measures.js';
import { fixed, withInterval, type Figure, type NumberRow, type Section, type Table } from '../page/section.js';
import { missingOf, type Planning, type SectionPlan } from './plan.js';

/** Numbers with an interval, and what they are called. */
const INTERVALS = [
  ['hit', 'hit'],
  ['leak', 'leak'],
  ['identity', 'identity'],
  ['clipGain', 'CLIP gain'],
  ['distance', 'distance'],
] as const;

export function measuresSection({ methods, prompts, shared, config }: Planning): SectionPlan {
  const jobs = new Map(methods.map((method) => [method, shared.measures(method)] as const));
  return {
    name: 'measures',
    jobs: [...jobs.values()],
    async write(outcomes) {
      const numbers: NumberRow[] = [];
      const tables: Table[] = [];
      const found = new Map<string, Map<string, Measures>>();
      for (const [{ method, prompt }, job] of jobs) {
        const measures = outcomes.of(job)?.result;
        if (!measures) continue;
        if (!found.has(method)) found.set(method, new Map());
        found.get(method)!.set(prompt.name, measures);
        const about = { section: 'measures', method, prompt: prompt.name, job: job.id };
        for (const [name] of INTERVALS) {
          const interval = measures[name];
          if (interval)
            numbers.push({
              ...about,
              name,
              value: interval.mean,
              low: interval.low,
              high: interval.high,
              n: interval.n,
            });
        }
        for (const name of ['hitBefore', 'frechet'] as const)
          if (measures[name] !== null) numbers.push({ ...about, name, value: measures[name], n: measures.latents });
      }
      for (const [method, byPrompt] of found) {
        tables.push({
          caption: `${method}: means over held-out pictures, with 95 % intervals`,
          head: ['prompt', 'pictures', 'hit before', ...INTERVALS.map(([, title]) => title), 'Fréchet'],
          rows: prompts.flatMap(({ name, prompt }) => {
            const measures = byPrompt.get(name);
            if (!measures) return [];
            return [
              [
                prompt,
                String(measures.latents),
                fixed(measures.hitBefore, 2),
                ...INTERVALS.map(([key]) => withInterval(measures[key], key === 'clipGain' || key === 'leak' ? 3 : 2)),
                fixed(measures.frechet, 1),
              ],
            ];
          }),
        });
      }
      const figures: Figure[] = [];
      for (const key of ['hit', 'leak', 'identity'] as const) {
        const figure = await chart(key, found, prompts);
        if (figure) figures.push(figure);
      }
      return {
        name: 'measures',
        title: 'What the edits do, in numbers',
        text: [
          `The paper shows pictures; these are counts over ${config.heldOut} held-out latents that nothing was trained on. Hit is the share of pictures in which the attribute probe sees what was asked for, leak the share of all other attributes that changed, identity the mean cosine of face embeddings, CLIP gain the mean rise of the cosine to the prompt.`,
          'Distance and Fréchet distance are taken in the last features of the attribute probe, a network that no method sees. The Fréchet distance compares the pictures before with those after the edit; it is not FID, which is defined by another network and needs many more pictures, and it grows when fewer pictures are compared.',
          `Intervals hold 95 % of the means of ${config.bootstrap} bootstrap samples of the pictures: other latents of this kind would give other numbers within them. They do not say how much another training would differ.`,
        ],
        tables,
        figures,
        numbers,
        missing: missingOf(outcomes, [...jobs.values()]),
        differs: ['None of these numbers is in the paper.'],
      } satisfies Section;
    },
  };
}

async function chart(
  key: 'hit' | 'leak' | 'identity',
  found: ReadonlyMap<string, ReadonlyMap<string, Measures>>,
  prompts: Planning['prompts'],
): Promise<Figure | undefined> {
  const names = prompts.map(({ name }) => name);
  const series: BarSeries[] = [];
  for (const [method, byPrompt] of found) {
    const intervals = names.map((name) => byPrompt.get(name)?.[key] ?? undefined);
    if (intervals.every((interval) => interval === undefined)) continue;
    series.push({
      name: method,
      y: intervals.map((interval) => interval?.mean ?? NaN),
      intervals: intervals.map((interval) => interval && ([interval.low, interval.high] as const)),
    });
  }
  if (series.length === 0) return undefined;
  const title = `${key} by prompt`;
  return {
    file: `${key}.png`,
    png: await renderBarChart({ title, names, series, yLabel: key, width: 1000, height: 420 }),
    caption: `${key[0]!.toUpperCase()}${key.slice(1)} for each prompt; the thin bars are 95 % intervals.`,
    alt: `Bar chart of ${title}; the numbers are in the tables.`,
  };
}
