/** `directions apply`: see ../apply.ts. It says which texts, how strong and on what, calls one function, prints the outcome. */
import { join } from 'node:path';
import type { CommandModule } from 'yargs';
import { configHelp, formatSeconds, loadConfig, parseOverrides, usageError } from '@styleclip/core';
import { applySchema, OFFICIAL_APPLY, type ApplyConfig } from '../apply-config.js';
import { apply, type ApplySummary } from '../apply.js';
import { readAskedPrompt } from '../asked-prompt.js';
import { editsOf, type EditArguments } from './edit-arguments.js';

interface ApplyArguments extends EditArguments {
  config?: string;
  name?: string;
  bundle?: string;
  relevance?: string;
  direct?: boolean;
  weigh?: ApplyConfig['weigh'];
  seeds?: string;
  latents?: string;
  official: boolean;
  set: string[];
  force: boolean;
  runs: string;
}

const texts = { type: 'string', array: true, nargs: 1 } as const;
const numbers = { type: 'number', array: true, nargs: 1 } as const;

export const applyCommand: CommandModule<object, ApplyArguments> = {
  command: 'apply',
  describe: 'edit pictures from one text to another, into runs/directions/<name>',
  builder: (y) =>
    y
      .option('target', { ...texts, describe: 'what the pictures should show; repeated: one edit after the other' })
      .option('neutral', {
        ...texts,
        describe: 'what they show before; "a person" unless told; one for all, or one each',
      })
      .option('alpha', { ...numbers, describe: 'strength in σ of the strongest channel; measured unless told' })
      .option('beta', { ...numbers, describe: 'least relevance of a channel' })
      .option('top-k', { ...numbers, describe: 'how many channels' })
      .option('ask', { ...texts, describe: 'what a hit is, in the words of the probe, such as hairColor=purple,pink' })
      .option('prompt-of', {
        ...texts,
        describe: 'takes texts and question from a configuration such as configs/avatars/purple-hair.yaml',
      })
      .conflicts('prompt-of', ['target', 'neutral', 'ask'])
      .option('config', { type: 'string', describe: 'YAML file, instead of options' })
      .option('name', { type: 'string', describe: 'name of the run; made of the texts unless told' })
      .option('bundle', { type: 'string', describe: 'sets bundle' })
      .option('relevance', { type: 'string', describe: 'sets relevance' })
      .option('direct', { type: 'boolean', describe: 'no relevance file: two backward passes a picture' })
      .option('weigh', { choices: ['none', 'magnitude'] as const, describe: 'sets weigh' })
      .option('seeds', { type: 'string', describe: 'pictures to edit, by seed, such as 1-8,12' })
      .option('latents', { type: 'string', describe: 'safetensors file of pictures to edit' })
      .conflicts('seeds', 'latents')
      .option('official', {
        type: 'boolean',
        default: false,
        describe: 'sets all that the official program does otherwise',
      })
      .option('set', { ...texts, default: [] as string[], describe: 'key=value, over the file; may be repeated' })
      .option('force', { type: 'boolean', default: false, describe: 'replace a run of this name' })
      .option('runs', { type: 'string', default: 'runs', describe: 'folder of all runs' })
      .epilogue(`Keys of a configuration:\n${configHelp(applySchema)}`),
  handler: async ({ config: file, official, set, force, runs, 'prompt-of': from, ...options }) => {
    const asked = await Promise.all((from ?? []).map(readAskedPrompt));
    const edits = editsOf(options, asked);
    if (file === undefined && edits === undefined)
      throw usageError('say what to edit: --target TEXT, --prompt-of FILE, or --config FILE');
    const { name, bundle, relevance, direct, weigh, seeds, latents } = options;
    const own = parseOverrides(set, { name, bundle, relevance, direct, weigh, seeds, latents });
    const config = await loadConfig(applySchema, file, {
      ...(official && OFFICIAL_APPLY),
      ...own,
      ...(edits !== undefined && { edits }),
    });
    const { dir, summary } = await apply(config, { root: runs, force });
    process.stdout.write(describeSummary(dir, summary));
  },
};

/** The end of a run, in a few lines. */
function describeSummary(dir: string, { edits, seconds, pictures }: ApplySummary): string {
  const number = (value: number | null) => (value === null ? 'not measured' : value.toFixed(3));
  return [
    ...edits.map(
      (edit) =>
        `"${edit.neutral}" → "${edit.target}": ${edit.channels} channels, alpha ${edit.alpha} (${edit.strength}); over ${edit.latents} held-out latents: hit ${number(edit.hit)} (before ${number(edit.hitBefore)}), leak ${number(edit.leak)}, identity ${number(edit.identity)}, CLIP gain ${number(edit.clipGain)}`,
    ),
    `${pictures} pictures in ${formatSeconds(seconds)}: ${join(dir, 'before-after.png')}; strengths: ${join(dir, 'strengths-1.png')}`,
    `numbers: ${join(dir, 'summary.json')}, channels: ${join(dir, 'channels-1.csv')}, direction: ${join(dir, 'direction.safetensors')}`,
    '',
  ].join('\n');
}
