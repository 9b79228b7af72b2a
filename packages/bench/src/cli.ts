#!/usr/bin/env node
/**
 * The command line of the core package.
 *
 *     nx run core:parity [--only=mapper,stylegan2] [--device=cpu]
 *     nx run core:bench [--model=ffhq1024-formula] [--phases=forward,gradient,step]
 */
import yargs, { type Argv } from 'yargs';
import { bench } from './bench/cli.js';
import { FFHQ1024_FORMULA } from './bench/networks.js';
import { isPhase, PHASES, runPhase, type Phase } from './bench/phase.js';
import { DEVICES, runCommand, usageError } from '@styleclip/core';
import { parity } from './parity/cli.js';

/** How the benchmark runs, for all of its phases. */
const benchOptions = <T>(y: Argv<T>) =>
  y
    .option('model', {
      type: 'string',
      default: 'models/avatars',
      describe: `a bundle's folder, or ${FFHQ1024_FORMULA}: StyleGAN2 1024², CLIP ViT-B/32 and IR-SE50 at full size`,
    })
    .option('device', { choices: DEVICES, default: 'cpu', describe: 'where to compute' })
    .option('threads', { type: 'number', default: 2, coerce: whole('threads'), describe: 'threads of ONNX Runtime' })
    .option('batch', { type: 'number', default: 1, coerce: whole('batch'), describe: 'pictures at once' })
    .option('runs', { type: 'number', default: 5, coerce: whole('runs'), describe: 'timed runs after the first' });

/** A check for options that must be whole numbers from 1. */
function whole(name: string): (value: number) => number {
  return (value) => {
    if (Number.isSafeInteger(value) && value >= 1) return value;
    throw usageError(`--${name} must be a whole number ≥ 1, got ${value}`);
  };
}

function phasesOf(list: string): Phase[] {
  return list.split(',').map((name) => {
    if (isPhase(name)) return name;
    throw usageError(`there is no phase "${name}", known: ${PHASES.join(', ')}`);
  });
}

await runCommand(async (argv) => {
  await yargs(argv)
    .scriptName('core')
    .command(
      'parity',
      'compare full-size networks with the golden numbers of the originals (slow)',
      (y) =>
        y
          .option('only', { type: 'string', describe: 'checks to run, separated by commas; all by default' })
          .option('device', { choices: DEVICES, default: 'cpu', describe: 'where to compute' })
          .option('bundle', {
            type: 'string',
            describe: 'check the networks of this bundle, imported from formula files',
          }),
      ({ only, device, bundle }) =>
        parity({
          device,
          ...(only !== undefined && { only: only.split(',') }),
          ...(bundle !== undefined && { bundle }),
        }),
    )
    .command(
      'bench',
      'time a picture, its gradient and a step of latent optimization, with peak memory',
      (y) =>
        benchOptions(y).option('phases', {
          type: 'string',
          default: PHASES.join(','),
          coerce: phasesOf,
          describe: 'what to time, separated by commas',
        }),
      ({ model, device, threads, batch, runs, phases }) => bench({ model, device, threads, batch, runs, phases }),
    )
    .command(
      'bench-phase',
      false, // the benchmark calls itself with this
      (y) => benchOptions(y).option('phase', { choices: PHASES, demandOption: true }),
      async ({ model, device, threads, batch, runs, phase }) => {
        process.stdout.write(`${JSON.stringify(await runPhase({ model, device, threads, batch, runs, phase }))}\n`);
      },
    )
    .option('verbose', { type: 'boolean', describe: 'show the stack of errors' })
    .demandCommand(1, 'say what to do: parity, bench')
    .strict()
    .fail((message, error) => {
      // A YError is what yargs makes of a wrong option, also of one that `coerce` refused.
      throw error && error.name !== 'YError' ? error : usageError(message ?? error.message);
    })
    .parseAsync();
});
