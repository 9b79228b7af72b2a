/**
 * The networks of an experiment, loaded from a bundle and with all that their inputs need to know.
 *
 * Generator and CLIP are a must. The identity network is needed when its loss has weight; the attribute probe when
 * something is asked for (`ask`). Where the bundle has them anyway they are loaded too and measured by.
 */
import { failure, usageError } from '../errors.js';
import type { ClipInput } from '../models/clip/index.js';
import { ARCFACE_INPUT, type IdentityInput } from '../models/identity/index.js';
import type { LayerGroups } from '../models/mapper/index.js';
import { disposeAll, type Weights } from '../tensors/weights.js';
import { loadBundle, type BundleInfo } from './bundle.js';

/** Networks, frozen for the whole run. */
export interface Networks {
  /** Folder of the bundle, and what its bundle.json says. */
  dir: string;
  info: BundleInfo;
  generator: Weights;
  layerGroups: LayerGroups;
  clip: Weights;
  clipInput: ClipInput;
  identity?: { weights: Weights; input: IdentityInput };
  attributes?: { weights: Weights; factors: readonly Factor[] };
}

/** What an attribute probe reads: a factor and the values it tells apart. */
export interface Factor {
  name: string;
  values: readonly string[];
}

/** The question of a configuration, in the words of the probe. */
export interface AskOptions {
  ask?: { factor: string; values: readonly string[] } | undefined;
  ignore: readonly string[];
}

/**
 * Loads a bundle. The caller frees it by `disposeNetworks`.
 * @throws UserError when the bundle is missing, damaged or lacks a network that `needs` names.
 */
export async function loadNetworks(
  dir: string,
  needs: { identity?: boolean; attributes?: boolean } = {},
): Promise<Networks> {
  const bundle = await loadBundle(dir);
  const { info, generator, clip, identity, attributes } = bundle;
  const lack = (kind: string, why: string) => {
    disposeAll(generator, clip, identity, attributes);
    return failure(`${dir}: this bundle has no ${kind}, which ${why}`);
  };
  if (!generator || !info.generator) throw lack('generator', 'every edit needs');
  if (!clip || !info.clip) throw lack('clip', 'the CLIP loss needs');
  if (needs.identity && !identity) throw lack('identity', 'losses.id above 0 needs; set losses.id to 0');
  if (needs.attributes && !attributes) throw lack('attributes', '"ask" and "ignore" need; leave them out');

  const networks: Networks = {
    dir,
    info,
    generator,
    layerGroups: info.generator.layerGroups,
    clip,
    clipInput: { size: info.clip.inputResolution, mean: info.clip.mean, std: info.clip.std },
  };
  if (identity && info.identity) networks.identity = { weights: identity, input: identityInput(info.identity.input) };
  if (attributes && info.attributes) networks.attributes = { weights: attributes, factors: info.attributes.factors };
  return networks;
}

/** The asked factor and values, and the ignored factors, must be the probe's. @throws UserError */
export function checkAsk({ attributes, dir }: Pick<Networks, 'attributes' | 'dir'>, { ask, ignore }: AskOptions): void {
  if (!attributes) return;
  const names = attributes.factors.map(({ name }) => name);
  const known = `factors of ${dir}: ${names.join(', ')}`;
  for (const name of ignore) {
    if (!names.includes(name)) throw usageError(`ignore: the probe knows no factor "${name}" (${known})`);
  }
  if (!ask) return;
  const factor = attributes.factors.find(({ name }) => name === ask.factor);
  if (!factor) throw usageError(`ask.factor: the probe knows no factor "${ask.factor}" (${known})`);
  for (const value of ask.values) {
    if (!factor.values.includes(value)) {
      throw usageError(`ask.values: ${ask.factor} has no value "${value}" (it has: ${factor.values.join(', ')})`);
    }
  }
}

/** Frees the networks. */
export function disposeNetworks({ generator, clip, identity, attributes }: Networks): void {
  disposeAll(generator, clip, identity?.weights, attributes?.weights);
}

/** What a bundle says of the identity network's picture, as the preparation takes it. */
function identityInput({ size, crop }: { size: number; crop?: 'ffhq' | undefined }): IdentityInput {
  return crop === 'ffhq' ? { ...ARCFACE_INPUT, size } : { size };
}
