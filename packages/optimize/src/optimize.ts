/**
 * Latent optimization (StyleCLIP §4; `optimization/run_optimization.py`), top to bottom: latents are moved until CLIP sees
 * the text in their pictures, each by itself, many at once.
 *
 * Unlike the original, the optimised latents are saved, many latents and texts run together, and a run that was stopped goes
 * on as if it never had been.
 */
import { createRun, describeUnknownWords, disposeAll, findRun, type EditMeasures } from '@styleclip/core';
import type { OptimizeConfig } from './config.js';
import { lookAtRows, meanMeasures, measuresOf } from './judge.js';
import { moveRows } from './move-rows.js';
import { invertFirst } from './invert-first.js';
import { latentFiles, placeRun, type PlaceOptions } from './place.js';
import { prepare, release } from './prepare.js';
import { saveLatents, saveLossChart, savePictures, tellRows } from './results.js';

/** summary.json. The measures are means over the texts where there are several. */
export interface OptimizeSummary extends EditMeasures {
  /** One for each text. */
  edits: (EditMeasures & { prompt: string; ask: { factor: string; values: string[] } | null })[];
  /** Words of the texts that the bundle's CLIP has no embedding for. */
  unknownWords: string[];
  space: OptimizeConfig['space'];
  /** Latents that were moved, counted once for each text. */
  rows: number;
  /** Steps that a row took on average. */
  meanSteps: number;
  /** Wall clock of the whole run: loading, compiling, moving, measuring. */
  seconds: number;
  /** Steps of a batch per second of the loop alone. */
  stepsPerSecond: number;
  device: string;
}

/**
 * Moves latents and leaves a run folder. A run that is finished stays as it is, when it is to be gone on with.
 * @throws UserError for anything the user can mend; Interrupted after Ctrl-C, when all is saved
 */
export async function optimize(
  config: OptimizeConfig,
  options: PlaceOptions = {},
): Promise<{ dir: string; summary: OptimizeSummary; finished: boolean }> {
  const began = performance.now();
  const place = await placeRun('optimize', config, latentFiles(config.latents), options);
  const found = await findRun(place);
  if (found.summary) return { dir: found.dir, summary: found.summary as OptimizeSummary, finished: true };

  const prepared = await prepare(config, { start: await invertFirst(config, options) });
  const { device, edits, unknownWords } = prepared;
  const run = await createRun({ ...place, environment: { device: device.name, seed: config.seed } });
  process.stderr.write(`device ${device.name} (${device.why}); run folder ${run.dir}\n`);
  if (unknownWords.length > 0) process.stderr.write(`${describeUnknownWords(unknownWords)}\n`);
  try {
    const moved = await moveRows(run, config, prepared, { filmed: config.samples });
    const beforeNow = moved.seconds - (performance.now() - began) / 1000;
    try {
      const looks = await lookAtRows(run, prepared, moved);
      const pictures = await savePictures(run, config, prepared, moved);
      await saveLatents(run, prepared, moved, pictures.styles).finally(() => disposeAll(pictures.styles));
      await saveLossChart(run, edits.map(({ prompt }) => `"${prompt}"`).join(', '));
      await run.saveFile('rows.json', `${JSON.stringify(tellRows(prepared, moved, looks), null, 2)}\n`);
      const measures = measuresOf(prepared, moved, looks);
      const summary: OptimizeSummary = {
        ...meanMeasures(measures),
        edits: edits.map(({ prompt, ask }, i) => ({ prompt, ask: ask ?? null, ...measures[i]! })),
        unknownWords,
        space: config.space,
        rows: moved.rows.length,
        meanSteps: moved.states.reduce((sum, { steps }) => sum + steps, 0) / moved.rows.length,
        seconds: Math.max(0, beforeNow) + (performance.now() - began) / 1000,
        stepsPerSecond: moved.steps / moved.stepSeconds,
        device: device.name,
      };
      await run.writeSummary(summary);
      return { dir: run.dir, summary, finished: false };
    } finally {
      disposeAll(
        moved.results,
        moved.film.map(({ codes }) => codes),
      );
    }
  } finally {
    run.close();
    release(prepared);
  }
}
