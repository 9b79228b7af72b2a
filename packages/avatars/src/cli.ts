#!/usr/bin/env node
/**
 * The command line of the world of avatars. Each command is a file of `commands/`.
 *
 *     nx run avatars:preview
 *     nx run avatars:render --config=datasets/avatars/train.yaml
 *     nx run avatars:train-clip --learning-rate=1e-3 --set=text.steps=2000
 */
import { runCommands } from '@styleclip/core';
import { evaluateCommand } from './commands/evaluate.js';
import { latentsCommand } from './commands/latents.js';
import { previewCommand } from './commands/preview.js';
import { renderCommand } from './commands/render.js';
import { sheetsCommand } from './commands/sheets.js';
import { trainAttributesCommand } from './commands/train-attributes.js';
import { trainClipCommand } from './commands/train-clip.js';
import { trainCommand } from './commands/train.js';
import { trainTextCommand } from './commands/train-text.js';
import { trainGeneratorCommand } from './commands/train-generator.js';
import { trainIdentityCommand } from './commands/train-identity.js';

await runCommands('avatars', [
  previewCommand,
  renderCommand,
  latentsCommand,
  trainCommand,
  trainGeneratorCommand,
  trainClipCommand,
  trainTextCommand,
  trainIdentityCommand,
  trainAttributesCommand,
  evaluateCommand,
  sheetsCommand,
]);
