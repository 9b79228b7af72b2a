/**
 * Shards joined: the parts that machines have measured each on its own, put together as if one had done all the work. The
 * table is the same, byte for byte, where the machines compute alike, since parts are functions of the configuration and are
 * joined in one order; another kind of processor may round the last digits differently.
 */
import { join } from 'node:path';
import { createRun, failure, findRun, sha256, shardText, writeRelevance, type Shard } from '@styleclip/core';
import type { PrecomputeConfig } from './config.js';
import {
  open,
  placePrecompute,
  readShard,
  RELEVANCE_FILE,
  relevanceOf,
  statisticsOf,
  type PrecomputeOptions,
  type PrecomputeSummary,
} from './precompute.js';
import type { Arrays, Prober } from './probe/prober.js';

/**
 * Puts the shards of a configuration together into the run that has its name.
 * @param count how many shards there are
 * @param commandFor the command that makes a shard, for the error that names those that are missing
 * @throws UserError when shards are missing, damaged, or of another configuration or other networks
 */
export async function mergeShards(
  config: PrecomputeConfig,
  count: number,
  options: Omit<PrecomputeOptions, 'shard'> = {},
  commandFor = (shard: Shard): string => `directions precompute --shard ${shardText(shard)}`,
): Promise<{ dir: string; summary: PrecomputeSummary }> {
  const place = await placePrecompute(config, options);
  const found = await findRun(place);
  if (found.summary) return { dir: found.dir, summary: found.summary as PrecomputeSummary };
  const arrays = new Map<string, Arrays>();
  const summaries: PrecomputeSummary[] = [];
  const missing: Shard[] = [];
  for (let index = 0; index < count; index++) {
    const shard = { index, count };
    const there = await readShard(config, { ...options, shard });
    if (!there) missing.push(shard);
    else summaries.push(there.summary);
    there?.parts.forEach((own, id) => arrays.set(id, own));
  }
  if (missing.length > 0)
    throw failure(
      `${missing.length} of ${count} shards ${missing.length === 1 ? 'is' : 'are'} missing; ${missing.length === 1 ? 'it is' : 'they are'} made by:\n${missing.map((shard) => `  ${commandFor(shard)}`).join('\n')}`,
    );

  const opened = await open(config);
  const run = await createRun({ ...place, environment: { device: opened.device, seed: config.seed } });
  let prober: Prober | undefined;
  try {
    const statistics = await statisticsOf(run, config, opened);
    prober = await opened.openProber(statistics);
    const directions = await prober.assemble((part) => {
      const own = arrays.get(part.id);
      if (!own) throw failure(`${part.id}: in none of the shards; they were made for another number of parts`);
      return Promise.resolve(own);
    });
    const table = join(run.dir, RELEVANCE_FILE);
    await writeRelevance(table, relevanceOf(config, opened.networks, opened.layout, statistics, directions));
    const total = (key: 'generatorPasses' | 'naivePasses' | 'seconds') =>
      summaries.reduce((sum, summary) => sum + summary[key], 0);
    const summary: PrecomputeSummary = {
      ...summaries[0]!,
      generatorPasses: total('generatorPasses'),
      naivePasses: total('naivePasses'),
      seconds: total('seconds'),
      channelsPerSecond: opened.layout.channels / total('seconds'),
      file: table,
      sha256: await sha256(table),
    };
    await run.writeSummary(summary);
    return { dir: run.dir, summary };
  } finally {
    run.close();
    await prober?.dispose();
    await opened.dispose();
  }
}
