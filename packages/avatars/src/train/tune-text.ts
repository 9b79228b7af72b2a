/**
 * The second part of CLIP's training: the text side alone, against the finished picture side.
 *
 * This is locked-image tuning (Zhai et al., "LiT", CVPR 2022). Pictures are encoded once, so a step costs a text
 * transformer and nothing else, and thousands of them fit into the time of a few hundred joint steps. It is spent on
 * wordings: most texts are shaken (caption-batch.ts), so that sentences nobody wrote down are understood too.
 *
 * Since the picture side stays as it is, the mean picture of each value is known: where no prototypes come from a joint
 * training, they begin there.
 */
import {
  cloneWeights,
  encodeImage,
  prepareForClip,
  Random,
  tf,
  unitRows,
  type Device,
  type Run,
  type Weights,
} from '@styleclip/core';
import type { AvatarDataset } from '../dataset.js';
import type { Avatar } from '../factors.js';
import { CLIP_INPUT } from '../measures/clip.js';
import { inBatches } from '../measures/in-batches.js';
import { alignmentLoss, isVisual, PROTOTYPES } from './alignment.js';
import { captionBatch, type CaptionBatch } from './caption-batch.js';
import type { ClipConfig } from './clip-config.js';
import { TrainingSession } from './session.js';
import { trainingStep } from './step.js';
import { valueDirections } from './value-directions.js';

export interface TuneTextOptions {
  readonly device: Device;
  readonly run: Run;
  readonly config: Pick<ClipConfig, 'text' | 'seed' | 'metricsEvery' | 'checkpointEvery'>;
  /** Parameters of both sides, with the prototypes of a joint training if there are any, and what says how CLIP is built. */
  readonly params: Weights;
  readonly fixed: Weights;
  readonly renders: AvatarDataset;
  readonly vocabulary: readonly number[];
}

/** @returns all parameters, the text side and the logit scale tuned, the rest as they were (copies; the caller disposes them) */
export async function tuneText(options: TuneTextOptions): Promise<Weights> {
  const { device, run, config, params, fixed, renders, vocabulary } = options;
  const { pictures, batch, descriptions, general } = config.text;
  const locked = Object.fromEntries(Object.entries(params).filter(([name]) => isVisual(name)));
  const open = Object.fromEntries(Object.entries(params).filter(([name]) => !isVisual(name)));
  const random = new Random(config.seed).fork('text');

  const { features, avatars } = await encodePictures(device, locked, renders, Math.min(pictures, renders.count));
  const directions = valueDirections(features, avatars);
  const session = await TrainingSession.open({
    run,
    config: { ...config, ...config.text },
    label: 'clip, texts',
    initial: () => cloneWeights({ [PROTOTYPES]: directions, ...open }),
  });
  const width = features.length / avatars.length;
  const loss = (weights: Weights, { chosen, texts }: Examples): tf.Scalar =>
    alignmentLoss(chosen, weights, fixed, texts);
  const step = device.compile(trainingStep(loss, { weightDecay: 0.05 }), { name: 'tune-text' });

  try {
    while (session.running()) {
      const draws = random.fork(`step-${session.step}`);
      const indices = Array.from({ length: batch }, () => draws.int(avatars.length));
      const rows = new Float32Array(batch * width);
      indices.forEach((index, n) => rows.set(features.subarray(index * width, (index + 1) * width), n * width));
      const texts = captionBatch(
        indices.map((index) => avatars[index]!),
        draws,
        { vocabulary, descriptions, general, shaken: 0.6, wordDropout: 0.04 },
      );
      const examples = { chosen: tf.tensor2d(rows, [batch, width]), texts };
      const rates = session.rates();
      const result = await step(session.state, examples, rates);
      await session.advance(result, [{ ...texts, chosen: examples.chosen }, rates]);
      await session.endStep();
    }
    return cloneWeights({ ...locked, ...session.state.average });
  } finally {
    await step.dispose();
    session.dispose();
    directions.dispose();
  }
}

type Examples = { readonly chosen: tf.Tensor2D; readonly texts: CaptionBatch };

/** Unit features of the first pictures of a data set, row after row, and their avatars. */
async function encodePictures(
  device: Device,
  visual: Weights,
  renders: AvatarDataset,
  count: number,
): Promise<{ features: Float32Array; avatars: Avatar[] }> {
  const size = renders.size;
  const encode = device.compile(
    (images: tf.Tensor4D) => unitRows(encodeImage(visual, prepareForClip(images, { size, ...CLIP_INPUT }))),
    { name: 'clip-images' },
  );
  const parts: Float32Array[] = [];
  const avatars: Avatar[] = [];
  for await (const { indices, images } of inBatches(renders, count)) {
    const rows = await encode(images);
    const width = rows.shape[1];
    parts.push(Float32Array.from(rows.dataSync()).subarray(0, indices.length * width));
    avatars.push(...indices.map((index) => renders.factors(index)));
    rows.dispose();
  }
  await encode.dispose();
  const features = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    features.set(part, offset);
    offset += part.length;
  }
  return { features, avatars };
}
