/**
 * Which network a file holds, asked of every known layout.
 *
 * The caller says what kind it wants, since that is what the option was called; a file of another kind is then an error
 * that says what it is and which option takes it. Where a file holds several networks of the kind, the one that is an
 * average over training is meant, as everywhere else; if that does not decide, nothing is guessed: the user chooses.
 */
import { failure, quoted, usageError } from '@styleclip/core';
import type { OpenedCheckpoint } from '../open-checkpoint.js';
import { PyTensor } from '../pickle/values.js';
import { tensorsOf } from '../tree.js';
import { arcFace } from './arcface.js';
import { huggingFaceClip } from './hugging-face-clip.js';
import type { Candidate, FoundNetwork, Layout, NetworkKind, Told } from './layout.js';
import { nvidiaAda } from './nvidia-ada.js';
import { nvidiaTf } from './nvidia-tf.js';
import { decoderSource, officialMapper } from './official-mapper.js';
import { openAiClip } from './openai-clip.js';
import { findPlaces } from './places.js';
import { rosinality } from './rosinality.js';
import { withScalars } from './scalars.js';

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

/** Names of averages over training, which programs draw and edit with: `g_ema`, `G_ema`, `params_ema`, `ema_model`, `Gs`. */
const AVERAGE = /^(.*_)?ema(_.*)?$|^Gs$/i;

/** How parts of a model are called: `model-00001-of-00002.safetensors`. */
const PART = /-\d+-of-\d+\.\w+$/;

export interface RecogniseOptions extends Told {
  /** Where the network stands in the file, if there are several: `g_ema`, `models.student`; `.` for the top. */
  readonly key?: string;
}

/**
 * @param file the file's name, for messages
 * @returns the network; for a mapper the generator beside it, then the mapper
 * @throws UserError when the file holds another kind of network, none that is known, several that may be meant, or one
 *   that can't be used
 */
export function recognise(
  checkpoint: OpenedCheckpoint,
  kind: NetworkKind,
  file: string,
  { key, ...told }: RecogniseOptions = {},
): FoundNetwork[] {
  const candidates = candidatesIn(checkpoint, file);
  const ofKind = candidates.filter(({ layout }) => layout.kind === kind);
  if (ofKind.length === 0) throw nothingOf(kind, candidates, checkpoint, file);
  const chosen = choose(ofKind, kind, file, key);
  const found = [chosen];
  if (kind === 'mapper') found.unshift(decoderOf(chosen, candidates, file));
  return found.map(({ describe }) => withScalars(describe(told)));
}

/** Every network that a layout knows. */
function candidatesIn(checkpoint: OpenedCheckpoint, file: string): Candidate[] {
  const places = findPlaces(
    checkpoint.tree,
    file,
    LAYOUTS.flatMap(({ marks }) => marks),
  );
  return LAYOUTS.flatMap((layout) =>
    layout.find(
      layout.marks.flatMap((mark) => places.get(mark) ?? []),
      checkpoint,
      file,
    ),
  );
}

function choose(candidates: readonly Candidate[], kind: NetworkKind, file: string, key: string | undefined): Candidate {
  let left = candidates;
  if (key !== undefined) {
    const path = key === '.' ? '' : key.replace(/\.$/, '');
    const exact = candidates.filter(({ source }) => source === path);
    left = exact.length > 0 ? exact : candidates.filter(({ source }) => source.startsWith(`${path}.`));
    if (left.length === 0) throw usageError(`${file}: no ${kind} at --key ${key}; there is ${list(candidates)}`);
  }
  if (left.length > 1) {
    const averages = left.filter(({ source }) => source.split('.').some((step) => AVERAGE.test(step)));
    if (averages.length > 0) left = averages;
  }
  const [only, ...more] = left;
  if (only === undefined || more.length > 0) {
    throw usageError(`${file}: holds ${left.length} networks that may be meant: ${list(left)}; choose one by --key`);
  }
  return only;
}

function list(candidates: readonly Candidate[]): string {
  const shown = candidates.slice(0, 6).map(({ source, layout }) => `${quoted(source || '.')} (${layout.layout})`);
  return shown.join(', ') + (candidates.length > shown.length ? `, … (${candidates.length} in all)` : '');
}

/** The generator that a mapper was trained with. */
function decoderOf({ source }: Candidate, candidates: readonly Candidate[], file: string): Candidate {
  const generators = candidates.filter(({ layout }) => layout === rosinality);
  const beside = generators.find((generator) => generator.source === decoderSource(source));
  if (beside !== undefined) return beside;
  if (generators.length > 0) return choose(generators, 'generator', file, undefined);
  throw failure(
    `${file}: this mapper's checkpoint has no decoder ("decoder.…" in its state dict), the generator it was trained with`,
  );
}

function nothingOf(
  kind: NetworkKind,
  [other]: readonly Candidate[],
  checkpoint: OpenedCheckpoint,
  file: string,
): Error {
  if (other !== undefined) {
    const { layout } = other;
    return usageError(`${file}: holds a ${layout.kind} (${layout.layout}), not a ${kind}; give it by --${layout.kind}`);
  }
  const known = LAYOUTS.filter((layout) => layout.kind === kind).map(({ layout }) => layout);
  const part = PART.test(file) ? '; it is one part of a model: give its index, or the folder, instead' : '';
  return failure(`${file}: no ${kind} that is known (${known.join(', ')}); ${contents(checkpoint, file)}${part}`);
}

/** What is there instead. */
function contents({ tree }: OpenedCheckpoint, name: string): string {
  if (tree instanceof PyTensor) return `it is one tensor [${tree.tensor.shape.join(', ')}]; latents go by --latents`;
  const names = [...tensorsOf(tree, { name }).keys()];
  if (names.length === 0) return 'there are no tensors in it';
  return `its ${names.length} tensors are called ${names.slice(0, 3).map(quoted).join(', ')}${names.length > 3 ? ' …' : ''}`;
}
