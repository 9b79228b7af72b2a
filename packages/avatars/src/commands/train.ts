/** `avatars train`: the whole bundle, from rendering to the model card. Each part is a command of its own and resumes. */
import type { CommandModule } from 'yargs';
import { evaluateBundle } from '../evaluate.js';
import { renderDataset } from '../dataset.js';
import { RENDERS } from '../renders.js';
import { assembleGenerator } from '../train/assemble.js';
import { trainAttributes } from '../train/attributes.js';
import { trainClip } from '../train/clip.js';
import { trainGenerator } from '../train/generator.js';
import { trainIdentity } from '../train/identity.js';
import { positive } from './options.js';
import { DEFAULT_BUNDLE } from './training-options.js';

interface TrainOptions {
  bundle: string;
  threads: number;
  seed: number;
  force: boolean;
}

export const trainCommand: CommandModule<object, TrainOptions> = {
  command: 'train',
  describe: 'train the whole bundle, or go on where it stopped',
  builder: (y) =>
    y
      .option('bundle', { type: 'string', default: DEFAULT_BUNDLE, describe: 'bundle that gets the trained networks' })
      .option('threads', {
        type: 'number',
        default: 2,
        coerce: positive('threads', 64),
        describe: 'threads of ONNX Runtime',
      })
      .option('seed', { type: 'number', default: 1, describe: 'seed of weights and batches' })
      .option('force', { type: 'boolean', default: false, describe: 'begin anew instead of resuming' }),
  handler: async ({ bundle, threads, seed, force }) => {
    for (const { dir, count, seed: number } of [RENDERS.train, RENDERS.test])
      await renderDataset(dir, count, number, 64);
    const common = { train: RENDERS.train.dir, heldOut: RENDERS.test.dir, threads, seed, force, resume: !force };
    await trainAttributes({ ...common, bundle });
    await trainClip({ ...common, bundle });
    await trainIdentity({ ...common, bundle });
    await trainGenerator(common);
    await trainGenerator({ ...common, from: 'generator' });
    await assembleGenerator({ run: 'generator-sharp', bundle });
    const metrics = await evaluateBundle({
      bundle,
      heldOut: RENDERS.test.dir,
      threads,
      log: (line) => process.stderr.write(`${line}\n`),
    });
    process.stdout.write(`${JSON.stringify(metrics)}\n`);
  },
};
