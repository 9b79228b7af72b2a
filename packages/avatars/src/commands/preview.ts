/** `avatars preview`: draws the sheet of `preview.ts`. */
import type { CommandModule } from 'yargs';
import { writeFileAtomic } from '@styleclip/core';
import { preview } from '../preview.js';
import { positive } from './options.js';

interface Options {
  out: string;
  size: number;
  zoom: number;
  seed: number;
  rows: number;
}

export const previewCommand: CommandModule<object, Options> = {
  command: 'preview',
  describe: 'draw a sheet of all values and some random avatars',
  builder: (y) =>
    y
      .option('out', { type: 'string', default: 'runs/avatars/preview.png', describe: 'the picture to write' })
      .option('size', {
        type: 'number',
        default: 64,
        coerce: positive('size', 512),
        describe: 'side of an avatar in pixels',
      })
      .option('zoom', {
        type: 'number',
        default: 2,
        coerce: positive('zoom', 8),
        describe: 'how many times the sheet is enlarged',
      })
      .option('seed', { type: 'number', default: 1, describe: 'seed of the random avatars' })
      .option('rows', {
        type: 'number',
        default: 6,
        coerce: positive('rows', 200),
        describe: 'rows of random avatars',
      }),
  handler: async ({ out, ...options }) => {
    const { png, captions } = await preview(options);
    await writeFileAtomic(out, png);
    process.stdout.write([...captions.map((text, i) => `${String(i + 1).padStart(2)}  ${text}`), out, ''].join('\n'));
  },
};
