/** `train-mapper edit`: see ../edit.ts. It says which mapper, which latents and where to, and calls one function. */
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { CommandModule } from 'yargs';
import { DEVICES, failure, parseSeeds, usageError, type DeviceChoice } from '@styleclip/core';
import { edit } from '../edit.js';

interface EditArguments {
  run?: string;
  mapper?: string;
  seeds?: string;
  latents?: string;
  strength: string;
  out?: string;
  bundle?: string;
  truncation?: number;
  device: DeviceChoice;
}

export const editCommand: CommandModule<object, EditArguments> = {
  command: 'edit',
  describe: 'apply a trained mapper to latents',
  builder: (y) =>
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
  handler: async ({ run, mapper: file, seeds, latents, strength, out, bundle, truncation, device }) => {
    const mapper = file ?? bestOf(run);
    const { sheet, count } = await edit({
      mapper,
      ...(seeds !== undefined && { seeds: parseSeeds(seeds) }),
      ...(latents !== undefined && { latents }),
      ...(bundle !== undefined && { bundle }),
      ...(truncation !== undefined && { truncation }),
      strengths: parseStrengths(strength),
      out: out ?? (run === undefined ? `${basename(mapper, '.safetensors')}-edit` : join(run, 'edit')),
      device,
    });
    process.stdout.write(`${count} latents edited: ${sheet}\n`);
  },
};

/** The mapper that a run has chosen. */
function bestOf(run: string | undefined): string {
  if (run === undefined) throw usageError('say which mapper: --run FOLDER or --mapper FILE');
  const mapper = join(run, 'best.safetensors');
  if (existsSync(mapper)) return mapper;
  throw failure(`${run}: no trained mapper there (best.safetensors is missing); train it, or finish it by --resume`);
}

function parseStrengths(text: string): number[] {
  const strengths = text.split(',').map(Number);
  if (text.trim() === '' || strengths.some((value) => !Number.isFinite(value))) {
    throw usageError(`--strength: expected numbers such as 0.5,1,1.5, got "${text}"`);
  }
  return strengths;
}
