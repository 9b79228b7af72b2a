/** `train-mapper train`: see ../train.ts. It parses, calls one function, and prints the outcome. */
import { join } from 'node:path';
import type { CommandModule } from 'yargs';
import { configHelp, findRun, formatSeconds, loadConfig, parseOverrides } from '@styleclip/core';
import { trainMapperSchema } from '../config.js';
import { describePlan } from '../describe-plan.js';
import { placeRun } from '../place.js';
import { prepare, release } from '../prepare.js';
import { train, type TrainSummary } from '../train.js';

interface TrainArguments {
  config: string;
  name?: string;
  set: string[];
  resume: boolean;
  force: boolean;
  runs: string;
  'dry-run': boolean;
}

export const trainCommand: CommandModule<object, TrainArguments> = {
  command: 'train',
  describe: 'train a mapper from a configuration',
  builder: (y) =>
    y
      .option('config', {
        type: 'string',
        demandOption: true,
        describe: 'YAML file, such as configs/avatars/purple-hair.yaml',
      })
      .option('name', { type: 'string', describe: 'name of the run, instead of the one in the file' })
      .option('set', {
        type: 'string',
        array: true,
        nargs: 1,
        default: [] as string[],
        describe: 'key=value, over the file; may be repeated',
      })
      .option('resume', { type: 'boolean', default: false, describe: 'go on with a run that was stopped' })
      .option('force', { type: 'boolean', default: false, describe: 'replace a run of this name' })
      .option('runs', { type: 'string', default: 'runs', describe: 'folder of all runs' })
      .option('dry-run', { type: 'boolean', default: false, describe: 'check everything and stop' })
      .epilogue(`Keys of a configuration:\n${configHelp(trainMapperSchema)}`),
  handler: async ({ config: file, name, set, resume, force, runs, 'dry-run': dryRun }) => {
    const config = await loadConfig(trainMapperSchema, file, parseOverrides(set, { name }));
    const options = { root: runs, resume, force };
    if (dryRun) {
      const { dir, summary } = await findRun(await placeRun(config, options));
      if (summary) return void process.stdout.write(`${dir}: this run is finished; nothing would change\n`);
      const prepared = await prepare(config);
      process.stdout.write(describePlan(config, prepared, dir));
      return release(prepared);
    }
    const { dir, summary, finished } = await train(config, options);
    if (finished) process.stderr.write(`${dir}: this run is finished; nothing was changed\n`);
    process.stdout.write(describeSummary(dir, summary));
  },
};

/** The end of a run, in a few lines. */
function describeSummary(dir: string, summary: TrainSummary): string {
  const number = (value: number | null) => (value === null ? 'not measured' : value.toFixed(3));
  return [
    `"${summary.prompt}": ${summary.steps} steps in ${formatSeconds(summary.seconds)} on ${summary.device} (${summary.stepsPerSecond.toFixed(1)} steps/s)`,
    `over ${summary.latents} held-out latents: hit ${number(summary.hit)}, leak ${number(summary.leak)}, identity ${number(summary.identity)}, CLIP gain ${number(summary.clipGain)}`,
    `before and after: ${join(dir, 'before-after.png')}`,
    `numbers: ${join(dir, 'summary.json')}, losses: ${join(dir, 'losses.png')}, mapper: ${join(dir, 'best.safetensors')}`,
    '',
  ].join('\n');
}
