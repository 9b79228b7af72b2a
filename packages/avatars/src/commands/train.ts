/**
 * `avatars train`: the whole bundle, from rendering to the model card. Each part is a command of its own and resumes.
 * `--stage directions` only goes on with a bundle's generator, on edits (see train/generator.ts).
 */
import type { CommandModule } from 'yargs';
import { loadConfig } from '@styleclip/core';
import { renderDataset } from '../dataset.js';
import { DATASETS, madeFrom, rendersSchema, specFiles } from '../dataset-spec.js';
import { evaluateBundle } from '../evaluate.js';
import { attributesSchema } from '../train/attributes-config.js';
import { trainAttributes } from '../train/attributes.js';
import { clipSchema } from '../train/clip-config.js';
import { trainClip } from '../train/clip.js';
import { generatorSchema } from '../train/generator-config.js';
import { trainGenerator } from '../train/generator.js';
import { identitySchema } from '../train/identity-config.js';
import { trainIdentity } from '../train/identity.js';
import { openConfiguredDevice } from '../train/open-training.js';
import { DEFAULT_BUNDLE } from '../train/training-config.js';
import { deviceOptions, named, positive, type DeviceArguments } from './options.js';
import { trainAndAssemble } from './train-generator.js';

interface Arguments extends DeviceArguments {
  bundle: string;
  seed: number;
  stage: 'all' | 'directions';
  force: boolean;
}

export const trainCommand: CommandModule<object, Arguments> = {
  command: 'train',
  describe: 'train the whole bundle, or go on where it stopped',
  builder: (y) =>
    deviceOptions(y)
      .option('bundle', {
        type: 'string',
        requiresArg: true,
        default: DEFAULT_BUNDLE,
        coerce: named('bundle'),
        describe: 'bundle that gets the trained networks',
      })
      .option('seed', {
        type: 'number',
        default: 1,
        coerce: positive('seed', Number.MAX_SAFE_INTEGER, 0),
        describe: 'seed of weights and batches',
      })
      .option('stage', {
        choices: ['all', 'directions'] as const,
        default: 'all' as const,
        describe: "everything from nothing, or the bundle's generator alone, trained on with edits",
      })
      .option('force', { type: 'boolean', default: false, describe: 'begin anew instead of resuming' }),
  handler: async ({ bundle, device, threads, seed, stage, force }) => {
    for (const file of await specFiles('renders')) {
      const { count, seed: number, size } = await loadConfig(rendersSchema, file);
      await renderDataset(madeFrom(file, 'renders'), count, number, size);
    }
    const common = { bundle, device, threads, seed };
    const options = { force, resume: !force };
    if (stage === 'directions') {
      await trainAndAssemble(generatorSchema.parse({ ...common, from: bundle }), options);
    } else {
      await trainAttributes(attributesSchema.parse(common), options);
      await trainClip(clipSchema.parse(common), options);
      await trainIdentity(identitySchema.parse(common), options);
      const first = generatorSchema.parse({ ...common, bundle: '' });
      await trainGenerator(first, options);
      await trainAndAssemble(generatorSchema.parse({ ...common, from: first.name }), options);
    }
    const metrics = await evaluateBundle({
      device: await openConfiguredDevice({ device, threads }),
      bundle,
      heldOut: `${DATASETS}/test`,
      log: (line) => process.stderr.write(`${line}\n`),
    });
    process.stdout.write(`${JSON.stringify(metrics)}\n`);
  },
};
