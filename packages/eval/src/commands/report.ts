/** `eval report`: see ../report.ts. It parses, calls one function, and prints where the report is. */
import { join } from 'node:path';
import type { CommandModule } from 'yargs';
import { configHelp, failure, formatSeconds, loadConfig, parseOverrides, usageError } from '@styleclip/core';
import { reportSchema } from '../config.js';
import { report } from '../report.js';
import { SECTION_NAMES, type SectionName } from '../sections/names.js';

interface ReportArguments {
  config: string;
  name?: string;
  only?: string;
  set: string[];
  runs: string;
  fresh: boolean;
  resume: boolean;
}

export const reportCommand: CommandModule<object, ReportArguments> = {
  command: 'report',
  describe: "make the paper's tables and figures into one page",
  builder: (y) =>
    y
      .option('config', { type: 'string', default: 'configs/avatars/report.yaml', describe: 'YAML file of the report' })
      .option('name', { type: 'string', describe: 'name of the report, instead of the one in the file' })
      .option('only', {
        type: 'string',
        describe: `sections to make, such as table2,figure4 (${SECTION_NAMES.join(', ')})`,
      })
      .option('set', {
        type: 'string',
        array: true,
        nargs: 1,
        default: [] as string[],
        describe: 'key=value, over the file; may be repeated',
      })
      .option('runs', { type: 'string', default: 'runs', describe: 'folder of all runs' })
      .option('fresh', { type: 'boolean', default: false, describe: 'do all work anew, whatever was kept' })
      .option('resume', { type: 'boolean', default: false, describe: 'go on with a report; it always does' })
      .epilogue(`Keys of a configuration:\n${configHelp(reportSchema)}`),
  handler: async ({ config: file, name, only, set, runs, fresh, resume }) => {
    if (fresh && resume)
      throw usageError('--fresh and --resume exclude each other: do the work anew, or go on with it');
    const config = await loadConfig(reportSchema, file, parseOverrides(set, { name }));
    const { dir, missing, failed, seconds } = await report(config, {
      ...{ root: runs, fresh },
      ...(only !== undefined && { only: sectionsOf(only) }),
    });
    for (const line of missing) process.stderr.write(`missing: ${line}\n`);
    process.stdout.write(`report in ${formatSeconds(seconds)}: ${join(dir, 'report.html')}\n`);
    if (failed > 0) throw failure(`${failed} parts of the report failed; the report says which`);
  },
};

/** @throws UserError for a name that is none */
function sectionsOf(text: string): SectionName[] {
  const known = SECTION_NAMES as readonly string[];
  return text.split(',').map((part) => {
    const name = part.trim();
    if (!known.includes(name)) throw usageError(`--only: there is no section "${name}" (known: ${known.join(', ')})`);
    return name as SectionName;
  });
}
