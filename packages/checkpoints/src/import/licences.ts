/**
 * Under what terms imported weights stand, as far as a file lets one know.
 *
 * A file that the table of known downloads has (by hash) has that licence. Else the source decides, not the layout: what
 * the README beside it declares, whose repository it is from. Where nothing tells the source, the text says so, and names
 * the terms of those who usually publish such files.
 */
import { type KnownFile, knownByHash } from '../fetch/known-files.js';
import type { FoundNetwork } from '../layouts/layout.js';
import type { Origin } from './origin.js';

const NVIDIA =
  'networks published by NVIDIA are under the NVIDIA Source Code License: non-commercial use only; for another network ask its author';

const BY_LAYOUT: Readonly<Record<string, string>> = {
  'NVIDIA StyleGAN2 (PyTorch)': NVIDIA,
  'NVIDIA StyleGAN2 (TensorFlow)': NVIDIA,
  'rosinality StyleGAN2': `conversions keep the licence of the original; ${NVIDIA}`,
  'OpenAI CLIP':
    "not stated: in the layout of OpenAI's program, but none of the files that OpenAI published; if it was made from one, the MIT licence and OpenAI's model card go with it, else see the page it comes from",
  'Hugging Face CLIP': 'not stated: nothing beside the file says whose model it is; see the page it comes from',
  'ArcFace IR-SE':
    'code MIT; the published weights were trained on faces collected from the web (MS-Celeb-1M), a data set that was withdrawn and is meant for non-commercial research',
  'StyleCLIP mapper':
    "StyleCLIP's mappers are under the MIT licence; the generator that they were trained with keeps its own",
};

const OPENAI = "OpenAI's models are under the MIT licence; OpenAI's model card asks not to deploy them untested";
const OPEN_CLIP =
  'not stated: trained with open_clip, by whom its configuration does not say; see the page it comes from';

export interface Terms {
  /** The known file, where the hash is one of the table's. */
  readonly known?: KnownFile;
  readonly licence: string;
}

export function termsOf({ layout }: FoundNetwork, sha256: string, origin: Origin = {}): Terms {
  const known = knownByHash(sha256);
  if (known) return { known, licence: `${known.licence.name} (${known.licence.url})` };
  return { licence: bySource(origin) ?? BY_LAYOUT[layout] ?? 'not known; ask where the file comes from' };
}

function bySource({ repository, declared, program }: Origin): string | undefined {
  const page = repository === undefined ? '' : `https://huggingface.co/${repository}`;
  if (declared !== undefined) return `${declared}, as the README beside it declares${page && ` (${page})`}`;
  if (repository?.startsWith('openai/clip') === true) return `${OPENAI} (${page})`;
  if (repository !== undefined) return `not stated in the file; see ${page}`;
  return program === 'open_clip' ? OPEN_CLIP : undefined;
}
