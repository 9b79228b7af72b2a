/**
 * The header that makes an official mapper one of this project's: `train-mapper edit` reads from it which generator the
 * mapper belongs to, and how to apply it. The key and its fields are those of train-mapper's mapper-file.ts.
 */
import { LAYER_GROUPS, MAPPER_STRENGTH } from '@styleclip/core';

const KEY = 'styleclip.mapper';

/** ψ of the latents that the original draws when it is given none. */
const TRUNCATION = 0.7;

/**
 * @param bundle folder of the generator
 * @param generatorSha256 hash of the generator's file there
 */
export function mapperMetadata({
  bundle,
  generatorSha256,
  notes,
}: {
  bundle: string;
  generatorSha256: string;
  notes: Readonly<Record<string, unknown>>;
}): Record<string, string> {
  const { prompt } = notes;
  const header = {
    formatVersion: 1,
    prompt: typeof prompt === 'string' ? prompt : '',
    bundle,
    generatorSha256,
    pixelNorm: 'layers', // official mappers normalise over the axis of layers and depend on it
    strength: MAPPER_STRENGTH,
    layerGroups: [...LAYER_GROUPS],
    truncation: TRUNCATION,
    step: 0, // the file does not say
    heldOutLoss: 0,
  };
  return { [KEY]: JSON.stringify(header) };
}
