/** `train-mapper train`: see ../train.ts. It parses, calls one function, and prints the outcome. */
import { join } from 'node:path';
import type { CommandModule } from 'yargs';
import {
  configHelp,
  findRun,
  formatSeconds,
  itemsOf,
  loadConfig,
  parseOverrides,
  runOptions,
  shardOf,
  usageError,
  type RunArguments,
} from '@styleclip/core';
import { trainMapperSchema, type TrainMapperConfig } from '../config.js';
import { describePlan } from '../describe-plan.js';
import { placeRun, type TrainOptions } from '../place.js';
import { prepare, release } from '../prepare.js';
import { train, type TrainSummary } from '../train.js';

interface TrainArguments extends RunArguments {
  config: string[];
  shard?: string;
  'dry-run': boolean;
}

export const trainCommand: CommandModule<object, TrainArguments> = {
  command: 'train',
  describe: 'train a mapper from a configuration',
  builder: (y) =>
    runOptions(y)
      .option('config', {
        type: 'string',
        array: true,
        demandOption: true,
        describe: 'YAML file, such as configs/avatars/purple-hair.yaml; several are trained one after the other',
      })
      .option('shard', {
        type: 'string',
        requiresArg: true,
        describe: 'i/n: of several configurations every n-th, from the i-th on; a task of a job array knows its own',
      })
      .option('dry-run', { type: 'boolean', default: false, describe: 'check everything and stop' })
      .epilogue(`Keys of a configuration:\n${configHelp(trainMapperSchema)}`),
  handler: async ({ config: files, name, set, resume, force, runs, shard, 'dry-run': dryRun }) => {
    const options = { root: runs, resume, force };
    const configs: TrainMapperConfig[] = [];
    for (const file of files) configs.push(await loadConfig(trainMapperSchema, file, parseOverrides(set, { name })));
    requireOwnNames(configs, files);
    // A job array is for several configurations: one alone is trained whatever the environment says.
    const own = files.length > 1 || shard !== undefined ? itemsOf(configs, shardOf(shard)) : configs;
    const done: [TrainMapperConfig, TrainSummary][] = [];
    for (const config of own) {
      if (dryRun) {
        await describeRun(config, options);
        continue;
      }
      const { dir, summary, finished } = await train(config, options);
      if (finished) process.stderr.write(`${dir}: this run is finished; nothing was changed\n`);
      process.stdout.write(describeSummary(dir, summary));
      done.push([config, summary]);
    }
    if (done.length > 1) process.stdout.write(`\n${table(done)}\n`);
  },
};

/** @throws UserError where two configurations would write one run */
function requireOwnNames(configs: readonly TrainMapperConfig[], files: readonly string[]): void {
  configs.forEach(({ name }, i) => {
    const first = configs.findIndex((other) => other.name === name);
    if (first < i)
      throw usageError(`${files[first]} and ${files[i]} are both of the run "${name}"; give each its own name`);
  });
}

/** What a training would do; nothing is written. */
async function describeRun(config: TrainMapperConfig, options: TrainOptions): Promise<void> {
  const { dir, summary } = await findRun(await placeRun(config, options));
  if (summary) return void process.stdout.write(`${dir}: this run is finished; nothing would change\n`);
  const prepared = await prepare(config);
  process.stdout.write(describePlan(config, prepared, dir));
  return release(prepared);
}

/** Several runs side by side, in Markdown. */
function table(runs: readonly (readonly [TrainMapperConfig, TrainSummary])[]): string {
  return [
    '| configuration | hit | leak | identity | CLIP gain |',
    '| --- | --- | --- | --- | --- |',
    ...runs.map(
      ([{ name }, { hit, leak, identity, clipGain }]) =>
        `| ${[name, ...[hit, leak, identity, clipGain].map(digits)].join(' | ')} |`,
    ),
  ].join('\n');
}

const digits = (value: number | null): string => (value === null ? '–' : value.toFixed(3));

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
