/**
 * What no shape of a CLIP shows, as the configuration beside its weights says it: the number of attention heads, the
 * activation, and the mean and deviation of its pictures.
 *
 * A configuration counts only if its sizes are those of the weights: folders of downloads hold more than one model.
 */
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { failure, UserError } from '@styleclip/core';
import type { FoundNetwork } from '../layouts/layout.js';
import { jsonBeside } from './json-file.js';
import { checked, CLIP_CONFIG, type ClipStatement, parseClipConfig, type Sizes } from './read-clip-config.js';

export interface ClipConfig extends ClipStatement {
  /** The file that says so, such as `config.json`. */
  readonly from: string;
}

/** Real ones have five thousand bytes. */
const MAX_CONFIG_BYTES = 1_000_000;

/** The pictures' numbers, which Hugging Face keeps apart. */
const triple = z.tuple([z.number(), z.number(), z.number()]).nullish();
const preprocessor = z.looseObject({ image_mean: triple, image_std: triple });

/**
 * @param found the CLIP in `file`
 * @returns undefined where nothing beside the file says anything about it
 * @throws UserError for a damaged configuration, or a model that can't be used
 */
export async function clipConfigBeside(file: string, found: FoundNetwork): Promise<ClipConfig | undefined> {
  const ofHuggingFace = found.layout === 'Hugging Face CLIP';
  const actual = sizesOf(found, ofHuggingFace);
  const names = ['open_clip_config.json', 'config.json'];
  if (ofHuggingFace) names.reverse();
  for (const name of names) {
    const path = join(dirname(file), name);
    const own = name === 'open_clip_config.json' || ofHuggingFace;
    const json = await jsonBeside(file, name, MAX_CONFIG_BYTES, CLIP_CONFIG).catch((error: unknown) => {
      if (own || !(error instanceof UserError)) throw error; // any program may have left a config.json here
    });
    const parsed = parseClipConfig(json, { path, actual });
    if (parsed === undefined) continue;
    const other = difference(parsed.sizes, actual);
    if (other === undefined) return completed(parsed.config, file, name);
    // Beside a Hugging Face model stands its own configuration; anything else may be a neighbour's.
    if (ofHuggingFace && name === 'config.json') throw failure(`${path}: is of another model than ${file}: ${other}`);
  }
  return undefined;
}

/** Adds what stands in further files. */
async function completed(config: ClipStatement, file: string, from: string): Promise<ClipConfig> {
  if (config.program !== 'Hugging Face') return { ...config, from };
  const name = 'preprocessor_config.json';
  const json = await jsonBeside(file, name, MAX_CONFIG_BYTES, CLIP_CONFIG);
  if (json === undefined) return { ...config, from };
  const { image_mean: mean, image_std: std } = checked(preprocessor, json, join(dirname(file), name));
  return { ...config, from, ...(mean != null && { mean }), ...(std != null && { std }) };
}

/** The sizes of the weights themselves. */
function sizesOf({ state }: FoundNetwork, ofHuggingFace: boolean): Sizes {
  const axis = (name: string, i: number): number | undefined => state.get(name)?.shape[i];
  return ofHuggingFace
    ? {
        embed: axis('text_projection.weight', 0),
        image: axis('vision_model.embeddings.class_embedding', 0),
        text: axis('text_model.final_layer_norm.weight', 0),
      }
    : {
        embed: axis('text_projection', 1),
        image: axis('visual.class_embedding', 0),
        text: axis('ln_final.weight', 0),
      };
}

const SIZE_NAMES = { embed: 'the embedding', image: 'the image side', text: 'the text side' } as const;

/** The first size that differs, in words. */
function difference(said: Sizes, actual: Sizes): string | undefined {
  for (const [key, what] of Object.entries(SIZE_NAMES) as [keyof Sizes, string][]) {
    const [a, b] = [said[key], actual[key]];
    if (a !== undefined && b !== undefined && a !== b) return `${what} is ${a} wide there and ${b} in the weights`;
  }
  return undefined;
}
