/**
 * Where a training's run lies, and what it is made from: configuration, networks, latents. Nothing is loaded for it, so a
 * name that is taken, or a run that was begun with other networks, is refused before anything takes time.
 */
import { bundleInputs, fileInput, readBundleInfo, type RunPlace } from '@styleclip/core';
import type { TrainMapperConfig } from './config.js';

/** Settings that are not part of the experiment. */
export interface TrainOptions {
  /** Folder of all runs. */
  root?: string;
  /** Go on with a run that was stopped. */
  resume?: boolean;
  /** Replace a run of this name. */
  force?: boolean;
}

/** @throws UserError when the bundle or the file of latents is not there */
export async function placeRun(config: TrainMapperConfig, options: TrainOptions): Promise<RunPlace> {
  const { name, bundle, latents } = config;
  return {
    ...options,
    package: 'train-mapper',
    name,
    config,
    mayChange: ['device', 'threads'],
    inputs: {
      ...bundleInputs(bundle, await readBundleInfo(bundle)),
      ...(latents.file !== undefined && { latents: await fileInput(latents.file) }),
    },
  };
}
