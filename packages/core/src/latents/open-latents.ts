/** The latents that a configuration asks for (`latents` in experiment/fields.ts): drawn, or read from a file. */
import type { Device } from '../experiment/device.js';
import type { LayerGroups } from '../models/mapper/index.js';
import type { Weights } from '../tensors/weights.js';
import { fileLatents } from './file.js';
import { sampledLatents } from './sampled.js';
import type { LatentSource } from './source.js';

/** The group `latents` of a configuration. */
export interface LatentsOptions {
  /** safetensors file of W+ codes; drawn when left out. */
  file?: string | undefined;
  /** ψ of drawn latents. */
  truncation: number;
  /** Share of drawn latents whose groups of layers come from different z. */
  mixing: number;
  /** Rows of a file that are kept aside. */
  validation: number;
  heldOut: number;
}

/** Opens them. @throws UserError when the file can't be read, or does not fit the generator or the numbers asked for */
export async function openLatents(
  { file, truncation, mixing, validation, heldOut }: LatentsOptions,
  {
    generator,
    layerGroups,
    device,
    seed,
  }: { generator: Weights; layerGroups: LayerGroups; device: Device; seed: number },
): Promise<LatentSource> {
  return file === undefined
    ? sampledLatents(generator, device, layerGroups, { seed, truncation, mixing })
    : fileLatents(file, generator, { seed, validation, heldOut });
}
