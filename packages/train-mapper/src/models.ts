/**
 * The networks of a training, loaded from a bundle and with all that their inputs need to know.
 *
 * Generator and CLIP are a must. The identity network is needed when its loss has weight; the attribute probe when the
 * configuration asks for something (`ask`). Where the bundle has them anyway they are loaded too and measured by.
 */
import {
  ARCFACE_INPUT,
  failure,
  loadBundle,
  type Bundle,
  type ClipInput,
  type IdentityInput,
  type LayerGroups,
  type Weights,
} from '@styleclip/core';

/** Networks, frozen for the whole run. */
export interface Models {
  bundle: Bundle;
  generator: Weights;
  layerGroups: LayerGroups;
  clip: Weights;
  clipInput: ClipInput;
  identity?: { weights: Weights; input: IdentityInput };
  attributes?: { weights: Weights; factors: readonly { name: string; values: readonly string[] }[] };
}

/**
 * Loads a bundle for training.
 * @throws UserError when the bundle is missing, damaged or lacks a network that `needs` names.
 */
export async function loadModels(dir: string, needs: { identity: boolean; attributes: boolean }): Promise<Models> {
  const bundle = await loadBundle(dir);
  const { info } = bundle;
  const lack = (kind: string, why: string) => failure(`${dir}: this bundle has no ${kind}, which ${why} needs`);
  if (!bundle.generator || !info.generator) throw lack('generator', 'a mapper');
  if (!bundle.clip || !info.clip) throw lack('clip', 'the CLIP loss');
  if (needs.identity && !bundle.identity) throw lack('identity', 'losses.id above 0');
  if (needs.attributes && !bundle.attributes) throw lack('attributes', '"ask"');

  const models: Models = {
    bundle,
    generator: bundle.generator,
    layerGroups: info.generator.layerGroups,
    clip: bundle.clip,
    clipInput: { size: info.clip.inputResolution, mean: info.clip.mean, std: info.clip.std },
  };
  if (bundle.identity && info.identity) {
    models.identity = { weights: bundle.identity, input: identityInput(info.identity.input) };
  }
  if (bundle.attributes && info.attributes) {
    models.attributes = { weights: bundle.attributes, factors: info.attributes.factors };
  }
  return models;
}

/** What a bundle says of the identity network's picture, as core's preparation takes it. */
function identityInput({ size, crop }: { size: number; crop?: 'ffhq' | undefined }): IdentityInput {
  return crop === 'ffhq' ? { ...ARCFACE_INPUT, size } : { size };
}
