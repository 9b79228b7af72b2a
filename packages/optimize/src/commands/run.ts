/** `optimize run`: see ../optimize.ts. It parses, calls one function, and prints the outcome. */
import { join } from 'node:path';
import type { CommandModule } from 'yargs';
import { configHelp, findRun, formatSeconds, parseOverrides } from '@styleclip/core';
import { loadOptimizeConfig, optimizeSchema } from '../config.js';
import { describePlan } from '../describe-plan.js';
import { optimize, type OptimizeSummary } from '../optimize.js';
import { latentFiles, placeRun } from '../place.js';
import { prepare, release } from '../prepare.js';
import { notYetInverted } from '../start.js';
import { configOptions, type ConfigArguments } from './config-options.js';

interface RunArguments extends ConfigArguments {
  official: boolean;
  image?: string[];
  prompt?: string;
  seeds?: string;
}

export const runCommand: CommandModule<object, RunArguments> = {
  command: 'run',
  describe: 'move latents towards a text',
  builder: (y) =>
    configOptions(y, 'configs/avatars/optimize-purple-hair.yaml')
      .option('prompt', { type: 'string', describe: 'the text, instead of the one in the file' })
      .option('seeds', { type: 'string', describe: 'seeds of the latents, such as 1-8,12' })
      .option('image', { type: 'string', array: true, describe: 'pictures to be edited, which are inverted first' })
      .option('official', {
        type: 'boolean',
        default: false,
        describe: "take every default of the original's code that differs from ours",
      })
      .epilogue(`Keys of a configuration, with the defaults of space w+:\n${configHelp(optimizeSchema())}`),
  handler: async ({
    config: file,
    name,
    set,
    prompt,
    seeds,
    image,
    official,
    resume,
    force,
    runs,
    'dry-run': dryRun,
  }) => {
    const overrides = parseOverrides(set, {
      ...{ name, prompt, official: official || undefined },
      ...{ 'latents.seeds': seeds, 'latents.images': image },
    });
    const config = await loadOptimizeConfig(optimizeSchema, file, overrides);
    const options = { root: runs, resume, force };
    if (dryRun) {
      const { dir, summary } = await findRun(await placeRun('optimize', config, latentFiles(config.latents), options));
      if (summary) return void process.stdout.write(`${dir}: this run is finished; nothing would change\n`);
      const { images } = config.latents;
      const prepared = await prepare(config, {
        start: images && config.mode === 'edit' ? (generator) => notYetInverted(generator, images) : undefined,
      });
      process.stdout.write(describePlan(config, prepared, dir));
      return release(prepared);
    }
    const { dir, summary, finished } = await optimize(config, options);
    if (finished) process.stderr.write(`${dir}: this run is finished; nothing was changed\n`);
    process.stderr.write(describeSummary(dir, summary));
    process.stdout.write(`${JSON.stringify({ dir, ...summary })}\n`);
  },
};

/** The end of a run, in a few lines. */
function describeSummary(dir: string, summary: OptimizeSummary): string {
  const number = (value: number | null) => (value === null ? 'not measured' : value.toFixed(3));
  return [
    `${summary.rows} rows, ${summary.meanSteps.toFixed(0)} steps each, in ${formatSeconds(summary.seconds)} on ${summary.device} (${summary.stepsPerSecond.toFixed(1)} steps/s)`,
    ...summary.edits.map(
      ({ prompt, latents, hit, leak, identity, clipGain }) =>
        `"${prompt}" over ${latents} latents: hit ${number(hit)}, leak ${number(leak)}, identity ${number(identity)}, CLIP gain ${number(clipGain)}`,
    ),
    `before and after: ${join(dir, 'before-after.png')}, on the way: ${join(dir, 'film.png')}, losses: ${join(dir, 'losses.png')}`,
    `latents: ${join(dir, 'latents-after.safetensors')}, numbers: ${join(dir, 'summary.json')}, row by row: ${join(dir, 'rows.json')}`,
    '',
  ].join('\n');
}
