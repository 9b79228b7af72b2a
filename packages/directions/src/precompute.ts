/**
 * The relevance of every style channel (StyleCLIP §6), measured part by part into a run folder:
 *
 *     runs/directions/<name>/statistics.safetensors   mean and standard deviation of every channel
 *                            parts/*.safetensors      what has been measured; all that a resumed run needs
 *                            relevance.arrow          the table, once all parts are there
 *                            summary.json             channels, pictures, time
 */
import { join } from 'node:path';
import {
  bundleInputs,
  createRun,
  disposeNetworks,
  findRun,
  generatorSize,
  itemsOf,
  loadNetworks,
  MAX_READ_BYTES,
  openDevice,
  openStore,
  progress,
  readBundleInfo,
  sha256,
  usageError,
  writeRelevance,
  type Networks,
  type Relevance,
  type Run,
  type RunPlace,
  type Shard,
  type Store,
} from '@styleclip/core';
import type { PrecomputeConfig } from './config.js';
import { layoutOf, withoutToRgb, type Layout } from './layout.js';
import { finishedParts, loadPart, savePart } from './parts.js';
import { probeByFiniteDifferences } from './probe/finite-difference.js';
import { probeByJacobian } from './probe/jacobian.js';
import type { Arrays, Directions, Part, Prober } from './probe/prober.js';
import { inputsHash, readShardFile, shardFileName, writeShardFile, type ShardParts } from './shard-file.js';
import { loadStatistics, measureStatistics, saveStatistics, type StyleStatistics } from './statistics.js';
import { openStyleSource, type StyleSource } from './style-source.js';

/** Settings that are not part of the measurement. */
export interface PrecomputeOptions {
  /** Folder of all runs. */
  root?: string;
  /** Go on with a run that was stopped. */
  resume?: boolean;
  /** Replace a run of this name. */
  force?: boolean;
  /** Do only a share of the parts: every `count`-th from `index` on; `mergeShards` puts the table together. */
  shard?: Shard;
  /** Where a shard's file goes; the folder of shards beside the run by default. */
  store?: Store;
}

/** summary.json, and the last line on stdout. */
export interface PrecomputeSummary {
  channels: number;
  images: number;
  /** Pictures drawn, counted in whole ones: layers that were shared don't count twice, a derivative counts as two more. */
  generatorPasses: number;
  /** Pictures that the paper's way draws, each whole: two for each channel of each picture. */
  naivePasses: number;
  seconds: number;
  channelsPerSecond: number;
  method: PrecomputeConfig['method'];
  /** The table; null for a shard. */
  file: string | null;
  sha256: string | null;
  device: string;
}

/** The file of a run's table. */
export const RELEVANCE_FILE = 'relevance.arrow';
export const STATISTICS_FILE = 'statistics.safetensors';

/** Opened for a configuration: networks, latents, and what is known of the channels. */
export interface Opened {
  networks: Networks;
  layout: Layout;
  source: StyleSource;
  /** Resolution at which pictures are looked at. */
  stopAt: number;
  openProber(statistics: StyleStatistics): Promise<Prober>;
  dispose(): Promise<void>;
}

/** Where the run lies and what it is made from. @throws UserError when the bundle is not there */
export async function placePrecompute(
  config: PrecomputeConfig,
  { shard, store: _store, ...options }: PrecomputeOptions,
): Promise<RunPlace> {
  return {
    ...options,
    package: 'directions',
    name: shard ? `${config.name}.shard-${shard.index + 1}-of-${shard.count}` : config.name,
    config,
    mayChange: ['device', 'threads'],
    inputs: bundleInputs(config.bundle, await readBundleInfo(config.bundle)),
  };
}

/** Opens networks, device and latents. @throws UserError for what the bundle or the machine can't give */
export async function open(config: PrecomputeConfig): Promise<Opened & { device: string }> {
  if (config.aliasing && config.method === 'jacobian')
    throw usageError("aliasing: a fault of the finite differences; method 'jacobian' has none, so leave it out");
  const networks = await loadNetworks(config.bundle);
  try {
    const device = await openDevice(config.device, config.threads > 0 ? { threads: config.threads } : {});
    const source = openStyleSource(networks, device, config);
    const layout = layoutOf(networks.generator);
    const stopAt = Math.min(generatorSize(networks.generator).resolution, 2 ** Math.floor(Math.log2(config.upTo)));
    const openWay = config.method === 'jacobian' ? probeByJacobian : probeByFiniteDifferences;
    return {
      networks,
      layout,
      source,
      stopAt,
      device: device.name,
      openProber: (statistics) => openWay({ config, networks, device, source, statistics, layout, stopAt }),
      async dispose() {
        await source.dispose();
        disposeNetworks(networks);
      },
    };
  } catch (error) {
    disposeNetworks(networks);
    throw error;
  }
}

/**
 * Measures, and leaves a run folder. A run that is finished stays as it is, when it is to be gone on with.
 * @throws UserError for anything the user can mend; Interrupted after Ctrl-C, when all finished parts are saved
 */
export async function precompute(
  config: PrecomputeConfig,
  options: PrecomputeOptions = {},
): Promise<{ dir: string; summary: PrecomputeSummary; finished: boolean }> {
  const place = await placePrecompute(config, options);
  const { shard } = options;
  if (shard && !options.force) {
    const there = await readShard(config, { ...options, shard });
    if (there) {
      const { dir } = await findRun({ ...place, resume: true });
      return { dir, summary: there.summary, finished: true };
    }
  }
  const found = await findRun(place);
  if (found.summary) return { dir: found.dir, summary: found.summary as PrecomputeSummary, finished: true };

  const opened = await open(config);
  const { networks, layout } = opened;
  const run = await createRun({ ...place, environment: { device: opened.device, seed: config.seed } });
  process.stderr.write(`device ${opened.device}; run folder ${run.dir}\n`);
  let prober: Prober | undefined;
  try {
    const statistics = await statisticsOf(run, config, opened);
    prober = await opened.openProber(statistics);
    const own = itemsOf(prober.parts, shard);
    const seconds = await computeParts(run, prober, own);

    const table = shard ? undefined : join(run.dir, RELEVANCE_FILE);
    if (table !== undefined) {
      const directions = await prober.assemble(async (part) => (await loadPart(run.dir, part)).arrays);
      await writeRelevance(table, relevanceOf(config, networks, layout, statistics, directions));
    }
    const share = own.length / prober.parts.length;
    const summary: PrecomputeSummary = {
      channels: layout.channels,
      images: config.images,
      generatorPasses: Math.round(own.reduce((sum, { passes }) => sum + passes, 0)),
      naivePasses: Math.round(2 * layout.channels * config.images * share),
      seconds,
      channelsPerSecond: (layout.channels * share) / seconds,
      method: config.method,
      file: table ?? null,
      sha256: table === undefined ? null : await sha256(table),
      device: opened.device,
    };
    if (shard) {
      const arrays = new Map<string, Arrays>();
      for (const part of own) arrays.set(part.id, (await loadPart(run.dir, part)).arrays);
      const made = { shard, inputs: inputsHash(config, place.inputs ?? {}), summary: { ...summary } };
      await storeOf(config, options).create(shardFileName(config.name, shard), writeShardFile(arrays, made));
    }
    await run.writeSummary(summary);
    return { dir: run.dir, summary, finished: false };
  } finally {
    run.close();
    await prober?.dispose();
    await opened.dispose();
  }
}

/** Where the files of shards are. */
function storeOf(config: PrecomputeConfig, { store, root = 'runs' }: PrecomputeOptions): Store {
  return store ?? openStore(join(root, 'directions', `${config.name}.shards`));
}

/**
 * A finished shard out of the store; undefined where it is not there.
 * @throws UserError when it is damaged, or of other work
 */
export async function readShard(
  config: PrecomputeConfig,
  options: PrecomputeOptions & { shard: Shard },
): Promise<{ parts: ShardParts; summary: PrecomputeSummary; where: string } | undefined> {
  const { shard } = options;
  const store = storeOf(config, options);
  const file = shardFileName(config.name, shard);
  const where = `${store.url.replace(/\/+$/, '')}/${file}`;
  const bytes = await store.read(file, MAX_READ_BYTES);
  if (!bytes) return undefined;
  const inputs = inputsHash(config, bundleInputs(config.bundle, await readBundleInfo(config.bundle)));
  const { parts, summary } = await readShardFile(where, bytes, { shard, inputs });
  return { parts, summary: summary as unknown as PrecomputeSummary, where };
}

/** Mean and standard deviation of the styles: the run's own, or counted now. */
export async function statisticsOf(
  run: Run,
  config: PrecomputeConfig,
  { networks, source }: Opened,
): Promise<StyleStatistics> {
  const path = join(run.dir, STATISTICS_FILE);
  const { generator } = networks;
  const before = await loadStatistics(path, generator).catch(() => undefined); // counted again where it is not whole
  if (before) return before;
  const bar = progress({ total: config.statistics, label: 'statistics', unit: 'latents' });
  const statistics = await measureStatistics(source, config.statistics, async (done) => {
    bar.update(done);
    if (await run.poll()) throw run.interruption(0);
  });
  bar.stop();
  await saveStatistics(path, generator, statistics, {
    generatorSha256: networks.info.generator!.sha256,
    seed: String(config.seed),
    truncation: String(config.truncation),
  });
  return statistics;
}

/** Does the parts that are not there yet. @returns the seconds that all of them took, earlier ones too */
async function computeParts(run: Run, prober: Prober, own: readonly Part[]): Promise<number> {
  const finished = await finishedParts(run.dir);
  const picturesOf = (parts: readonly Part[]) => parts.reduce((sum, { pictures }) => sum + pictures, 0);
  const there = own.filter(({ id }) => finished.has(id));
  let done = picturesOf(there);
  let seconds = 0;
  for (const part of there) seconds += (await loadPart(run.dir, part)).seconds;
  const bar = progress({ total: picturesOf(own), label: 'relevance', start: done, unit: 'pictures' });
  try {
    for (const [i, part] of own.entries()) {
      if (finished.has(part.id)) continue;
      const began = performance.now();
      const arrays: Arrays = await prober.compute(part, async (pictures) => {
        bar.update((done += pictures));
        if (await run.poll()) throw run.interruption(i);
      });
      const took = (performance.now() - began) / 1000;
      await savePart(run.dir, part, arrays, took);
      seconds += took;
    }
  } finally {
    bar.stop();
  }
  return seconds;
}

/** The table with all that belongs to it. */
export function relevanceOf(
  config: PrecomputeConfig,
  { generator, info }: Networks,
  layout: Layout,
  statistics: StyleStatistics,
  { direction, magnitude }: Directions,
): Relevance {
  const { layers, channels } = layout;
  const perChannel = <T>(value: (layer: (typeof layers)[number], c: number) => T): T[] =>
    layers.flatMap((layer) => Array.from({ length: layer.channels }, (_, c) => value(layer, c)));
  return {
    layer: Int16Array.from(perChannel(({ index }) => index)),
    name: perChannel(({ name }) => name),
    channel: Int16Array.from(perChannel((_, c) => c)),
    resolution: Int16Array.from(perChannel(({ resolution }) => resolution)),
    mean: withoutToRgb(statistics.mean, layout),
    std: withoutToRgb(statistics.std, layout),
    direction,
    magnitude,
    width: direction.length / channels,
    metadata: {
      formatVersion: '1',
      generatorSha256: info.generator!.sha256,
      clipSha256: info.clip!.sha256,
      images: String(config.images),
      amplitude: String(config.amplitude),
      method: config.method,
      seed: String(config.seed),
      source: describe(config, generatorSize(generator).resolution),
    },
  };
}

/** How a table was made, in words. */
function describe(config: PrecomputeConfig, resolution: number): string {
  const { around, aliasing, projections, groups, truncation, statistics, upTo } = config;
  const way =
    config.method === 'jacobian'
      ? `derivatives by ${projections === 0 ? 'every dimension' : `${projections} random directions a picture`}${groups > 0 ? `, along the way in ${groups} groups` : ', in place'}`
      : `around the ${around === 'mean' ? 'mean' : "sample's own style"}${aliasing ? ', probed channels stay at their mean' : ''}`;
  return `styleclip directions: ${way}; truncation ${truncation}, statistics of ${statistics} latents, pictures at ${Math.min(upTo, resolution)}`;
}
