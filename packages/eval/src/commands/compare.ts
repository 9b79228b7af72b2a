/** `eval compare`: see ../compare.ts. */
import type { CommandModule } from 'yargs';
import { compareRuns } from '../compare.js';

interface CompareArguments {
  run?: string[];
  out: string;
}

export const compareCommand: CommandModule<object, CompareArguments> = {
  command: 'compare [run..]',
  describe: 'put finished runs side by side on one page',
  builder: (y) =>
    y
      .positional('run', {
        type: 'string',
        array: true,
        describe: 'folders of finished runs, such as runs/train-mapper/afro',
      })
      .option('out', { type: 'string', default: 'runs/eval/compare.html', describe: 'file of the page' }),
  handler: async ({ run = [], out }) => {
    await compareRuns(run, out);
    process.stdout.write(`${run.length} runs side by side: ${out}\n`);
  },
};
