/**
 * Puts the generator of the bundle together: the trained synthesis network (the average of its raw parameters, made
 * effective), the mapping network in closed form, and the average w, towards which truncation pulls: the code book
 * weighted by the shares of the world.
 */
import { join } from 'node:path';
import { disposeAll, failure, generatorSize, readLatestCheckpoint, tf, writeBundlePart } from '@styleclip/core';
import { codeBook, codesOf, sharesRow } from './codes.js';
import { LAYER_GROUPS } from './groups.js';
import { mappingNetwork } from './mapping.js';
import { ownershipOf } from './ownership.js';
import { drawing } from './reconstruction.js';

export interface AssembleOptions {
  /** The training's run, by its name under runs/avatars. */
  readonly run?: string;
  /** Folder of all runs. */
  readonly root?: string;
  readonly bundle: string;
  /** Whether style channels belong to values (ownership.ts). */
  readonly plan?: boolean;
}

/** @throws UserError when the training has no checkpoint yet */
export async function assembleGenerator(options: AssembleOptions): Promise<void> {
  const { run = 'generator', root = 'runs', bundle, plan = false } = options;
  const dir = join(root, 'avatars', run, 'checkpoints');
  const found = await readLatestCheckpoint(dir);
  const average = found?.weights['average'];
  if (!average) throw failure(`${dir}: no checkpoint to take the generator from; run avatars train-generator first`);
  const { wDim } = generatorSize(average);
  const weights = tf.tidy(() => {
    const book = codeBook(wDim);
    const layers = ownershipOf(average, generatorSize(average).resolution);
    return {
      ...drawing(average, { plan, layers, book }, tf.scalar(0)),
      ...mappingNetwork(wDim, wDim),
      wAvg: tf.reshape(codesOf(sharesRow(), book), [wDim]),
    };
  });
  const { resolution, zDim } = generatorSize(weights);
  await writeBundlePart(bundle, 'generator', weights, { resolution, zDim, wDim, layerGroups: [...LAYER_GROUPS] });
  disposeAll(weights, ...Object.values(found.weights));
}
