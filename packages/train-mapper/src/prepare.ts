/**
 * Everything that is checked and opened before a training begins; `--dry-run` stops here.
 *
 * The checks that need the bundle stand in one block: a training never fails after minutes for what could be known at
 * its start. What a configuration fixes is resolved here, once; everything after gets the parts it needs.
 */
import {
  checkAsk,
  disposeAll,
  disposeNetworks,
  generatorSize,
  groupRows,
  loadNetworks,
  MAPPER_GROUPS,
  openDevice,
  openLatents,
  requireKnownWords,
  textTarget,
  tf,
  usageError,
  type Device,
  type LatentSource,
  type LayerGroups,
  type MapperGroup,
  type Networks,
  type TextTarget,
  type Weights,
} from '@styleclip/core';
import type { TrainMapperConfig } from './config.js';
import type { StepParts } from './step.js';

/** What a training works with. */
export interface Prepared {
  networks: Networks;
  device: Device;
  latents: LatentSource;
  /** Groups that are on and have rows in this generator. */
  groups: MapperGroup[];
  /** How the mapper is applied. */
  mapping: StepParts['mapping'];
  /** What pictures are compared with. */
  text: TextTarget;
  /** Words of the texts that this CLIP has no embedding for. */
  unknownWords: string[];
}

/**
 * Opens networks, device and latents for a configuration.
 * @throws UserError for whatever the configuration asks and the bundle, the machine or the file can't give
 */
export async function prepare(config: TrainMapperConfig): Promise<Prepared> {
  const { ask, ignore, seed, losses, mapper, prompt } = config;
  const networks = await loadNetworks(config.bundle, {
    identity: losses.id > 0,
    attributes: ask !== undefined || ignore.length > 0,
  });
  const { generator, layerGroups, clip } = networks;
  let text: TextTarget | undefined;
  try {
    checkAsk(networks, { ask, ignore });
    const groups = activeGroups(generator, layerGroups, mapper.groups);
    const neutral = losses.directional > 0 ? losses.neutral : undefined;
    const unknownWords = new Set(requireKnownWords(clip, prompt, 'prompt'));
    for (const word of neutral === undefined ? [] : requireKnownWords(clip, neutral, 'losses.neutral'))
      unknownWords.add(word);
    const device = await openDevice(config.device, config.threads > 0 ? { threads: config.threads } : {});
    text = textTarget(clip, { prompt, ...(neutral !== undefined && { neutral }) });
    const latents = await openLatents(config.latents, { generator, layerGroups, device, seed });
    const mapping = { pixelNorm: mapper.pixelNorm, strength: mapper.strength, layerGroups };
    return { networks, device, latents, groups, mapping, text, unknownWords: [...unknownWords] };
  } catch (error) {
    disposeAll(text);
    disposeNetworks(networks);
    throw error;
  }
}

/** Groups to train: those that are on, and have rows in a generator of this size. */
function activeGroups(
  generator: Weights,
  layerGroups: LayerGroups,
  on: Readonly<Record<MapperGroup, boolean>>,
): MapperGroup[] {
  const { layers } = generatorSize(generator);
  const rows = groupRows(layers, layerGroups);
  const groups = MAPPER_GROUPS.filter((group) => on[group] && rows[group][1] > rows[group][0]);
  if (groups.length === 0) {
    throw usageError(
      `mapper.groups: this generator has ${layers} layers, and none of them belongs to a group that is on`,
    );
  }
  return groups;
}

/** Frees what `prepare` opened. */
export async function release({ networks, latents, text }: Prepared): Promise<void> {
  await latents.dispose();
  tf.dispose(text);
  disposeNetworks(networks);
}
