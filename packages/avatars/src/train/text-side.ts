/**
 * Trains the text side of a bundle's CLIP anew for the words that the grammar has by now, and leaves the picture side as
 * it is: minutes instead of the time of the whole of CLIP. Starts from the bundle's own text side, whose vocabulary
 * grows to the present one, and writes back into the bundle.
 */
import { failure, loadBundle, Random, writeBundlePart, type Weights } from '@styleclip/core';
import { openDataset } from '../dataset.js';
import { measureClip, type ClipMeasure } from '../measures/clip.js';
import { isVisual, withoutPrototypes } from './alignment.js';
import { captionVocabulary } from './caption-batch.js';
import { fingerprint } from './fingerprint.js';
import { withVocabulary } from './known-words.js';
import { openTraining, type TrainingOptions } from './open-training.js';
import type { TextSideConfig } from './text-side-config.js';
import { tuneText } from './tune-text.js';

export async function trainTextSide(config: TextSideConfig, options: TrainingOptions = {}): Promise<ClipMeasure> {
  const { bundle, seed, metricsEvery, checkpointEvery } = config;
  const { clip, info } = await loadBundle(bundle, { parts: ['clip'] });
  if (!clip || !info.clip) throw failure(`${bundle}: the bundle has no CLIP; train one by avatars:train-clip`);
  const renders = await openDataset(config.train);
  const test = await openDataset(config.heldOut);
  const { device, run } = await openTraining(config, options, {
    pictureSide: { path: bundle, sha256: pictureSide(clip) },
  });
  try {
    const vocabulary = captionVocabulary();
    const { trainable, fixed } = withVocabulary(clip, vocabulary, new Random(seed).fork('words'));
    const tuned = await tuneText({
      device,
      run,
      config: { text: config, seed, metricsEvery, checkpointEvery },
      params: trainable,
      fixed,
      renders,
      vocabulary,
    });
    const weights = withoutPrototypes({ ...tuned, ...fixed });
    const measured = await measureClip(device, weights, test);
    await run.writeSummary({
      clip: measured.canonical,
      clipParaphrase: measured.paraphrase,
      clipFurther: measured.further,
    });
    const { inputResolution, mean, std, embedding, context } = info.clip;
    await writeBundlePart(bundle, 'clip', weights, { inputResolution, mean, std, embedding, context });
    return measured;
  } finally {
    run.close();
    renders.close();
    test.close();
  }
}

/** Which picture side it is: this training leaves it alone, and goes on only with the one that it began with. */
function pictureSide(clip: Weights): string {
  return fingerprint(Object.fromEntries(Object.entries(clip).filter(([name]) => isVisual(name))));
}
