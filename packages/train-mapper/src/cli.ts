#!/usr/bin/env node
/**
 * The command line of the latent mapper. Each command is a file of `commands/`.
 *
 *     nx run train-mapper --config configs/avatars/purple-hair.yaml
 *     nx run train-mapper:edit --run runs/train-mapper/purple-hair --seeds 1-8 --strength 0.5,1,1.5
 */
import { runCommands } from '@styleclip/core';
import { editCommand } from './commands/edit.js';
import { trainCommand } from './commands/train.js';

await runCommands('train-mapper', [trainCommand, editCommand]);
