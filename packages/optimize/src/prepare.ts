/**
 * Everything that is checked and opened before an optimization begins; `--dry-run` stops here.
 *
 * The checks that need the bundle stand in one block: nothing fails after minutes for what could be known at the start.
 * What a configuration fixes is resolved here, once; everything after gets the parts it needs.
 */
import {
  checkAsk,
  disposeAll,
  disposeNetworks,
  encodeTexts,
  loadNetworks,
  openDevice,
  requireKnownWords,
  tf,
  usageError,
  type Device,
  type Networks,
  type ObjectiveOptions,
  type TextTarget,
  type Weights,
} from '@styleclip/core';
import { codeSpace, type CodeSpace } from './code-space.js';
import { editsOf, type EditOptions, type OptimizeConfig } from './config.js';
import { usedLosses } from './edit-loss.js';
import { batchSize, type Weighting } from './rows.js';
import { openStart, type Start } from './start.js';

/** What an optimization works with. */
export interface Prepared {
  networks: Networks;
  device: Device;
  start: Start;
  edits: EditOptions[];
  /** One row of features a text of `edits`. */
  text: TextTarget;
  space: CodeSpace;
  /** The λ's of each point; one, but in a sweep. */
  points: Weighting[];
  /** Rows that are moved at once. */
  batch: number;
  /** The terms that any point uses. */
  losses: ObjectiveOptions;
  /** Words of the texts that this CLIP has no embedding for. */
  unknownWords: string[];
}

/**
 * Opens networks, device, texts and latents.
 * @param options.points sets of weights to be tried; the configuration's own unless told
 * @param options.start opens what is edited, where that is not what the configuration says: inverted pictures
 * @throws UserError for whatever the configuration asks and the bundle, the machine or a file can't give
 */
export async function prepare(
  config: OptimizeConfig,
  {
    points = [config.losses],
    start: startOf = (generator) => openStart(generator, config),
  }: { points?: readonly Weighting[] | undefined; start?: ((generator: Weights) => Promise<Start>) | undefined } = {},
): Promise<Prepared> {
  const edits = editsOf(config);
  const weighed = points.map((point) => ofMode(point, config.mode));
  const losses = usedLosses(config.losses, weighed);
  if (weighed.some(({ clip, directional }) => clip + directional === 0))
    throw usageError('losses: clip and directional are both 0, so nothing pulls towards the prompt');
  const networks = await loadNetworks(config.bundle, {
    identity: losses.id > 0,
    attributes: edits.some(({ ask, ignore }) => ask !== undefined || ignore.length > 0),
  });
  let opened: { space?: CodeSpace; text?: TextTarget; start?: Start } = {};
  try {
    for (const { ask, ignore } of edits) checkAsk(networks, { ask, ignore });
    const space = codeSpace(config.space, { ...networks, groups: config.groups });
    opened = { space };
    const neutral = losses.directional > 0 ? config.losses.neutral : undefined;
    const texts = [...edits.map(({ prompt }) => prompt), ...(neutral === undefined ? [] : [neutral])];
    const unknownWords = texts.flatMap((text, i) => {
      const key = i === edits.length ? 'losses.neutral' : config.edits ? `edits.${i}.prompt` : 'prompt';
      return requireKnownWords(networks.clip, text, key);
    });
    const start = await startOf(networks.generator);
    opened = { space, start };
    const device = await openDevice(config.device, config.threads > 0 ? { threads: config.threads } : {});
    const text = targetsOf(await encodeTexts(device, networks.clip, texts), edits.length);
    return {
      ...{ networks, device, start, edits, text, space, points: weighed, losses },
      batch: batchSize(config.batch, networks.generator),
      unknownWords: [...new Set(unknownWords)],
    };
  } catch (error) {
    disposeAll(opened.space?.mask, opened.start?.wPlus);
    disposeNetworks(networks);
    throw error;
  }
}

/** Free generation follows the text alone, as in the original: there is no picture to stay near. */
function ofMode({ clip, directional, id, l2 }: Weighting, mode: OptimizeConfig['mode']): Weighting {
  return mode === 'free' ? { clip: clip > 0 ? clip : 1, directional: 0, id: 0, l2: 0 } : { clip, directional, id, l2 };
}

/** Rows of features as targets; a row after the texts' own is the neutral one. Disposes `features`. */
function targetsOf(features: tf.Tensor2D, texts: number): TextTarget {
  const target = tf.tidy(() => {
    const prompt = features.slice(0, texts);
    if (features.shape[0] === texts) return { prompt };
    return { prompt, direction: tf.sub(prompt, features.slice(texts, 1)) as tf.Tensor2D };
  });
  features.dispose();
  return target;
}

/** Frees what `prepare` opened. */
export function release({ networks, start, text, space }: Prepared): void {
  disposeAll(start.wPlus, text, space.mask);
  disposeNetworks(networks);
}
