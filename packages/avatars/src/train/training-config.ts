/**
 * The fields that the trainings of the bundle's networks share, as pieces of a zod schema: each says once what it is, what
 * it may be and what it is by default. A training's own schema (`attributes-config.ts`, `clip-config.ts` …) puts them
 * together with its own fields; options, help and the run's config.yaml all come from there.
 */
import { fields } from '@styleclip/core';
import { z } from 'zod';
import { DATASETS } from '../dataset-spec.js';

/** The bundle that everything works on by default. */
export const DEFAULT_BUNDLE = 'models/avatars';

/** What may be another when a run is resumed: it changes where the work is done and where it goes, not what it is. */
export const MAY_CHANGE = ['device', 'threads', 'bundle'] as const;

/** What every package's runs have. */
const run = fields.runFields('avatars');

const positive = z.number().int().min(1);

export const nameField = (network: string) =>
  run.name.default(network).describe('name of the run: its folder is runs/avatars/<name>');

/** Where pictures come from, and where the network goes. */
export const trainField = {
  train: z.string().min(1).default(`${DATASETS}/train`).describe('folder of renders to train on'),
};
export const heldOutField = {
  heldOut: z.string().min(1).default(`${DATASETS}/test`).describe('folder of renders to measure on'),
};
export const bundleField = {
  bundle: z.string().default(DEFAULT_BUNDLE).describe('bundle that gets the trained network; left empty, none does'),
};

/** How long and how fast; the learning rate rises over the warm-up and then falls to 0 along half a cosine. */
export const scheduleFields = (defaults: { steps: number; batch: number; learningRate: number; warmup: number }) => ({
  steps: positive.default(defaults.steps).describe('steps in all'),
  batch: positive.max(4096).default(defaults.batch).describe('pictures in a step'),
  learningRate: z.number().positive().default(defaults.learningRate).describe('highest learning rate'),
  warmup: z.number().int().min(0).default(defaults.warmup).describe('steps over which the learning rate rises from 0'),
});

export const evaluateCountField = {
  evaluateCount: positive
    .default(1000)
    .describe('held-out pictures in the evaluations during training; the last one takes all'),
};

/** What every loop is told besides. */
export const loopFields = {
  evaluateEvery: positive.default(500).describe('steps between two evaluations'),
  metricsEvery: positive.default(50).describe('steps between two lines of losses in metrics.jsonl'),
  checkpointEvery: positive.default(500).describe('steps between two checkpoints'),
  seed: z.number().int().min(0).default(1).describe('seed of weights and batches: same seed, same run'),
  device: run.device,
  threads: z
    .number()
    .int()
    .min(0)
    .max(64)
    .default(0)
    .describe('threads of a compiled step; 0: as many as the machine has cores'),
};

/** Sizes of layers. */
export const sizes = z.array(positive.max(4096)).min(1);
export const size = positive.max(4096);
