/**
 * A sweep: the same latents and texts under many sets of weights, to see how hit and leak depend on them. All points are rows
 * of the same batches (rows.ts), so the run is that of an optimization, and goes on after a stop in the same way.
 */
import { createRun, describeUnknownWords, disposeAll, findRun } from '@styleclip/core';
import { invertFirst } from './invert-first.js';
import { lookAtRows, meanMeasures, measuresOf } from './judge.js';
import { moveRows } from './move-rows.js';
import { latentFiles, placeRun, type PlaceOptions } from './place.js';
import { prepare, release } from './prepare.js';
import type { Weighting } from './rows.js';
import { planSweep, type AxisName, type SweepConfig } from './sweep-config.js';
import { bestOf, chartsOf, csvOf, markdownOf, type SweepPoint } from './sweep-table.js';

/** summary.json. */
export interface SweepSummary {
  axes: AxisName[];
  points: SweepPoint[];
  /** The point to take, by the rule in sweep-table.ts. */
  best: { point: number; weights: Weighting };
  unknownWords: string[];
  space: SweepConfig['space'];
  rows: number;
  seconds: number;
  stepsPerSecond: number;
  device: string;
}

/**
 * Tries all points and leaves a run folder with sweep.csv, sweep.md, and hit.png and leak.png.
 * @throws UserError for anything the user can mend; Interrupted after Ctrl-C, when all is saved
 */
export async function sweep(
  config: SweepConfig,
  options: PlaceOptions = {},
): Promise<{ dir: string; summary: SweepSummary; finished: boolean }> {
  const began = performance.now();
  const plan = planSweep(config);
  const place = await placeRun('sweep', config, latentFiles(config.latents), options);
  const found = await findRun(place);
  if (found.summary) return { dir: found.dir, summary: found.summary as SweepSummary, finished: true };

  const prepared = await prepare(config, { points: plan.points, start: await invertFirst(config, options) });
  const { device, edits, unknownWords } = prepared;
  const run = await createRun({ ...place, environment: { device: device.name, seed: config.seed } });
  process.stderr.write(`device ${device.name} (${device.why}); run folder ${run.dir}; ${plan.points.length} points\n`);
  if (unknownWords.length > 0) process.stderr.write(`${describeUnknownWords(unknownWords)}\n`);
  try {
    const moved = await moveRows(run, config, prepared, { filmed: 0 });
    const beforeNow = Math.max(0, moved.seconds - (performance.now() - began) / 1000);
    const looks = await lookAtRows(run, prepared, moved).finally(() => disposeAll(moved.results));
    const points = plan.points.map((_, point): SweepPoint => {
      const measures = measuresOf(prepared, moved, looks, point);
      return {
        weights: prepared.points[point]!,
        ...meanMeasures(measures),
        edits: edits.map(({ prompt }, i) => ({ prompt, ...measures[i]! })),
      };
    });
    await run.saveFile('sweep.csv', csvOf(points));
    await run.saveFile('sweep.md', markdownOf(points, plan.axes));
    const title = edits.length === 1 ? `"${edits[0]!.prompt}"` : `${edits.length} texts`;
    for (const [name, png] of Object.entries(await chartsOf(points, plan, title))) {
      await run.saveFile(name, png);
      await run.saveImage(name, png);
    }
    const best = bestOf(points);
    const summary: SweepSummary = {
      ...{ axes: plan.axes, points, best: { point: best, weights: points[best]!.weights } },
      ...{ unknownWords, space: config.space, rows: moved.rows.length },
      seconds: beforeNow + (performance.now() - began) / 1000,
      stepsPerSecond: moved.steps / moved.stepSeconds,
      device: device.name,
    };
    await run.writeSummary(summary);
    return { dir: run.dir, summary, finished: false };
  } finally {
    run.close();
    release(prepared);
  }
}
