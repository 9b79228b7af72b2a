/** `directions compare`: see ../compare.ts. Relevance files that are not there yet are measured first. */
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { CommandModule } from 'yargs';
import { loadConfig, parseOverrides } from '@styleclip/core';
import { applySchema } from '../apply-config.js';
import { readAskedPrompts } from '../asked-prompt.js';
import { compare, WAYS, type Comparison } from '../compare.js';
import { precomputeSchema, type PrecomputeConfig } from '../config.js';
import { precompute, RELEVANCE_FILE } from '../precompute.js';

interface CompareArguments {
  prompts: string;
  bundle: string;
  relevance?: string;
  jacobian?: string;
  images?: number;
  set: string[];
  runs: string;
}

export const compareCommand: CommandModule<object, CompareArguments> = {
  command: 'compare',
  describe: 'compare finite differences, Jacobian and direct derivatives over the prompts of a folder',
  builder: (y) =>
    y
      .option('prompts', {
        type: 'string',
        default: 'configs/avatars',
        describe: 'folder of configurations with prompt and ask',
      })
      .option('bundle', { type: 'string', default: 'models/avatars', describe: 'folder of the networks' })
      .option('relevance', {
        type: 'string',
        describe:
          'relevance file of finite differences; runs/directions/<bundle>/relevance.arrow, measured where it is not there',
      })
      .option('jacobian', {
        type: 'string',
        describe: 'relevance file of derivatives; runs/directions/<bundle>-jacobian/relevance.arrow, likewise',
      })
      .option('images', { type: 'number', describe: 'pictures for files that are measured first' })
      .option('set', {
        type: 'string',
        array: true,
        nargs: 1,
        default: [] as string[],
        describe: 'a key of apply=value, such as heldOut=100; may be repeated',
      })
      .option('runs', { type: 'string', default: 'runs', describe: 'folder of all runs' }),
  handler: async ({ prompts: folder, bundle, relevance, jacobian, images, set, runs }) => {
    const edits = [{ target: 'a person' }]; // the schema wants one; the prompts come from the folder
    const config = await loadConfig(applySchema, undefined, { edits, ...parseOverrides(set, { bundle }) });
    const prompts = await readAskedPrompts(folder);
    const name = basename(bundle);
    const measured = async (method: PrecomputeConfig['method'], name: string): Promise<string> => {
      const file = join(runs, 'directions', name, RELEVANCE_FILE);
      if (existsSync(file)) return file;
      const own = { name, bundle, method, ...(images !== undefined && { images }) };
      await precompute(await loadConfig(precomputeSchema, undefined, own), { root: runs, resume: true });
      return file;
    };
    const tables = {
      'finite-difference': relevance ?? (await measured('finite-difference', name)),
      jacobian: jacobian ?? (await measured('jacobian', `${name}-jacobian`)),
    };
    const comparison = await compare({
      prompts,
      tables,
      editing: config,
      tuning: config.tuning,
      heldOut: config.heldOut,
    });
    process.stderr.write(table(comparison));
    process.stdout.write(`${JSON.stringify(comparison)}\n`);
  },
};

/** Hit, leak and identity of each prompt by each way. */
function table({ prompts, hit, leak, identity, spearman }: Comparison): string {
  const cells = (values: readonly (number | null)[]) => values.map((value) => (value ?? NaN).toFixed(3)).join(' / ');
  const row = (name: string, columns: readonly string[]) =>
    `${name.padEnd(14)} ${columns.map((c) => c.padEnd(28)).join('')}\n`;
  return [
    row('hit/leak/id', [...WAYS]),
    ...Object.entries(prompts).map(([name, { outcome }]) =>
      row(
        name,
        WAYS.map((way) => cells([outcome[way].hit, outcome[way].leak, outcome[way].identity])),
      ),
    ),
    row(
      'mean',
      WAYS.map((way) => cells([hit[way], leak[way], identity[way]])),
    ),
    row('spearman', ['', spearman.jacobian.toFixed(3), spearman.direct.toFixed(3)]),
  ].join('');
}
