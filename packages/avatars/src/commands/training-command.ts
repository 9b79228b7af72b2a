/** The command of a training: its configuration by options, file and `--set`; then the training; then its numbers as JSON. */
import type { CommandModule } from 'yargs';
import type { z } from 'zod';
import type { TrainingOptions } from '../train/open-training.js';
import { configOptions, readConfig, type ConfigArguments } from './config-options.js';

export interface TrainingArguments extends ConfigArguments {
  runs: string;
  resume: boolean;
  force: boolean;
}

export function trainingCommand<S extends z.ZodType>({
  command,
  describe,
  schema,
  train,
}: {
  command: string;
  describe: string;
  schema: S;
  /** @returns what it measured at the end */
  train: (config: z.output<S>, options: TrainingOptions) => Promise<unknown>;
}): CommandModule<object, TrainingArguments> {
  return {
    command,
    describe,
    builder: (y) =>
      configOptions(y, schema)
        .option('runs', { type: 'string', requiresArg: true, default: 'runs', describe: 'folder of all runs' })
        .option('resume', { type: 'boolean', default: false, describe: "go on from the run's last checkpoint" })
        .option('force', { type: 'boolean', default: false, describe: 'replace a run of this name' }),
    handler: async (args) => {
      const { runs: root, resume, force } = args;
      const measured = await train(await readConfig(schema, args), { root, resume, force });
      process.stdout.write(`${JSON.stringify(measured ?? {})}\n`);
    },
  };
}
