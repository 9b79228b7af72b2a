#!/usr/bin/env node
/**
 * The command line of latent optimization. Each command is a file of `commands/`.
 *
 *     nx run optimize --config configs/avatars/optimize-purple-hair.yaml
 *     nx run optimize:invert --image face.png
 *     nx run optimize:sweep --config configs/avatars/optimize-purple-hair.yaml --l2 0.002..0.05 --id 0..0.1
 */
import { runCommands } from '@styleclip/core';
import { invertCommand } from './commands/invert.js';
import { runCommand } from './commands/run.js';

await runCommands('optimize', [runCommand, invertCommand]);
