/**
 * Who a file is from, as far as what lies around it says: the repository that Hugging Face's cache keeps it for, the model's
 * name in its configuration, the licence in the front matter of the README beside it. A layout says nothing of this: every
 * CLIP that was trained since has OpenAI's or Hugging Face's names.
 */
import { readFile, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { ClipProgram } from './read-clip-config.js';

export interface Origin {
  /** On Hugging Face: `laion/CLIP-ViT-B-32-laion2B-s34B-b79K`. */
  readonly repository?: string;
  /** The licence that the README beside it declares, such as `mit`. */
  readonly declared?: string;
  /** The program whose configuration lies beside it. */
  readonly program?: ClipProgram;
}

/** A model card with front matter. */
const CARD = 'README.md';
const MAX_CARD_BYTES = 1_000_000;

/**
 * @param path the file, as the user wrote it
 * @param config what its configuration says
 */
export async function originOf(
  path: string,
  config?: { readonly program: ClipProgram; readonly model?: string },
): Promise<Origin> {
  const repository = cachedRepository(path) ?? modelName(config?.model);
  const declared = await declaredLicence(join(dirname(path), CARD));
  return {
    ...(repository !== undefined && { repository }),
    ...(declared !== undefined && { declared }),
    ...(config && { program: config.program }),
  };
}

/** The repository of a file in Hugging Face's cache: `…/models--owner--name/snapshots/<revision>/<file>`. */
export function cachedRepository(path: string): string | undefined {
  const [, owner, name] = /[/\\]models--([\w.-]+?)--([\w.-]+)[/\\]snapshots[/\\]/.exec(resolve(path)) ?? [];
  return owner === undefined ? undefined : `${owner}/${name}`;
}

/** A name on Hugging Face; configurations have paths of the author's machine in its place, too. */
function modelName(name: string | undefined): string | undefined {
  return name !== undefined && /^[\w-][\w.-]{0,95}\/[\w-][\w.-]{0,95}$/.test(name) ? name : undefined;
}

async function declaredLicence(card: string): Promise<string | undefined> {
  const size = await stat(card).then(
    (it) => (it.isFile() ? it.size : Infinity),
    () => Infinity,
  );
  if (size > MAX_CARD_BYTES) return undefined;
  const text = await readFile(card, 'utf8').catch(() => '');
  const [, front = ''] = /^\ufeff?---\r?\n([\s\S]*?)\r?\n---/.exec(text) ?? [];
  return /^licen[sc]e:[ \t]*["']?([\w.-]{1,60})["']?[ \t]*\r?$/m.exec(front)?.[1];
}
