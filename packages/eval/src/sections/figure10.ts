/** Figure 10 of the paper: global directions beside GANSpace, InterFaceGAN and StyleSpace, all brought to the same change. */
import { baselinesFor, type Baseline } from '../baselines/plan-baselines.js';
import { directionsMethod } from '../methods/directions.js';
import type { MethodForPrompt } from '../methods/method.js';
import { fixed, withInterval, type Figure, type NumberRow, type Section } from '../page/section.js';
import type { Job, Outcomes } from '../jobs/job.js';
import { amountJob, equalChangeJob, type EqualChange } from './equal-change.js';
import { sheetOf } from './gallery.js';
import { missingOf, type Planning, type SectionPlan } from './plan.js';
import { keptPictures } from './shared-jobs.js';

/** The attributes that are compared, as in the paper's figure. */
const PROMPTS = 3;

interface Row {
  method: MethodForPrompt;
  job: Job<EqualChange>;
  note: (outcomes: Outcomes) => string;
}

export function figure10(planning: Planning): SectionPlan {
  const { bench, bundleHashes, config, info, methods, prompts, shared } = planning;
  const asked = prompts.filter(({ ask }) => ask !== undefined).slice(0, PROMPTS);
  const originals = shared.originals();
  const latents = config.heldOut;
  const groups = asked.flatMap((prompt) => {
    const reference = methods.find((one) => one.method === 'directions' && one.prompt.name === prompt.name);
    if (!reference || !info.attributes) return [];
    const amount = amountJob(planning, reference);
    const options = { bench, bundleHashes, latents, factors: info.attributes.factors, seed: config.seed };
    const baselines = baselinesFor(prompt, { ...options, truncation: config.truncation, count: config.labelled });
    const styleMc = directionsMethod(prompt, undefined, { ...planning.directions, latents });
    const rowOf = (method: MethodForPrompt, note: Row['note']): Row => ({
      ...{ method, note },
      job: equalChangeJob(planning, method, amount),
    });
    const rows = [
      rowOf(reference, () => 'this paper’s; fitted by the text alone'),
      ...baselines.map((method: Baseline) => rowOf(method, (outcomes) => outcomes.of(method.fit)?.result.note ?? '')),
      rowOf(styleMc, () => 'a direction from gradients for this one text'),
    ];
    return [{ prompt, rows, amount }];
  });
  const jobs = groups.flatMap(({ rows }) => rows.map(({ job }) => job));

  return {
    name: 'figure10',
    jobs: groups.length > 0 ? [originals, ...jobs] : [],
    async write(outcomes) {
      const numbers: NumberRow[] = [];
      const tables = [];
      const figures: Figure[] = [];
      const idle: string[] = [];
      for (const { prompt, rows, amount } of groups) {
        const wanted = outcomes.of(amount)?.result.change;
        if (wanted !== undefined && !(wanted > 0))
          idle.push(
            `"${prompt.prompt}": the global direction itself changes the logit by ${fixed(wanted, 2)}, so there is no amount to bring the others to`,
          );
        const lines: string[][] = [];
        const sheet = [];
        for (const { method, job, note } of rows) {
          const found = outcomes.of(job);
          if (!found) continue;
          const { change, reached, measures } = found.result;
          lines.push([
            method.method,
            `${fixed(change, 2)}${reached ? '' : ' (not reached)'}`,
            withInterval(measures.hit),
            withInterval(measures.leak, 3),
            withInterval(measures.identity),
            note(outcomes),
          ]);
          sheet.push({ label: method.method, pictures: keptPictures(found) });
          const about = { section: 'figure10', method: method.method, prompt: prompt.name, job: job.id };
          numbers.push(
            { ...about, name: 'change', value: change },
            { ...about, name: 'reached', value: reached ? 1 : 0 },
          );
          // At another change the numbers can't be held against the others'.
          if (!reached) continue;
          for (const name of ['hit', 'leak', 'identity'] as const) {
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
        }
        tables.push({
          caption: `"${prompt.prompt}", every editor at the same change of the probe's logit`,
          head: ['editor', 'change', 'hit', 'leak', 'identity', 'what it is'],
          rows: lines,
        });
        const before = outcomes.of(originals);
        if (before && sheet.length > 0)
          figures.push({
            file: `figure10-${prompt.name}.png`,
            png: await sheetOf([{ label: 'before', pictures: keptPictures(before) }, ...sheet]),
            caption: `"${prompt.prompt}". Rows, top to bottom: before; ${sheet.map(({ label }) => label).join('; ')}.`,
            alt: `Sheet of ${sheet.length + 1} rows of pictures: before, and each editor at the same change.`,
          });
      }
      return {
        name: 'figure10',
        title: 'Figure 10: beside other editors, at the same change',
        text: [
          'Each editor is made as strong as it must be to change the attribute probe’s logit of what is asked by as much as the global direction does; then everything else is compared. GANSpace, InterFaceGAN and StyleSpace are fitted to labelled latents: the probe tells them what to look for, which the global direction never sees.',
        ],
        tables,
        figures,
        numbers,
        missing: [
          ...missingOf(outcomes, jobs),
          ...idle,
          ...(groups.length === 0
            ? ['it needs the method "directions", a probe, and prompts that say what they ask for']
            : []),
        ],
        differs: [
          'The paper’s attributes are gender, grey hair and lipstick, its classifier one of CelebA; it shows pictures and no numbers. Components and channels that its authors chose by eye are chosen by rule here.',
        ],
      } satisfies Section;
    },
  };
}
