#!/usr/bin/env node
/**
 * The command line of the world of avatars. Each command is a file of `commands/`.
 *
 *     nx run avatars:preview
 *     nx run avatars:render --out=runs/avatars/renders/mine --count=5000 --seed=3
 */
import yargs, { type CommandModule } from 'yargs';
import { runCommand, usageError } from '@styleclip/core';
import { evaluateCommand } from './commands/evaluate.js';
import { previewCommand } from './commands/preview.js';
import { renderCommand } from './commands/render.js';
import { trainAttributesCommand } from './commands/train-attributes.js';
import { trainClipCommand } from './commands/train-clip.js';
import { trainCommand } from './commands/train.js';
import { trainGeneratorCommand } from './commands/train-generator.js';
import { trainIdentityCommand } from './commands/train-identity.js';

// Each handler takes the options that its own builder declares; yargs' types don't carry that through a list.
const COMMANDS = [
  previewCommand,
  renderCommand,
  trainCommand,
  trainGeneratorCommand,
  trainClipCommand,
  trainIdentityCommand,
  trainAttributesCommand,
  evaluateCommand,
] as unknown as readonly CommandModule[];

await runCommand(async (argv) => {
  await yargs(argv)
    .scriptName('avatars')
    .command([...COMMANDS])
    .option('verbose', { type: 'boolean', describe: 'show the stack of errors' })
    .demandCommand(1, `say what to do: ${COMMANDS.map(({ command }) => String(command)).join(', ')}`)
    .strict()
    .fail((message, error) => {
      // A YError is what yargs makes of a wrong option, also of one that `coerce` refused.
      throw error && error.name !== 'YError' ? error : usageError(message ?? error.message);
    })
    .parseAsync();
});
