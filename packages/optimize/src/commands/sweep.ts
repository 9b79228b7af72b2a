/** `optimize sweep`: see ../sweep.ts. It parses, calls one function, and prints the outcome. */
import { join } from 'node:path';
import type { CommandModule } from 'yargs';
import { configHelp, findRun, formatSeconds, parseOverrides } from '@styleclip/core';
import { loadOptimizeConfig } from '../config.js';
import { describePlan } from '../describe-plan.js';
import { latentFiles, placeRun } from '../place.js';
import { prepare, release } from '../prepare.js';
import { notYetInverted } from '../start.js';
import { sweep, type SweepSummary } from '../sweep.js';
import { planSweep, sweepSchema } from '../sweep-config.js';
import { markdownOf } from '../sweep-table.js';
import { configOptions, type ConfigArguments } from './config-options.js';

interface SweepArguments extends ConfigArguments {
  seeds?: string;
}

export const sweepCommand: CommandModule<object, SweepArguments> = {
  command: 'sweep',
  describe: 'try many weights of the losses at once, and chart hit and leak over them',
  builder: (y) =>
    configOptions(y, 'configs/avatars/optimize-sweep.yaml')
      .option('seeds', { type: 'string', describe: 'seeds of the latents, such as 1-8,12' })
      .epilogue(`Keys of a configuration, with the defaults of space w+:\n${configHelp(sweepSchema())}`),
  handler: async ({ config: file, name, set, seeds, resume, force, runs, 'dry-run': dryRun }) => {
    const config = await loadOptimizeConfig(sweepSchema, file, parseOverrides(set, { name, 'latents.seeds': seeds }));
    const options = { root: runs, resume, force };
    if (dryRun) {
      const { points } = planSweep(config);
      const { dir, summary } = await findRun(await placeRun('sweep', config, latentFiles(config.latents), options));
      if (summary) return void process.stdout.write(`${dir}: this run is finished; nothing would change\n`);
      const { images } = config.latents;
      const start = images && ((generator: Parameters<typeof notYetInverted>[0]) => notYetInverted(generator, images));
      const prepared = await prepare(config, { points, start });
      process.stdout.write(describePlan(config, prepared, dir));
      return release(prepared);
    }
    const { dir, summary, finished } = await sweep(config, options);
    if (finished) process.stderr.write(`${dir}: this run is finished; nothing was changed\n`);
    process.stderr.write(describeSummary(dir, summary));
    process.stdout.write(`${JSON.stringify({ dir, ...summary })}\n`);
  },
};

/** The end of a sweep: its table, and what to take. */
function describeSummary(dir: string, { points, axes, best, rows, seconds, device }: SweepSummary): string {
  return [
    markdownOf(points, axes),
    `${points.length} points, ${rows} rows in ${formatSeconds(seconds)} on ${device}; best: ${JSON.stringify(best.weights)}`,
    `table: ${join(dir, 'sweep.csv')}, charts: ${dir}`,
    '',
  ].join('\n');
}
