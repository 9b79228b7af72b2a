#!/usr/bin/env node
/**
 * The command line for checkpoints. Each command is a file of `commands/`.
 *
 *     nx run checkpoints:import --generator ffhq.pkl --clip ViT-B-32.pt --identity model_ir_se50.pth --to models/ffhq
 *     nx run checkpoints:fetch --name ffhq
 */
import { runCommands } from '@styleclip/core';
import { fetchCommand } from './commands/fetch.js';
import { importCommand } from './commands/import.js';

await runCommands('checkpoints', [importCommand, fetchCommand]);
