/**
 * Puts the generator of the bundle together from its two trainings: the synthesis network and the mapping network.
 *
 * Both are averages of raw parameters; the bundle holds effective weights. The average w, towards which truncation
 * pulls, is measured: the mean of the mapping over many z.
 */
import { join } from 'node:path';
import tf from '@tensorflow/tfjs';
import {
  disposeAll,
  effectiveGenerator,
  failure,
  generatorSize,
  mapping,
  normals,
  Random,
  readLatestCheckpoint,
  UserError,
  writeBundlePart,
  type Weights,
  type Z,
} from '@styleclip/core';
import { LAYER_GROUPS } from './generator.js';
import { MAPPING_LR_MUL } from './mapping.js';

export interface AssembleOptions {
  /** Runs of the two trainings, by their names under runs/avatars. */
  readonly generator?: string;
  readonly mapping?: string;
  readonly bundle: string;
}

/** @throws UserError when one of the trainings has no checkpoint yet */
export async function assembleGenerator(options: AssembleOptions): Promise<void> {
  const { generator = 'generator', mapping: mappingName = 'mapping', bundle } = options;
  const synthesis = await averageOf(generator);
  const map = await averageOf(mappingName);
  const weights = tf.tidy(() => {
    const g: Weights = {
      ...effectiveGenerator(synthesis),
      ...effectiveGenerator(map, { mappingLrMul: MAPPING_LR_MUL }),
    };
    const { zDim } = generatorSize(g);
    g['wAvg'] = tf.mean(mapping(g, normals(new Random('average w'), [10_000, zDim]) as Z), 0);
    return g;
  });
  const { resolution, zDim, wDim } = generatorSize(weights);
  await writeBundlePart(bundle, 'generator', weights, { resolution, zDim, wDim, layerGroups: [...LAYER_GROUPS] });
  disposeAll(weights, synthesis, map);
}

/** Assembles when both trainings have left a checkpoint; says what is missing otherwise. */
export async function assembleWhenReady(options: AssembleOptions): Promise<void> {
  try {
    await assembleGenerator(options);
    process.stderr.write(`the generator of ${options.bundle} is put together anew\n`);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    process.stderr.write(`${options.bundle} keeps its generator: ${error.message}\n`);
  }
}

/** The averaged parameters of a training's newest checkpoint. */
async function averageOf(name: string): Promise<Weights> {
  const dir = join('runs', 'avatars', name, 'checkpoints');
  const found = await readLatestCheckpoint(dir);
  const average = found?.weights['average'];
  if (!average) throw failure(`${dir}: no checkpoint of the training "${name}"; run avatars train-${name} first`);
  return average;
}
