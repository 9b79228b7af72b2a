#!/usr/bin/env node
/**
 * The command line of latent optimization. Each command is a file of `commands/`.
 *
 *     nx run optimize --config configs/avatars/optimize-purple-hair.yaml
 *     nx run optimize:invert --image face.png
 *     nx run optimize:sweep --config configs/avatars/optimize-sweep.yaml
 */
import { runCommands } from '@styleclip/core';
import { invertCommand } from './commands/invert.js';
import { runCommand } from './commands/run.js';
import { sweepCommand } from './commands/sweep.js';

await runCommands('optimize', [runCommand, invertCommand, sweepCommand]);
