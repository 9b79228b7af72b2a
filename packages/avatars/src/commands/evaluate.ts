/** `avatars evaluate`: measures a bundle on held-out data; the last line is JSON. */
import type { CommandModule } from 'yargs';
import { DATASETS } from '../dataset-spec.js';
import { evaluateBundle } from '../evaluate.js';
import { missedGoals } from '../measures/goals.js';
import { metricsTable } from '../measures/table.js';
import { openConfiguredDevice } from '../train/open-training.js';
import { DEFAULT_BUNDLE } from '../train/training-config.js';
import { deviceOptions, positive, type DeviceArguments } from './options.js';

interface Options extends DeviceArguments {
  bundle: string;
  'held-out': string;
  count: number;
  'dry-run': boolean;
}

export const evaluateCommand: CommandModule<object, Options> = {
  command: 'evaluate',
  describe: 'measure a bundle on held-out avatars',
  builder: (y) =>
    deviceOptions(y)
      .option('bundle', { type: 'string', default: DEFAULT_BUNDLE, describe: 'folder of the bundle' })
      .option('held-out', {
        type: 'string',
        default: `${DATASETS}/test`,
        describe: 'folder of held-out renders',
      })
      .option('count', {
        type: 'number',
        default: 2000,
        coerce: positive('count', 1_000_000),
        describe: 'how many renders, and how many latents',
      })
      .option('dry-run', {
        type: 'boolean',
        default: false,
        describe: 'leave bundle.json and the model card as they are',
      }),
  handler: async ({ bundle, 'held-out': heldOut, count, device, threads, 'dry-run': dryRun }) => {
    const log = (line: string): void => void process.stderr.write(`${line}\n`);
    const opened = await openConfiguredDevice({ device, threads });
    const metrics = await evaluateBundle({ device: opened, bundle, heldOut, count, dryRun, log });
    log(`\n${metricsTable(metrics)}\n`);
    const missed = missedGoals(metrics);
    log(
      missed.length > 0 ? `below the goals:\n${missed.map((line) => `  ${line}`).join('\n')}` : 'all goals are reached',
    );
    process.stdout.write(`${JSON.stringify(metrics)}\n`);
  },
};
