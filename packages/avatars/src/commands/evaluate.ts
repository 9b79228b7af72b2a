/** `avatars evaluate`: measures a bundle on held-out data; the last line is JSON. */
import type { CommandModule } from 'yargs';
import { evaluateBundle, missedGoals } from '../evaluate.js';
import { metricsTable } from '../measures/table.js';
import { RENDERS } from '../renders.js';
import { positive } from './options.js';
import { DEFAULT_BUNDLE } from './training-options.js';

interface Options {
  bundle: string;
  'held-out': string;
  count: number;
  threads: number;
  'dry-run': boolean;
}

export const evaluateCommand: CommandModule<object, Options> = {
  command: 'evaluate',
  describe: 'measure a bundle on held-out avatars',
  builder: (y) =>
    y
      .option('bundle', { type: 'string', default: DEFAULT_BUNDLE, describe: 'folder of the bundle' })
      .option('held-out', {
        type: 'string',
        default: RENDERS.test.dir as string,
        describe: 'folder of held-out renders',
      })
      .option('count', {
        type: 'number',
        default: 2000,
        coerce: positive('count', 1_000_000),
        describe: 'how many renders, and how many latents',
      })
      .option('threads', {
        type: 'number',
        default: 2,
        coerce: positive('threads', 64),
        describe: 'threads of ONNX Runtime',
      })
      .option('dry-run', {
        type: 'boolean',
        default: false,
        describe: 'leave bundle.json and the model card as they are',
      }),
  handler: async ({ bundle, 'held-out': heldOut, count, threads, 'dry-run': dryRun }) => {
    const log = (line: string): void => void process.stderr.write(`${line}\n`);
    const metrics = await evaluateBundle({ bundle, heldOut, count, threads, dryRun, log });
    log(`\n${metricsTable(metrics)}\n`);
    const missed = missedGoals(metrics);
    log(
      missed.length > 0 ? `below the goals:\n${missed.map((line) => `  ${line}`).join('\n')}` : 'all goals are reached',
    );
    process.stdout.write(`${JSON.stringify(metrics)}\n`);
  },
};
