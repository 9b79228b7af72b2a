#!/usr/bin/env node
/**
 * The command line of global directions. Each command is a file of `commands/`.
 *
 *     nx run directions:precompute
 *     nx run directions:apply --neutral "a person" --target "a person with purple hair"
 */
import { runCommands } from '@styleclip/core';
import { applyCommand } from './commands/apply.js';
import { compareCommand } from './commands/compare.js';
import { mergeCommand } from './commands/merge.js';
import { planCommand } from './commands/plan.js';
import { playCommand } from './commands/play.js';
import { precomputeCommand } from './commands/precompute.js';
import { statsCommand } from './commands/stats.js';

await runCommands('directions', [
  statsCommand,
  precomputeCommand,
  mergeCommand,
  applyCommand,
  playCommand,
  compareCommand,
  planCommand,
]);
