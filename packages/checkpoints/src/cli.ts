#!/usr/bin/env node
/**
 * The command line for checkpoints. Each command is a file of `commands/`.
 *
 *     nx run checkpoints:import --generator ffhq.pkl --clip ViT-B-32.pt --identity model_ir_se50.pth --to models/ffhq
 *     nx run checkpoints:fetch --name ffhq
 *     nx run checkpoints:fuzz --format pickle
 */
import yargs, { type CommandModule } from 'yargs';
import { runCommand, usageError } from '@styleclip/core';
import { fetchCommand } from './commands/fetch.js';
import { fuzzCommand } from './commands/fuzz.js';
import { importCommand } from './commands/import.js';

// Each handler takes the options that its own builder declares; yargs' types don't carry that through a list.
const COMMANDS = [importCommand, fetchCommand, fuzzCommand] as unknown as readonly CommandModule[];

await runCommand(async (argv) => {
  await yargs(argv)
    .scriptName('checkpoints')
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
