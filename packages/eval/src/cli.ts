#!/usr/bin/env node
/**
 * The command line of the evaluation. Each command is a file of `commands/`.
 *
 *     nx run eval:report
 *     nx run eval:report --only table2,figure4
 */
import { runCommands } from '@styleclip/core';
import { reportCommand } from './commands/report.js';

await runCommands('eval', [reportCommand]);
