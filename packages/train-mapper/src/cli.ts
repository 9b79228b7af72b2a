#!/usr/bin/env node
/**
 * The command line of the latent mapper: `train` and `edit`. It parses, calls one function, and prints the outcome.
 *
 *     nx run train-mapper --config configs/avatars/purple-hair.yaml
 *     nx run train-mapper:edit --run runs/train-mapper/purple-hair --seeds 1-8 --strength 0.5,1,1.5
 */
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import yargs from 'yargs';
import { DEVICES, failure, formatSeconds, loadConfig, parseOverrides, runCommand, usageError } from '@styleclip/core';
import { trainMapperSchema } from './config.js';
import { describeConfig } from './describe-config.js';
import { describePlan } from './describe-plan.js';
import { edit, parseSeeds } from './edit.js';
import { prepare, release } from './prepare.js';
import { train, type TrainSummary } from './train.js';

await runCommand(async (argv) => {
  await yargs(argv)
    .scriptName('train-mapper')
    .command(
      'train',
      'train a mapper from a configuration',
      (y) =>
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
          .epilogue(`Keys of a configuration:\n${describeConfig(trainMapperSchema)}`),
      async (args) => {
        const config = await loadConfig(trainMapperSchema, args.config, {
          ...parseOverrides(args.set),
          name: args.name,
        });
        if (args.dryRun) {
          const prepared = await prepare(config);
          process.stdout.write(describePlan(prepared, join(args.runs, 'train-mapper', config.name)));
          return release(prepared);
        }
        const { dir, summary } = await train(config, {
          root: args.runs,
          resume: args.resume,
          force: args.force,
          resumeCommand: resumeCommand(args),
        });
        process.stdout.write(describeSummary(dir, summary));
      },
    )
    .command(
      'edit',
      'apply a trained mapper to latents',
      (y) =>
        y
          .option('run', { type: 'string', describe: 'folder of a trained run' })
          .option('mapper', { type: 'string', describe: 'file of a mapper, instead of --run' })
          .option('seeds', { type: 'string', describe: 'seeds of latents to draw, such as 1-8,12' })
          .option('latents', { type: 'string', describe: 'safetensors file with w_plus [N,L,D] or w [N,D]' })
          .option('strength', {
            type: 'string',
            default: '1',
            describe: 'factors on the trained strength, such as 0.5,1,1.5',
          })
          .option('out', { type: 'string', describe: 'folder of the results; <run>/edit unless told' })
          .option('bundle', {
            type: 'string',
            describe: "folder of the generator, when it isn't where it was in training",
          })
          .option('truncation', { type: 'number', describe: "ψ of drawn latents; the training's unless told" })
          .option('device', { choices: DEVICES, default: 'auto' as const, describe: 'where it runs' })
          .conflicts('run', 'mapper')
          .conflicts('seeds', 'latents'),
      async (args) => {
        const { seeds, out, run, ...rest } = args;
        if (run === undefined && args.mapper === undefined)
          throw usageError('say which mapper: --run FOLDER or --mapper FILE');
        const mapper = args.mapper ?? join(run as string, 'best.safetensors');
        if (run !== undefined && !existsSync(mapper))
          throw failure(
            `${run}: no trained mapper there (best.safetensors is missing); train it, or finish it by --resume`,
          );
        const { sheet, count } = await edit({
          mapper,
          ...(seeds !== undefined && { seeds: parseSeeds(seeds) }),
          ...(rest.latents !== undefined && { latents: rest.latents }),
          ...(rest.bundle !== undefined && { bundle: rest.bundle }),
          ...(rest.truncation !== undefined && { truncation: rest.truncation }),
          strengths: parseStrengths(rest.strength),
          out: out ?? (run === undefined ? `${basename(mapper, '.safetensors')}-edit` : join(run, 'edit')),
          device: rest.device,
        });
        process.stdout.write(`${count} latents edited: ${sheet}\n`);
      },
    )
    .option('verbose', { type: 'boolean', default: false, describe: 'show the stack of errors' })
    .demandCommand(1, 'say what to do: train or edit')
    .strict()
    .fail((message, error) => {
      throw error ?? usageError(message);
    })
    .parseAsync();
});

/** The command that goes on with a run, as it is typed at the project's root. */
function resumeCommand({
  config,
  name,
  set,
  runs,
}: {
  config: string;
  name?: string | undefined;
  set: string[];
  runs: string;
}): string {
  const rest = [
    ...(name === undefined ? [] : ['--name', name]),
    ...set.flatMap((item) => ['--set', item]),
    ...(runs === 'runs' ? [] : ['--runs', runs]),
  ];
  const quoted = ['--config', config, ...rest, '--resume'].map((word) =>
    /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`,
  );
  return ['npx nx run train-mapper', ...quoted].join(' ');
}

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

function parseStrengths(text: string): number[] {
  const strengths = text.split(',').map(Number);
  if (text.trim() === '' || strengths.some((value) => !Number.isFinite(value))) {
    throw usageError(`--strength: expected numbers such as 0.5,1,1.5, got "${text}"`);
  }
  return strengths;
}
