/** Table 1 of the paper: what each method costs, and what its step depends on. */
import { PAPER_TABLE_1 } from '../paper.js';
import { duration, type NumberRow, type Section } from '../page/section.js';
import { missingOf, type Planning, type SectionPlan } from './plan.js';

export function table1({ methods, shared, config }: Planning): SectionPlan {
  // Costs hardly depend on the prompt: the first one of each method is timed.
  const firsts = methods.filter(({ method }, i) => methods.findIndex((other) => other.method === method) === i);
  const jobs = new Map(firsts.map((method) => [method, shared.timing(method)] as const));
  return {
    name: 'table1',
    jobs: [...firsts.flatMap(({ jobs: own }) => own), ...jobs.values()],
    write(outcomes) {
      const numbers: NumberRow[] = [];
      const rows: string[][] = [];
      const devices = new Set<string>();
      for (const [method, job] of jobs) {
        const timed = outcomes.of(job);
        const cost = method.cost(outcomes);
        const paper = PAPER_TABLE_1[method.method as keyof typeof PAPER_TABLE_1] as
          (typeof PAPER_TABLE_1)[keyof typeof PAPER_TABLE_1] | undefined;
        if (timed) devices.add(timed.made.device);
        rows.push([
          method.method,
          duration(cost.preprocessing),
          duration(cost.training),
          duration(timed?.result.median),
          cost.inputDependent ? 'yes' : 'no',
          cost.space,
          paper ? `${paper.preprocessing} / ${paper.training} / ${paper.inference}` : '–',
        ]);
        const about = { section: 'table1', method: method.method, prompt: method.prompt.name };
        for (const [name, value] of [
          ['preprocessing', cost.preprocessing],
          ['training', cost.training],
        ] as const)
          if (value !== null) numbers.push({ ...about, name, value, job: method.jobs[0]?.id ?? job.id });
        if (timed)
          numbers.push({
            ...about,
            name: 'inference',
            value: timed.result.median,
            n: timed.result.repeats,
            job: job.id,
          });
      }
      return {
        name: 'table1',
        title: 'Table 1: what each method costs',
        text: [
          `Time on this machine (${[...devices].join(', ') || 'device not known'}): preprocessing that all prompts share, work for one prompt before any picture, and one picture (edit and synthesis), the median of ${config.repeats} after a first one that does not count. The last column is the paper’s preprocessing, training and inference on a GTX 1080 Ti at 1024².`,
        ],
        tables: [
          {
            caption: 'Time and dependence',
            head: ['method', 'preprocessing', 'training', 'one picture', 'depends on the picture', 'space', 'paper'],
            rows,
          },
        ],
        figures: [],
        numbers,
        missing: missingOf(outcomes, [...jobs.values()]),
        differs: [
          'Other pictures (size), another generator, another machine: only the order of the methods can be compared, not the times.',
        ],
      } satisfies Section;
    },
  };
}
