/**
 * Which activation a CLIP's MLPs have: no tensor shows it, and a model that runs with the wrong one gives features that are
 * only a little wrong. So it is never guessed. In order: what the user says, what the configuration beside the weights
 * says, and QuickGELU for OpenAI's layout, since that is the layout of OpenAI's program, which has no other, and for the
 * files that OpenAI published, known by their repository or their hash.
 *
 * The last holds for archives and state dicts of that program. open_clip uses the same names and mostly plain GELU: files
 * that carry its name, and safetensors, which OpenAI never wrote, must say more.
 */
import { basename } from 'node:path';
import { type ClipActivation, usageError } from '@styleclip/core';
import type { KnownFile } from '../fetch/known-files.js';
import type { FoundNetwork } from '../layouts/layout.js';
import type { ClipConfig } from './clip-config.js';

export interface KnownActivation {
  readonly activation: ClipActivation;
  /** Why, for the card and the command's report. */
  readonly because: string;
}

export interface ActivationClues {
  /** The file, as the user wrote it. */
  readonly path: string;
  readonly format: string;
  readonly config?: ClipConfig | undefined;
  /** `--activation` */
  readonly told?: ClipActivation | undefined;
  /** The repository that it was downloaded from, as its place in Hugging Face's cache says. */
  readonly repository?: string | undefined;
  /** The known file with this content; asked last, since it takes reading the whole. */
  readonly known: () => Promise<KnownFile | undefined>;
}

/** @throws UserError when nothing says it */
export async function clipActivation(
  { layout, what }: FoundNetwork,
  { path, format, config, told, repository, known }: ActivationClues,
): Promise<KnownActivation> {
  if (told !== undefined) {
    const contradicted = config !== undefined && config.activation !== told;
    return {
      activation: told,
      because: `as --activation says${contradicted ? `, against ${config.from}, which says ${config.activation}` : ''}`,
    };
  }
  if (config !== undefined) return { activation: config.activation, because: `as ${config.from} says` };
  const byOpenAi = layout === 'OpenAI CLIP' && format !== 'safetensors' && !/^open_?clip/i.test(basename(path));
  if (byOpenAi) {
    return {
      activation: 'quick_gelu',
      because:
        "as in OpenAI's own models, since nothing beside the file says otherwise; if it is another, say --activation gelu",
    };
  }
  if (repository?.startsWith('openai/clip-') === true) {
    return { activation: 'quick_gelu', because: `as in OpenAI's own models, being from ${repository}` };
  }
  // Every CLIP of the table is OpenAI's.
  if ((await known())?.use === 'clip') {
    return { activation: 'quick_gelu', because: "as in OpenAI's own models, of which this is one by its hash" };
  }
  throw usageError(
    `${what}: nothing says which activation it was trained with, and a wrong one gives wrong features: put its configuration (config.json, open_clip_config.json) beside it, or say --activation quick_gelu (OpenAI's models) or --activation gelu (most others)`,
  );
}
