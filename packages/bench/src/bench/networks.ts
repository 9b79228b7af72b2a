/**
 * The networks that the benchmark times, by name: full-size networks with formula weights, or a bundle's folder.
 */
import { formulaArcFace } from '../parity/formula-arcface.js';
import { CLIP_SIDE, formulaClip } from '../parity/formula-clip.js';
import { formulaGenerator } from '../parity/formula-generator.js';
import {
  ARCFACE_INPUT,
  CLIP_MEAN,
  CLIP_STD,
  generatorSize,
  loadBundle,
  type ClipInput,
  type IdentityInput,
  type Weights,
} from '@styleclip/core';

export interface BenchNetworks {
  readonly generator: Weights;
  /** Absent where only pictures are made. */
  readonly clip?: Weights;
  readonly identity?: Weights;
  readonly clipInput: ClipInput;
  readonly identityInput: IdentityInput;
}

/** The name of StyleGAN2 1024² config-f, CLIP ViT-B/32 and IR-SE50 with formula weights. */
export const FFHQ1024_FORMULA = 'ffhq1024-formula';

/**
 * @param model `ffhq1024-formula` or a bundle's folder
 * @param judges load CLIP and the identity network too
 * @throws UserError when there is no such bundle
 */
export async function benchNetworks(model: string, judges: boolean): Promise<BenchNetworks> {
  if (model === FFHQ1024_FORMULA) {
    return {
      generator: formulaGenerator(),
      ...(judges && { clip: imageSide(formulaClip()), identity: formulaArcFace() }),
      clipInput: { size: CLIP_SIDE, mean: CLIP_MEAN, std: CLIP_STD },
      identityInput: ARCFACE_INPUT,
    };
  }
  const bundle = await loadBundle(model, { parts: judges ? ['generator', 'clip', 'identity'] : ['generator'] });
  const { clip, identity } = bundle.info;
  return {
    generator: bundle.generator,
    ...(judges && { clip: bundle.clip as Weights, identity: bundle.identity as Weights }),
    clipInput: { size: clip?.inputResolution ?? 0, mean: clip?.mean, std: clip?.std },
    identityInput: {
      size: identity?.input.size ?? 0,
      ...(identity?.input.crop === 'ffhq' && { crop: ARCFACE_INPUT.crop }),
    },
  };
}

/** CLIP without the text transformer, which a step does not run. */
function imageSide(clip: Weights): Weights {
  const kept: Weights = {};
  for (const [name, tensor] of Object.entries(clip)) {
    if (name.startsWith('visual.')) kept[name] = tensor;
    else tensor.dispose();
  }
  return kept;
}

/** Height, width and W+ layers of the pictures that are timed. */
export const sizeOfPictures = (networks: BenchNetworks) => generatorSize(networks.generator);
