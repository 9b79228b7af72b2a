/**
 * What an edit does to pictures, in numbers: hit and leak (see score-edit.ts), identity and CLIP gain.
 *
 *     identity = mean cosine of the face embeddings before and after the edit
 *     clipGain = mean over the pictures of cos(E(after), prompt) − cos(E(before), prompt)
 *
 * Any method's edits are measured by it: it takes pictures before and after, or functions that draw them. What is seen of
 * them is in look-at-edits.ts; here it is counted.
 */
import type { Device } from '../experiment/device.js';
import type { Networks } from '../experiment/networks.js';
import type { tf } from '../tensors/tf.js';
import { openEditLooks, type EditLook } from './look-at-edits.js';
import { scoreEdit, type EditScore, type Readings } from './score-edit.js';

/** Pictures that are measured at once, unless told. */
const BATCH = 20;

/** An edit to be measured, batch by batch. */
export interface Edit<Input extends readonly unknown[]> {
  /** Pictures [N,R,R,3] in [-1,1] before and after the edit. Traced for the device together with what looks at them. */
  pictures: (...input: Input) => { before: tf.Tensor4D; after: tf.Tensor4D };
  /** What `pictures` takes, batch by batch. A batch's tensors belong to who yields it, and are not used past the next. */
  batches: Iterable<Input> | AsyncIterable<Input>;
}

/** What is asked of the pictures. */
export interface Question {
  /** Unit CLIP features of the prompt, [1,E]. */
  prompt: tf.Tensor2D;
  /** A factor of the attribute probe and the values that count as a hit; without it there is no hit and no leak. */
  ask?: { factor: string; values: readonly string[] } | undefined;
  /** Factors that leak does not count. */
  ignore?: readonly string[];
}

/** The numbers of an edit; a field is null where the bundle has no network to measure it, or nothing was asked. */
export interface EditMeasures {
  /** How many were measured. */
  latents: number;
  hit: number | null;
  hitBefore: number | null;
  leak: number | null;
  leakByFactor: Record<string, number> | null;
  identity: number | null;
  clipGain: number;
  clipBefore: number;
  clipAfter: number;
}

/** Measures an edit with the networks that there are. */
export async function measureEdit<Input extends readonly unknown[]>(
  device: Device,
  networks: Pick<Networks, 'clip' | 'clipInput' | 'identity' | 'attributes'>,
  { pictures, batches }: Edit<Input>,
  { prompt, ask, ignore = [] }: Question,
): Promise<EditMeasures> {
  const looks = openEditLooks(device, networks, pictures);
  const seen: EditLook[] = [];
  try {
    for await (const input of batches) seen.push(...(await looks.look(prompt, ...input)));
  } finally {
    await looks.dispose();
  }
  return countLooks(seen, networks.attributes?.factors ?? [], { ask, ignore });
}

/** The numbers of an edit from what was seen of its pictures. */
export function countLooks(
  looks: readonly EditLook[],
  factors: NonNullable<Networks['attributes']>['factors'],
  { ask, ignore = [] }: Pick<Question, 'ask' | 'ignore'>,
): EditMeasures {
  const score = scoreAsked(
    factors,
    { ask, ignore },
    readingsOf(looks.map(({ before }) => before)),
    readingsOf(looks.map(({ after }) => after)),
  );
  const sameness = looks.flatMap(({ identity }) => identity ?? []);
  const clipBefore = mean(looks.map((look) => look.clipBefore));
  const clipAfter = mean(looks.map((look) => look.clipAfter));
  return {
    latents: looks.length,
    hit: score?.hit ?? null,
    hitBefore: score?.hitBefore ?? null,
    leak: score?.leak ?? null,
    leakByFactor: score?.leakByFactor ?? null,
    identity: sameness.length > 0 ? mean(sameness) : null,
    clipGain: clipAfter - clipBefore,
    clipBefore,
    clipAfter,
  };
}

/** Latents [N,L,D] in batches; each is disposed when the next one is asked for. */
export function* batchesOf(latents: tf.Tensor3D, size: number = BATCH): Generator<tf.Tensor3D> {
  const [count] = latents.shape;
  for (let from = 0; from < count; from += size) {
    const batch = latents.slice([from, 0, 0], [Math.min(size, count - from), -1, -1]);
    try {
      yield batch;
    } finally {
      batch.dispose();
    }
  }
}

/** The score of what is asked; undefined when nothing is. */
function scoreAsked(
  factors: NonNullable<Networks['attributes']>['factors'],
  { ask, ignore }: { ask: Question['ask']; ignore: readonly string[] },
  before: Readings,
  after: Readings,
): EditScore | undefined {
  const factor = factors.find(({ name }) => name === ask?.factor);
  if (!ask || !factor) return undefined;
  return scoreEdit(before, after, {
    factor: ask.factor,
    values: ask.values.map((value) => factor.values.indexOf(value)),
    ignore,
  });
}

/** What the probe saw, factor by factor. */
function readingsOf(pictures: readonly (Record<string, number> | undefined)[]): Readings {
  const lists: Record<string, number[]> = {};
  for (const picture of pictures)
    for (const [factor, value] of Object.entries(picture ?? {})) (lists[factor] ??= []).push(value);
  return lists;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
