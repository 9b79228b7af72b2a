/** `directions play`: see ../play.ts. */
import type { CommandModule } from 'yargs';
import { loadConfig, parseOverrides } from '@styleclip/core';
import { applySchema } from '../apply-config.js';
import { openEditing } from '../editing.js';
import { play, PLAY_HELP } from '../play.js';

interface PlayArguments {
  neutral: string;
  target?: string;
  alpha: number;
  'top-k': number;
  seeds: string;
  preview: string;
  bundle?: string;
  relevance?: string;
  set: string[];
}

export const playCommand: CommandModule<object, PlayArguments> = {
  command: 'play',
  describe: 'try texts and strengths, one line after the other, and see them in preview.png',
  builder: (y) =>
    y
      .option('neutral', { type: 'string', default: 'a person', describe: 'what the pictures show' })
      .option('target', { type: 'string', describe: 'what they should show' })
      .option('alpha', { type: 'number', default: 4, describe: 'strength in σ of the strongest channel' })
      .option('top-k', { type: 'number', default: 20, describe: 'how many channels' })
      .option('seeds', { type: 'string', default: '1-6', describe: 'pictures, by seed' })
      .option('preview', {
        type: 'string',
        default: 'runs/directions/preview.png',
        describe: 'the picture that is rewritten',
      })
      .option('bundle', { type: 'string', describe: 'sets bundle' })
      .option('relevance', { type: 'string', describe: 'sets relevance' })
      .option('set', {
        type: 'string',
        array: true,
        nargs: 1,
        default: [] as string[],
        describe: 'a key of apply=value, such as weigh=none; may be repeated',
      })
      .epilogue(`Lines: ${PLAY_HELP}`),
  handler: async ({ neutral, target, alpha, 'top-k': topK, seeds, preview, bundle, relevance, set }) => {
    const edits = [{ neutral, target: target ?? neutral, alpha, topK }]; // checked like those of apply
    const config = await loadConfig(applySchema, undefined, { edits, ...parseOverrides(set, { bundle, relevance }) });
    const editing = await openEditing(config);
    process.stderr.write(`device ${editing.device.name}; ${PLAY_HELP}\n`);
    try {
      await play(
        editing,
        { neutral, target, alpha, choice: { topK }, seeds },
        {
          input: process.stdin,
          say: (line) => process.stdout.write(`${line}\n`),
          preview,
          truncation: config.truncation,
        },
      );
    } finally {
      await editing.dispose();
    }
  },
};
