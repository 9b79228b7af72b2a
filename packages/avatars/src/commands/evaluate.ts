/** `avatars evaluate`: measures a bundle on held-out data; the last line is JSON. */
import type { CommandModule } from 'yargs';
import { usageError } from '@styleclip/core';
import { DATASETS } from '../dataset-spec.js';
import { evaluateBundle, PARTS, type Part } from '../evaluate.js';
import { missedGoals } from '../measures/goals.js';
import { metricsTable } from '../measures/table.js';
import { openConfiguredDevice } from '../train/open-training.js';
import { DEFAULT_BUNDLE } from '../train/training-config.js';
import { deviceOptions, positive, type DeviceArguments } from './options.js';

interface Options extends DeviceArguments {
  bundle: string;
  'held-out': string;
  count: number;
  only?: string | undefined;
  configs: string;
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
      .option('only', {
        type: 'string',
        requiresArg: true,
        describe: `parts to measure, such as clip,directions (there are ${PARTS.join(', ')}); all unless told`,
      })
      .option('configs', {
        type: 'string',
        default: 'configs/avatars',
        describe: 'folder of configurations whose prompts are tried as directions',
      })
      .option('dry-run', {
        type: 'boolean',
        default: false,
        describe: 'leave bundle.json and the model card as they are',
      }),
  handler: async ({ bundle, 'held-out': heldOut, count, device, threads, only, configs, 'dry-run': dryRun }) => {
    const log = (line: string): void => void process.stderr.write(`${line}\n`);
    const opened = await openConfiguredDevice({ device, threads });
    const metrics = await evaluateBundle({
      device: opened,
      bundle,
      heldOut,
      count,
      ...(only !== undefined && { only: partsOf(only) }),
      configs,
      dryRun,
      log,
    });
    log(`\n${metricsTable(metrics)}\n`);
    const missed = missedGoals(metrics);
    log(
      missed.length > 0 ? `below the goals:\n${missed.map((line) => `  ${line}`).join('\n')}` : 'all goals are reached',
    );
    process.stdout.write(`${JSON.stringify(metrics)}\n`);
  },
};

/** `clip,directions` as parts. @throws UserError for a name that is none */
function partsOf(text: string): Part[] {
  return text.split(',').map((name) => {
    const part = PARTS.find((known) => known === name.trim());
    if (!part) throw usageError(`--only: there is no part "${name.trim()}" (there are ${PARTS.join(', ')})`);
    return part;
  });
}
