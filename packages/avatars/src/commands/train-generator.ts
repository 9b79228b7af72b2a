/** `avatars train-generator`: see train/generator.ts; the bundle gets the newest checkpoint's average. */
import { assembleGenerator } from '../train/assemble.js';
import { generatorSchema, type GeneratorConfig } from '../train/generator-config.js';
import { trainGenerator, type GeneratorErrors } from '../train/generator.js';
import type { TrainingOptions } from '../train/open-training.js';
import { trainingCommand } from './training-command.js';

export const trainGeneratorCommand = trainingCommand({
  command: 'train-generator',
  describe: 'train the synthesis network on renders',
  schema: generatorSchema,
  train: trainAndAssemble,
});

/** Trains one stage and puts what came out into the bundle. */
export async function trainAndAssemble(
  config: GeneratorConfig,
  options: TrainingOptions,
): Promise<GeneratorErrors | undefined> {
  const measured = await trainGenerator(config, options);
  const { name: run, bundle, plan } = config;
  if (bundle !== '') await assembleGenerator({ run, root: options.root, bundle, plan });
  return measured;
}
