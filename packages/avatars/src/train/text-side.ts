/**
 * Trains the text side of a bundle's CLIP anew for the words that the grammar has by now, and leaves the picture side as
 * it is: minutes instead of the time of the whole of CLIP. Starts from the bundle's own text side, whose vocabulary
 * grows to the present one, and writes back into the bundle.
 */
import { createHash } from 'node:crypto';
import { createRun, failure, loadBundle, Random, writeBundlePart, type Weights } from '@styleclip/core';
import { openDataset } from '../dataset.js';
import { measureClip, type ClipMeasure } from '../measures/clip.js';
import { isVisual, withoutPrototypes } from './alignment.js';
import { captionVocabulary } from './caption-batch.js';
import { withVocabulary } from './known-words.js';
import { TEXT_STEPS, tuneText } from './tune-text.js';

export interface TrainTextSideOptions {
  /** Folders of rendered training and held-out pictures. */
  readonly train: string;
  readonly heldOut: string;
  /** The bundle whose CLIP is taken, and which gets it back. */
  readonly bundle: string;
  readonly name?: string;
  readonly resume?: boolean;
  readonly force?: boolean;
  readonly steps?: number;
  /** Pictures in a step. */
  readonly batch?: number;
  readonly learningRate?: number;
  readonly seed?: number;
  readonly threads?: number;
}

export async function trainTextSide(options: TrainTextSideOptions): Promise<ClipMeasure> {
  const {
    train,
    heldOut,
    bundle,
    name = 'clip',
    resume = false,
    force = false,
    steps = TEXT_STEPS,
    batch = 192,
    learningRate = 1e-3,
    seed = 1,
    threads = 1,
  } = options;
  const { clip, info } = await loadBundle(bundle);
  if (!clip || !info.clip) throw failure(`${bundle}: the bundle has no CLIP; train one by avatars:train-clip`);
  const renders = await openDataset(train);
  const test = await openDataset(heldOut);
  const run = await createRun({
    package: 'avatars',
    name: `${name}-words`,
    config: { pictureSide: fingerprint(clip), train, steps, batch, learningRate, seed },
    resume,
    force,
    mayChange: ['train'],
  });
  const vocabulary = captionVocabulary();
  const { trainable, fixed } = withVocabulary(clip, vocabulary, new Random(seed).fork('words'));
  const tuned = await tuneText({
    run,
    params: trainable,
    fixed,
    renders,
    vocabulary,
    steps,
    batch,
    learningRate,
    seed,
    threads,
  });
  const weights = withoutPrototypes({ ...tuned, ...fixed });
  const measured = await measureClip(weights, test, { threads });
  await run.writeSummary({
    clip: measured.canonical,
    clipParaphrase: measured.paraphrase,
    clipFurther: measured.further,
  });
  run.close();
  renders.close();
  test.close();
  const { inputResolution, mean, std, embedding, context } = info.clip;
  await writeBundlePart(bundle, 'clip', weights, { inputResolution, mean, std, embedding, context });
  return measured;
}

/** Of the picture side, which this training leaves alone: a run goes on with the pictures it began with. */
function fingerprint(clip: Weights): string {
  const hash = createHash('sha256');
  for (const name of Object.keys(clip).filter(isVisual).sort()) {
    const values = clip[name]!.dataSync();
    hash.update(name).update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  }
  return hash.digest('hex').slice(0, 16);
}
