/** `avatars sheets`: pictures of what a bundle's generator draws, between latents and in style space, too. */
import { join } from 'node:path';
import type { CommandModule } from 'yargs';
import { disposeAll, failure, loadBundle } from '@styleclip/core';
import { drawSheets } from '../sheets.js';
import { openConfiguredDevice } from '../train/open-training.js';
import { DEFAULT_BUNDLE } from '../train/training-config.js';
import { deviceOptions, type DeviceArguments } from './options.js';

interface Options extends DeviceArguments {
  bundle: string;
  out?: string | undefined;
}

export const sheetsCommand: CommandModule<object, Options> = {
  command: 'sheets',
  describe: "draw the model card's pictures: held-out avatars, truncation, interpolation, channels, directions",
  builder: (y) =>
    deviceOptions(y)
      .option('bundle', { type: 'string', default: DEFAULT_BUNDLE, describe: 'folder of the bundle' })
      .option('out', {
        type: 'string',
        requiresArg: true,
        describe: "folder for the pictures; the bundle's folder `pictures` unless told",
      }),
  handler: async ({ bundle, out = join(bundle, 'pictures'), device, threads }) => {
    const opened = await openConfiguredDevice({ device, threads });
    const { info, generator, clip, attributes, identity } = await loadBundle(bundle);
    if (!generator || !clip || !attributes || !info.clip)
      throw failure(`${bundle}: the sheets need a generator, a CLIP and the attribute probe`);
    const { inputResolution: size, mean, std } = info.clip;
    const networks = { generator, clip, clipInput: { size, mean, std }, probe: attributes };
    const paths = await drawSheets(opened, networks, out);
    disposeAll(generator, clip, attributes, identity);
    process.stderr.write(paths.map((path) => `${path}\n`).join(''));
    process.stdout.write(`${JSON.stringify({ sheets: paths })}\n`);
  },
};
