/**
 * Under what terms imported weights stand, as far as a file lets one know. A file that the table of known downloads has
 * (by hash) has that licence; for others the layout says who usually publishes them.
 */
import { KNOWN_FILES, type KnownFile } from '../fetch/known-files.js';
import type { FoundNetwork } from '../layouts/layout.js';

const NVIDIA =
  'networks published by NVIDIA are under the NVIDIA Source Code License: non-commercial use only; for another network ask its author';

const BY_LAYOUT: Readonly<Record<string, string>> = {
  'NVIDIA StyleGAN2 (PyTorch)': NVIDIA,
  'NVIDIA StyleGAN2 (TensorFlow)': NVIDIA,
  'rosinality StyleGAN2': `conversions keep the licence of the original; ${NVIDIA}`,
  'OpenAI CLIP': "OpenAI's models are under the MIT licence; OpenAI's model card asks not to deploy them untested",
  'Hugging Face CLIP': "OpenAI's models are under the MIT licence; for another model see its page",
  'ArcFace IR-SE':
    'code MIT; the published weights were trained on faces collected from the web (MS-Celeb-1M), a data set that was withdrawn and is meant for non-commercial research',
  'StyleCLIP mapper':
    "StyleCLIP's mappers are under the MIT licence; the generator that they were trained with keeps its own",
};

export interface Terms {
  /** The known file, where the hash is one of the table's. */
  readonly known?: KnownFile;
  readonly licence: string;
}

export function termsOf({ layout }: FoundNetwork, sha256: string): Terms {
  const known = Object.values(KNOWN_FILES.files).find(
    ({ proof }) => typeof proof === 'object' && 'sha256' in proof && proof.sha256 === sha256,
  );
  if (known) return { known, licence: `${known.licence.name} (${known.licence.url})` };
  return { licence: BY_LAYOUT[layout] ?? 'not known; ask where the file comes from' };
}
