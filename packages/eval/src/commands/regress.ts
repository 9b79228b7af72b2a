/** `eval regress`: see ../regress/regress.ts. The table goes to stderr, one line of JSON to stdout. */
import type { CommandModule } from 'yargs';
import { configHelp, failure, formatSeconds, loadConfig, parseOverrides } from '@styleclip/core';
import { movedTable } from '../regress/baseline.js';
import { regressSchema } from '../regress/config.js';
import { regress } from '../regress/regress.js';

interface RegressArguments {
  config?: string;
  baseline: string;
  set: string[];
  update: boolean;
}

export const regressCommand: CommandModule<object, RegressArguments> = {
  command: 'regress',
  describe: 'compare a small fixed run with committed numbers',
  builder: (y) =>
    y
      .option('baseline', {
        type: 'string',
        default: 'packages/eval/baseline.json',
        describe: 'file of the committed numbers',
      })
      .option('update', { type: 'boolean', default: false, describe: 'write the baseline anew, and show what changed' })
      .option('config', { type: 'string', describe: 'YAML file, for another run than the committed one' })
      .option('set', {
        type: 'string',
        array: true,
        nargs: 1,
        default: [] as string[],
        describe: 'key=value, over the defaults; may be repeated',
      })
      .epilogue(`Keys of a configuration:\n${configHelp(regressSchema)}`),
  handler: async ({ config: file, baseline, set, update }) => {
    const config = await loadConfig(regressSchema, file, parseOverrides(set));
    const { moved, out, updated, seconds } = await regress(config, { baseline, update });
    process.stderr.write(`${movedTable(moved)}\n`);
    process.stderr.write(
      updated
        ? `${baseline} is written; ${out} of ${moved.length} numbers are new, gone or out of their old bands\n`
        : `${moved.length - out} of ${moved.length} numbers are within their bands, in ${formatSeconds(seconds)}\n`,
    );
    process.stdout.write(`${JSON.stringify({ numbers: moved.length, out, updated, seconds })}\n`);
    if (out > 0 && !updated) throw failure(`${out} numbers left their bands`);
  },
};
