/**
 * Figure 6 of the paper: one picture moved along one prompt's direction, over strength α (columns) and threshold β (rows). A low
 * threshold lets many channels take part, a high one only those that speak of nothing but the prompt.
 */
import { grid, toRgbImages, type RgbImage } from '@styleclip/core';
import { styleStep } from '@styleclip/directions';
import { openDirections, type Direction } from '../methods/directions.js';
import { fixed, type Figure, type Section } from '../page/section.js';
import type { Job } from '../jobs/job.js';
import { missingOf, type Planning, type SectionPlan } from './plan.js';
import { keepPictures, keptPictures, type Pictures } from './shared-jobs.js';

/** Channels that are left in each row. */
const COUNTS = [100, 40, 20, 10, 5, 2];
/** Columns, as shares of the prompt's own strength. */
const FACTORS = [-1, -0.5, 0, 0.5, 1, 1.5, 2];
const SHOWN_SIDE = 96;

export interface StrengthGrid extends Pictures {
  betas: number[];
  alphas: number[];
  channels: number[];
}

export function figure6({ methods, table, directions, shared, bench, prompts }: Planning): SectionPlan {
  const prompt = prompts[0]!;
  const method = methods.find((one) => one.method === 'directions' && one.prompt.name === prompt.name);
  const chosen = method?.jobs.at(-1) as Job<Direction> | undefined;
  const job: Job<StrengthGrid> | undefined = table &&
    chosen && {
      id: `figure6/${prompt.name}`,
      label: `draw strengths and thresholds for "${prompt.prompt}"`,
      seconds: 10,
      key: { version: 1, latents: shared.latentsKey, direction: chosen.key, counts: COUNTS, factors: FACTORS },
      needs: [table, chosen],
      async run({ done }) {
        const editing = await openDirections(directions, done, table);
        try {
          const { relevances } = await editing.lookUp(prompt.neutral, prompt.prompt);
          const sizes = [...relevances.cosine].map(Math.abs).sort((a, b) => b - a);
          const betas = COUNTS.filter((count) => count <= sizes.length).map((count) => sizes[count - 1]!);
          const alphas = FACTORS.map((factor) => factor * done.of(chosen)!.result.alpha);
          const wPlus = await bench.latents(0, 1);
          const rgb: RgbImage[] = [];
          const channels: number[] = [];
          for (const beta of betas) {
            const step = styleStep(relevances, { beta });
            channels.push(step.channels.length);
            for (const alpha of alphas) {
              const images = await editing.trial.draw(
                wPlus,
                step.direction.map((value) => value * alpha),
              );
              rgb.push(...(await toRgbImages(images)));
              images.dispose();
            }
          }
          wPlus.dispose();
          const { result, files } = keepPictures(rgb);
          return { result: { ...result, betas, alphas, channels }, files };
        } finally {
          await editing.dispose();
        }
      },
    };
  return {
    name: 'figure6',
    jobs: job ? [job] : [],
    async write(outcomes) {
      const drawn = job && outcomes.of(job);
      const figures: Figure[] = [];
      if (drawn) {
        const { alphas, betas, channels, width } = drawn.result;
        figures.push({
          file: 'figure6.png',
          png: await grid(keptPictures(drawn), {
            columns: alphas.length,
            labels: betas.flatMap((beta, row) =>
              alphas.map((alpha, column) =>
                column === 0 ? `b ${fixed(beta)}` : row === 0 ? `a ${fixed(alpha, 1)}` : '',
              ),
            ),
            zoom: Math.max(1, Math.round(SHOWN_SIDE / width)),
          }),
          caption: `"${prompt.prompt}" on the first held-out latent. Columns: α = ${alphas.map((alpha) => fixed(alpha, 1)).join(', ')}. Rows, top to bottom: β = ${betas.map((beta, i) => `${fixed(beta)} (${channels[i]} channels)`).join(', ')}.`,
          alt: `Grid of one picture, ${betas.length} thresholds by ${alphas.length} strengths.`,
        });
      }
      return {
        name: 'figure6',
        title: 'Figure 6: strength and threshold',
        text: [
          'One picture over strength α and threshold β. Thresholds are those that leave the given numbers of channels.',
        ],
        tables: [],
        figures,
        numbers: [],
        missing: job ? missingOf(outcomes, [job]) : ['the method "directions" takes no part in this report'],
        differs: ['The paper’s prompt is "grey hair", on a face.'],
      } satisfies Section;
    },
  };
}
