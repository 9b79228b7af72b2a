/**
 * Table 2 of the paper: how alike the mapper's steps are for different pictures, and, beyond it, per group of layers.
 *
 * A mapper whose steps all point the same way is no better than one global direction; the paper reads its cosines of
 * 0.7 to 0.8 as the reason to look for global directions at all.
 */
import { generatorSize, groupRows, MAPPER_GROUPS, type MapperGroup } from '@styleclip/core';
import { PAPER_TABLE_2 } from '../paper.js';
import { openMapper } from '../methods/mapper.js';
import { fixed, type NumberRow, type Section } from '../page/section.js';
import { pairwiseCosines, type PairStatistics } from '../statistics/pairwise-cosines.js';
import type { Job } from '../jobs/job.js';
import { missingOf, type Planning, type SectionPlan } from './plan.js';

/** Cosines of all layers together and of each group; null where the group is off and there is no step. */
export type StepCosines = Record<'all' | MapperGroup, PairStatistics | null>;

const COLUMNS = ['all', ...MAPPER_GROUPS] as const;

/** The jobs of Table 2, by prompt. */
export function stepJobs({ prompts, training, bench, shared, config }: Planning): Map<string, Job<StepCosines>> {
  const jobs = new Map<string, Job<StepCosines>>();
  for (const { name, prompt } of prompts) {
    const train = training(prompts.find((other) => other.name === name)!);
    if (!train) continue;
    jobs.set(name, {
      id: `table2/${name}`,
      label: `compare the mapper's steps for "${prompt}"`,
      seconds: 3,
      key: { version: 1, latents: shared.latentsKey, mapper: train.key },
      needs: [train],
      async run({ done }) {
        const mapper = await openMapper(bench, done, train);
        try {
          const steps = await mapper.steps(0, config.heldOut); // [N,L,D]
          const [, layers, width] = steps.shape;
          const rows = (await steps.data<'float32'>()).slice();
          steps.dispose();
          const { generator, layerGroups } = await bench.networks();
          const groups = groupRows(generatorSize(generator).layers, layerGroups);
          const cosines = (range: readonly [number, number]) =>
            pairwiseCosines(rows, layers * width, [range[0] * width, range[1] * width]) ?? null;
          return {
            result: {
              all: cosines([0, layers]),
              coarse: cosines(groups.coarse),
              medium: cosines(groups.medium),
              fine: cosines(groups.fine),
            },
          };
        } finally {
          await mapper.dispose();
        }
      },
    });
  }
  return jobs;
}

export function table2(planning: Planning): SectionPlan {
  const jobs = stepJobs(planning);
  return {
    name: 'table2',
    jobs: [...jobs.values()],
    write(outcomes) {
      const numbers: NumberRow[] = [];
      const rows: string[][] = [];
      for (const { name, prompt } of planning.prompts) {
        const job = jobs.get(name);
        const cosines = job && outcomes.of(job)?.result;
        if (!job || !cosines) continue;
        const paper = PAPER_TABLE_2.find(({ config }) => config === name);
        for (const column of COLUMNS) {
          const found = cosines[column];
          if (!found) continue;
          const { mean, std, pairs } = found;
          const row: NumberRow = {
            section: 'table2',
            method: 'mapper',
            prompt: name,
            name: column,
            value: mean,
            std,
            n: pairs,
            job: job.id,
          };
          numbers.push(column === 'all' && paper ? { ...row, paper: paper.mean } : row);
        }
        rows.push([
          prompt,
          ...COLUMNS.map((column) =>
            cosines[column] ? `${fixed(cosines[column].mean, 2)} ± ${fixed(cosines[column].std, 3)}` : 'off',
          ),
          paper ? `${paper.mean} ± ${paper.std}${paper.note ? ' *' : ''}` : '–',
        ]);
      }
      const missing = missingOf(outcomes, [...jobs.values()]);
      if (jobs.size === 0) missing.push('the mapper takes no part in this report');
      const notes = PAPER_TABLE_2.filter(({ note, config }) => note && jobs.has(config ?? '')).map(
        ({ prompt, note }) => `* ${prompt}: ${note}.`,
      );
      return {
        name: 'table2',
        title: 'Table 2: how alike a mapper’s steps are',
        text: [
          `Mean and standard deviation of the cosine between the mapper’s steps M(w), over all pairs of ${planning.config.heldOut} held-out latents. The paper has one figure for each prompt; the columns per group of W+ layers are ours, and a group that a mapper leaves alone has no step.`,
          ...notes,
        ],
        tables: [
          {
            caption: 'Cosine between steps, mean ± standard deviation over pairs',
            head: ['prompt', 'all layers', ...MAPPER_GROUPS, 'paper'],
            rows,
          },
        ],
        figures: [],
        numbers,
        missing,
        differs: [
          'The paper compares steps for 2,824 CelebA-HQ faces that an encoder inverted; these are latents that were drawn.',
          'Mappers here may train some groups of layers only; the paper’s tables do not say which groups were on.',
        ],
      } satisfies Section;
    },
  };
}
