#!/usr/bin/env node
/**
 * The command line of global directions. Each command is a file of `commands/`.
 *
 *     nx run directions:precompute
 *     nx run directions:apply --neutral "a person" --target "a person with purple hair"
 */
import { runCommands } from '@styleclip/core';
import { precomputeCommand } from './commands/precompute.js';
import { statsCommand } from './commands/stats.js';

await runCommands('directions', [statsCommand, precomputeCommand]);
