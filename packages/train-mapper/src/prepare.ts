/**
 * Everything that is checked and opened before a training begins; `--dry-run` stops here.
 *
 * The checks that need the bundle stand in one block: a training never fails after minutes for what could be known at
 * its start.
 */
import {
  generatorSize,
  groupRows,
  MAPPER_GROUPS,
  openDevice,
  tf,
  usageError,
  type Device,
  type MapperGroup,
} from '@styleclip/core';
import type { TrainMapperConfig } from './config.js';
import { fileLatents, sampledLatents, type LatentSource } from './latents.js';
import { loadModels, type Models } from './models.js';
import { textTarget, type TextTarget } from './objective.js';

/** What a training works with. */
export interface Prepared {
  config: TrainMapperConfig;
  models: Models;
  device: Device;
  latents: LatentSource;
  /** Groups that are on and have rows in this generator. */
  groups: MapperGroup[];
  /** What pictures are compared with. */
  text: TextTarget;
}

/**
 * Opens models, device and latents for a configuration.
 * @throws UserError for whatever the configuration asks and the bundle, the machine or the file can't give
 */
export async function prepare(config: TrainMapperConfig): Promise<Prepared> {
  const models = await loadModels(config.bundle, {
    identity: config.losses.id > 0,
    attributes: config.ask !== undefined,
  });
  checkAsk(models, config);
  const groups = activeGroups(models, config);
  const text = textTarget(models.clip, config);
  const device = await openDevice(config.device, config.threads > 0 ? { threads: config.threads } : {});
  const { seed, latents: wanted } = config;
  const latents =
    wanted.file === undefined
      ? sampledLatents(models.generator, device, models.layerGroups, { seed, ...wanted })
      : await fileLatents(wanted.file, models.generator, { seed, ...wanted });
  return { config, models, device, latents, groups, text };
}

/** The asked factor and values, and the ignored factors, must be the probe's. */
function checkAsk({ attributes, bundle }: Models, { ask, ignore }: TrainMapperConfig): void {
  if (!attributes) return;
  const names = attributes.factors.map(({ name }) => name);
  const known = `factors of ${bundle.dir}: ${names.join(', ')}`;
  for (const name of ignore) {
    if (!names.includes(name)) throw usageError(`ignore: the probe knows no factor "${name}" (${known})`);
  }
  if (!ask) return;
  const factor = attributes.factors.find(({ name }) => name === ask.factor);
  if (!factor) throw usageError(`ask.factor: the probe knows no factor "${ask.factor}" (${known})`);
  for (const value of ask.values) {
    if (!factor.values.includes(value)) {
      throw usageError(`ask.values: ${ask.factor} has no value "${value}" (it has: ${factor.values.join(', ')})`);
    }
  }
}

/** Groups to train: those that are on, and have rows in a generator of this size. */
function activeGroups({ generator, layerGroups }: Models, { mapper }: TrainMapperConfig): MapperGroup[] {
  const { layers } = generatorSize(generator);
  const rows = groupRows(layers, layerGroups);
  const groups = MAPPER_GROUPS.filter((group) => mapper.groups[group] && rows[group][1] > rows[group][0]);
  if (groups.length === 0) {
    throw usageError(
      `mapper.groups: this generator has ${layers} layers, and none of them belongs to a group that is on`,
    );
  }
  return groups;
}

/** Frees what `prepare` opened. */
export async function release({ models, latents, text }: Prepared): Promise<void> {
  await latents.dispose();
  tf.dispose([text.prompt, text.direction, models.generator, models.clip]);
  if (models.identity) tf.dispose(models.identity.weights);
  if (models.attributes) tf.dispose(models.attributes.weights);
}
