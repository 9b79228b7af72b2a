/** `avatars latents`: makes files of W+ codes as their descriptions say (dataset-spec.ts). */
import type { CommandModule } from 'yargs';
import { usageError } from '@styleclip/core';
import { latentsSchema } from '../dataset-spec.js';
import { makeLatentsFile } from '../latents-file.js';
import { openConfiguredDevice } from '../train/open-training.js';
import { configOptions, isChanged, readConfig, type ConfigArguments } from './config-options.js';
import { whatToMake } from './made-beside.js';
import { deviceOptions, type DeviceArguments } from './options.js';

interface Arguments extends ConfigArguments, DeviceArguments {
  out: string | undefined;
}

export const latentsCommand: CommandModule<object, Arguments> = {
  command: 'latents',
  describe: 'make files of latents; without --config and --out, all that are described',
  builder: (y) =>
    deviceOptions(configOptions(y, latentsSchema.omit({ kind: true }))).option('out', {
      type: 'string',
      requiresArg: true,
      describe: 'the safetensors file; unless told, beside its description and called like it',
    }),
  handler: async (args) => {
    const { config, out } = args;
    if (out !== undefined && !out.endsWith('.safetensors'))
      throw usageError(`--out must name a .safetensors file, got "${out}"`);
    const files = await whatToMake('latents', { config, out, changed: isChanged(latentsSchema, args) });
    const device = await openConfiguredDevice(args);
    for (const { file, out: path } of files) {
      const made = await makeLatentsFile(device, path, await readConfig(latentsSchema, { ...args, config: file }));
      if (!made) process.stderr.write(`${path}: is there already, of this generator\n`);
      process.stdout.write(`${path}\n`);
    }
  },
};
