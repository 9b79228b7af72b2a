/**
 * Hit against leak over strength: how much of everything else an edit changes by the time it has done what it was asked.
 *
 * A single number of each depends on how strong a method happens to be set; the curve does not. Not in the paper.
 */
import { renderLineChart } from '@styleclip/core';
import type { MethodForPrompt } from '../methods/method.js';
import { measureSeen } from '../measures.js';
import type { Figure, NumberRow, Section } from '../page/section.js';
import { firstSeen } from '../seen.js';
import type { Job } from '../jobs/job.js';
import { missingOf, type Planning, type SectionPlan } from './plan.js';

/** One point of a curve. */
export interface StrengthPoint {
  factor: number;
  hit: number | null;
  leak: number | null;
  identity: number | null;
  clipGain: number;
}

function curveJob(method: MethodForPrompt, { config, bench, info, shared }: Planning): Job<StrengthPoint[]> {
  const { strengths, curveLatents, seed } = config;
  const latents = Math.min(curveLatents, method.latents);
  const { prompt, ask, ignore } = method.prompt;
  return {
    id: `strength/${method.method}/${method.prompt.name}`,
    label: `try ${strengths.length} strengths of ${method.method} for "${prompt}"`,
    seconds: 3 + (latents * strengths.length) / 30,
    key: {
      version: 1,
      latentsKey: shared.latentsKey,
      strengths,
      latents,
      prompt,
      ask,
      ignore,
      edit: method.jobs.map(({ id, key }) => [id, key]),
    },
    needs: method.jobs,
    async run({ done, stop }) {
      const editor = await method.open(bench, done);
      try {
        const before = firstSeen(await bench.before(), latents);
        const text = await bench.text(prompt);
        const points: StrengthPoint[] = [];
        for (const factor of strengths) {
          const after = await bench.see(latents, (from, count) => editor.pictures(from, count, factor), stop);
          // Curves have no intervals, so the least number of draws will do.
          const options = { text, prompt: method.prompt, factors: info.attributes?.factors ?? [], seed, draws: 1 };
          const { hit, leak, identity, clipGain } = measureSeen(before, after, options);
          points.push({
            factor,
            hit: hit?.mean ?? null,
            leak: leak?.mean ?? null,
            identity: identity?.mean ?? null,
            clipGain: clipGain.mean,
          });
        }
        return { result: points };
      } finally {
        await editor.dispose();
      }
    },
  };
}

export function strengthSection(planning: Planning): SectionPlan {
  const asked = planning.methods.filter(({ prompt }) => prompt.ask !== undefined);
  const jobs = new Map(asked.map((method) => [method, curveJob(method, planning)] as const));
  return {
    name: 'strength',
    jobs: [...jobs.values()],
    async write(outcomes) {
      const numbers: NumberRow[] = [];
      const figures: Figure[] = [];
      for (const { name, prompt } of planning.prompts) {
        const curves = [...jobs].flatMap(([method, job]) => {
          const points = method.prompt.name === name ? outcomes.of(job)?.result : undefined;
          return points ? [{ method: method.method, points, job }] : [];
        });
        for (const { method, points, job } of curves) {
          for (const { factor, ...measured } of points)
            for (const [key, value] of Object.entries(measured))
              if (value !== null)
                numbers.push({
                  section: 'strength',
                  method,
                  prompt: name,
                  name: `${key} at x${factor}`,
                  value,
                  job: job.id,
                });
        }
        const drawn = curves.filter(({ points }) => points.every(({ hit, leak }) => hit !== null && leak !== null));
        if (drawn.length === 0) continue;
        figures.push({
          file: `strength-${name}.png`,
          png: await renderLineChart({
            title: `"${prompt}": hit against leak, over strength`,
            x: [],
            series: drawn.map(({ method, points }) => ({
              name: method,
              x: points.map(({ leak }) => leak!),
              y: points.map(({ hit }) => hit!),
            })),
            xLabel: 'leak',
            yLabel: 'hit',
            width: 800,
            height: 420,
          }),
          caption: `Each line is a method, from no edit to ${planning.config.strengths.at(-1)} times its own strength. Up and left is better.`,
          alt: `Lines of hit over leak for "${prompt}", one for each method; the numbers are in numbers.json.`,
        });
      }
      return {
        name: 'strength',
        title: 'Hit against leak, over strength',
        text: [
          `Every method at ${planning.config.strengths.join(', ')} times its own strength, over the first held-out latents (${planning.config.curveLatents} at the most). For the optimization the factor is a share of the way from the latent to the code it found.`,
        ],
        tables: [],
        figures,
        numbers,
        missing: missingOf(outcomes, [...jobs.values()]),
        differs: ['The paper has no such curve.'],
      } satisfies Section;
    },
  };
}
