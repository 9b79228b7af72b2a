/**
 * A trained mapper as one file: best.safetensors, whose header says all that is needed to apply it again.
 *
 * A mapper belongs to the generator it was trained with (issue 107 of the original: mappers that "do nothing" were run
 * with another decoder), so the header holds the generator's hash and applying it to another one is an error. It also
 * holds PixelNorm's axis, the strength and the layer groups, which the official inference script must be told again by hand.
 */
import { z } from 'zod';
import { failure, readSafetensors, saveWeights, toTensor, type Weights } from '@styleclip/core';

const KEY = 'styleclip.mapper';

const header = z.object({
  formatVersion: z.literal(1),
  prompt: z.string(),
  bundle: z.string(),
  generatorSha256: z.string(),
  pixelNorm: z.enum(['features', 'layers']),
  strength: z.number(),
  layerGroups: z.tuple([z.number(), z.number()]),
  truncation: z.number(),
  step: z.number(),
  heldOutLoss: z.number(),
});

/** What a mapper's file says about it. */
export type MapperHeader = z.infer<typeof header>;

/** Saves a mapper with its header, whole or not at all. */
export async function saveMapper(path: string, mapper: Weights, about: MapperHeader): Promise<void> {
  await saveWeights(path, mapper, { metadata: { [KEY]: JSON.stringify(about) } });
}

/**
 * Loads what `saveMapper` wrote. The caller disposes the tensors.
 * @throws UserError when the file is missing or is not a mapper
 */
export async function loadMapper(path: string): Promise<{ mapper: Weights; header: MapperHeader }> {
  const { tensors, metadata } = await readSafetensors(path);
  const about = header.safeParse(parseJson(metadata[KEY]));
  if (!about.success)
    throw failure(
      `${path}: not a mapper of this project (its header has no valid "${KEY}"); train one with: nx run train-mapper`,
    );
  const mapper: Weights = {};
  for (const [name, tensor] of Object.entries(tensors)) mapper[name] = toTensor(tensor, `${path}: "${name}"`);
  return { mapper, header: about.data };
}

function parseJson(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
