/** Options that the trainings of the bundle's networks share. */
import type { Argv } from 'yargs';
import { RENDERS } from '../renders.js';
import { positive } from './options.js';

export interface TrainingOptions {
  train: string;
  'held-out': string;
  bundle: string;
  name: string;
  steps?: number;
  batch?: number;
  'learning-rate'?: number;
  'evaluate-every'?: number;
  seed: number;
  threads: number;
  resume: boolean;
  force: boolean;
}

/** The bundle that everything works on by default. */
export const DEFAULT_BUNDLE = 'models/avatars';

/** Declares them; options without a default take the trainer's own. */
export function trainingOptions<T>(y: Argv<T>, network: string): Argv<T & TrainingOptions> {
  return y
    .option('train', {
      type: 'string',
      default: RENDERS.train.dir as string,
      describe: 'folder of renders to train on',
    })
    .option('held-out', {
      type: 'string',
      default: RENDERS.test.dir as string,
      describe: 'folder of renders to measure on',
    })
    .option('bundle', { type: 'string', default: DEFAULT_BUNDLE, describe: 'bundle that gets the trained network' })
    .option('name', { type: 'string', default: network, describe: "name of the run's folder in runs/avatars" })
    .option('steps', { type: 'number', coerce: positive('steps', 10_000_000), describe: 'steps in all' })
    .option('batch', { type: 'number', coerce: positive('batch', 4096), describe: 'pictures in a step' })
    .option('learning-rate', { type: 'number', describe: 'highest learning rate' })
    .option('evaluate-every', {
      type: 'number',
      coerce: positive('evaluate-every', 10_000_000),
      describe: 'steps between evaluations',
    })
    .option('seed', { type: 'number', default: 1, describe: 'seed of weights, batches and captions' })
    .option('threads', {
      type: 'number',
      default: 2,
      coerce: positive('threads', 64),
      describe: 'threads of ONNX Runtime',
    })
    .option('resume', { type: 'boolean', default: false, describe: "go on from the run's last checkpoint" })
    .option('force', { type: 'boolean', default: false, describe: 'replace a run of this name' }) as unknown as Argv<
    T & TrainingOptions
  >;
}

/** As the trainers name them. */
export function trainerOptions(options: TrainingOptions) {
  const { train, bundle, name, steps, batch, seed, threads, resume, force } = options;
  return {
    train,
    heldOut: options['held-out'],
    bundle,
    name,
    steps,
    batch,
    learningRate: options['learning-rate'],
    evaluateEvery: options['evaluate-every'],
    seed,
    threads,
    resume,
    force,
  };
}
