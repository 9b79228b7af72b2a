/**
 * Which network a file holds, asked of every known layout in turn.
 *
 * The caller says what kind it wants, since that is what the option was called; a file of another kind is then an error
 * that says what it is and which option takes it.
 */
import type { OpenedCheckpoint } from '../open-checkpoint.js';
import { failure, quoted, usageError } from '@styleclip/core';
import { PyTensor } from '../pickle/values.js';
import { tensorsOf } from '../tree.js';
import { arcFace } from './arcface.js';
import { huggingFaceClip } from './hugging-face-clip.js';
import type { FoundNetwork, Layout, NetworkKind } from './layout.js';
import { nvidiaAda } from './nvidia-ada.js';
import { nvidiaTf } from './nvidia-tf.js';
import { officialMapper } from './official-mapper.js';
import { openAiClip } from './openai-clip.js';
import { rosinality } from './rosinality.js';

/** All layouts; a mapper's checkpoint is one before it is the generator inside. */
export const LAYOUTS: readonly Layout[] = [
  officialMapper,
  rosinality,
  nvidiaAda,
  nvidiaTf,
  openAiClip,
  huggingFaceClip,
  arcFace,
];

/**
 * @param file the file's name, for messages
 * @throws UserError when the file holds another kind of network, none that is known, or one that can't be used
 */
export function recognise(checkpoint: OpenedCheckpoint, kind: NetworkKind, file: string): FoundNetwork {
  for (const layout of LAYOUTS) {
    const found = layout.kind === kind ? layout.find(checkpoint, file) : undefined;
    if (found) return found;
  }
  for (const layout of LAYOUTS) {
    if (layout.kind !== kind && layout.find(checkpoint, file)) {
      throw usageError(
        `${file}: holds a ${layout.kind} (${layout.layout}), not a ${kind}; give it by --${layout.kind}`,
      );
    }
  }
  const known = LAYOUTS.filter((layout) => layout.kind === kind).map(({ layout }) => layout);
  throw failure(`${file}: no ${kind} that is known (${known.join(', ')}); ${contents(checkpoint, file)}`);
}

/** What is there instead. */
function contents({ tree }: OpenedCheckpoint, name: string): string {
  if (tree instanceof PyTensor) return `it is one tensor [${tree.tensor.shape.join(', ')}]; latents go by --latents`;
  const names = [...tensorsOf(tree, { name }).keys()];
  if (names.length === 0) return 'there are no tensors in it';
  return `its ${names.length} tensors are called ${names.slice(0, 3).map(quoted).join(', ')}${names.length > 3 ? ' …' : ''}`;
}
