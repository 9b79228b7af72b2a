#!/usr/bin/env node
/**
 * The command line of the evaluation. Each command is a file of `commands/`.
 *
 *     nx run eval:report --only table2,figure4
 *     nx run eval:regress
 *     nx run eval:compare runs/train-mapper/afro runs/directions/afro
 */
import { runCommands } from '@styleclip/core';
import { compareCommand } from './commands/compare.js';
import { regressCommand } from './commands/regress.js';
import { reportCommand } from './commands/report.js';

await runCommands('eval', [reportCommand, regressCommand, compareCommand]);
