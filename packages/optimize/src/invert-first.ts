/**
 * Pictures in place of latents: they are inverted by a run of its own, `<root>/invert/<name>`, whose latents are then edited.
 * An inversion of the same pictures that is there already is taken as it is, and one that was stopped goes on.
 */
import { join } from 'node:path';
import type { Weights } from '@styleclip/core';
import type { OptimizeConfig } from './config.js';
import { invert } from './invert.js';
import { invertSchema } from './invert-config.js';
import type { PlaceOptions } from './place.js';
import { inverted, type Start } from './start.js';

/** What opens the latents of a configuration's pictures; undefined where it names none. @throws as `invert` does */
export async function invertFirst(
  { mode, latents, ...config }: OptimizeConfig,
  { root, force = false }: PlaceOptions,
): Promise<((generator: Weights) => Promise<Start>) | undefined> {
  const { images } = latents;
  if (images === undefined || mode === 'free') return undefined;
  const { name, bundle, device, threads, seed, batch } = config;
  const { dir } = await invert(invertSchema.parse({ name, bundle, device, threads, seed, batch, images }), {
    ...(root !== undefined && { root }),
    ...{ force, resume: !force },
  });
  return (generator) => inverted(generator, join(dir, 'latents.safetensors'), images);
}
