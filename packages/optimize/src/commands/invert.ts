/** `optimize invert`: see ../invert.ts. It parses, calls one function, and prints the outcome. */
import { join } from 'node:path';
import type { CommandModule } from 'yargs';
import { configHelp, findRun, formatSeconds, loadConfig, parseOverrides } from '@styleclip/core';
import { invert, prepareInversion, release, type InvertSummary } from '../invert.js';
import { invertSchema } from '../invert-config.js';
import { latentFiles, placeRun } from '../place.js';
import { configOptions, type ConfigArguments } from './config-options.js';

interface InvertArguments extends ConfigArguments {
  image?: string[];
}

export const invertCommand: CommandModule<object, InvertArguments> = {
  command: 'invert',
  describe: 'find the latents of pictures',
  builder: (y) =>
    configOptions(y, 'my.yaml')
      .option('image', { type: 'string', array: true, describe: 'pictures: PNG, JPEG, WebP, …; one or more' })
      .epilogue(`Keys of a configuration:\n${configHelp(invertSchema)}`),
  handler: async ({ config: file, name, set, image, resume, force, runs, 'dry-run': dryRun }) => {
    const own = name ?? (file === undefined ? 'inversion' : undefined);
    const config = await loadConfig(invertSchema, file, parseOverrides(set, { name: own, images: image }));
    const options = { root: runs, resume, force };
    if (dryRun) {
      const { dir, summary } = await findRun(
        await placeRun('invert', config, latentFiles({ images: config.images }), options),
      );
      if (summary) return void process.stdout.write(`${dir}: this run is finished; nothing would change\n`);
      release(await prepareInversion(config));
      process.stdout.write(`${JSON.stringify(config, null, 2)}\nwould write ${dir}; nothing was written\n`);
      return;
    }
    const { dir, summary, finished } = await invert(config, options);
    if (finished) process.stderr.write(`${dir}: this run is finished; nothing was changed\n`);
    process.stderr.write(describeSummary(dir, summary));
    process.stdout.write(`${JSON.stringify({ dir, ...summary })}\n`);
  },
};

/** The end of an inversion, in a few lines. */
function describeSummary(dir: string, { images, seconds, device }: InvertSummary): string {
  const number = (value: number | null) => (value === null ? '–' : value.toFixed(4));
  return [
    `${images.length} pictures in ${formatSeconds(seconds)} on ${device}`,
    ...images.map(
      ({ image, pixelW, pixel, psnr, clip, id }) =>
        `${image}: pixel error ${number(pixelW)} in W, ${number(pixel)} in W+ (${psnr.toFixed(1)} dB), CLIP ${number(clip)}, identity ${number(id)}`,
    ),
    `pictures, and as W and W+ have them: ${join(dir, 'inversion.png')}; latents: ${join(dir, 'latents.safetensors')}`,
    '',
  ].join('\n');
}
