/**
 * Shards joined: the parts that machines have measured each on its own, put together as if one had done all the work. The
 * file is the same, byte for byte, since parts are functions of the configuration and are joined in one order.
 */
import { copyFile, mkdir } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createRun, failure, findRun, sha256, writeRelevance } from '@styleclip/core';
import type { PrecomputeConfig } from './config.js';
import { finishedParts, loadPart, partsOf } from './parts.js';
import {
  open,
  placePrecompute,
  RELEVANCE_FILE,
  relevanceOf,
  STATISTICS_FILE,
  type PrecomputeOptions,
  type PrecomputeSummary,
} from './precompute.js';
import { isOwn } from './shard.js';
import { loadStatistics } from './statistics.js';

/**
 * Puts the shards of a configuration together into the run that has its name.
 * @param of how many shards there are
 * @throws UserError when a shard is missing, not finished, or of another configuration or other networks
 */
export async function mergeShards(
  config: PrecomputeConfig,
  of: number,
  options: Omit<PrecomputeOptions, 'shard'> = {},
): Promise<{ dir: string; summary: PrecomputeSummary }> {
  const shards: { dir: string; summary: PrecomputeSummary }[] = [];
  for (let index = 1; index <= of; index++) {
    const place = await placePrecompute(config, { ...(options.root && { root: options.root }), shard: { index, of } });
    const { dir, going, summary } = await findRun({ ...place, resume: true }); // of another configuration: refused there
    if (!going)
      throw failure(
        `${dir}: shard ${index}/${of} is not there; measure it by: directions precompute --shard ${index}/${of}`,
      );
    if (summary === undefined) throw failure(`${dir}: shard ${index}/${of} is not finished; go on with it by --resume`);
    shards.push({ dir, summary: summary as PrecomputeSummary });
  }
  const opened = await open(config);
  const run = await createRun(await placePrecompute(config, options));
  try {
    const statisticsFile = join(run.dir, STATISTICS_FILE);
    await copyFile(join(shards[0]!.dir, STATISTICS_FILE), statisticsFile);
    const statistics = await loadStatistics(statisticsFile, opened.networks.generator);
    const prober = await opened.openProber(statistics);
    await mkdir(partsOf(run.dir), { recursive: true });
    for (const [i, part] of prober.parts.entries()) {
      const { dir } = shards.find((_, s) => isOwn(i, { index: s + 1, of }))!;
      if (!(await finishedParts(dir)).has(part.id)) throw failure(`${dir}: ${part.id} is missing from this shard`);
      const file = `${part.id}.safetensors`;
      if (!existsSync(join(partsOf(run.dir), file)))
        await copyFile(join(partsOf(dir), file), join(partsOf(run.dir), file));
    }
    const directions = await prober.assemble(async (part) => (await loadPart(run.dir, part)).arrays);
    await prober.dispose();
    const table = join(run.dir, RELEVANCE_FILE);
    await writeRelevance(table, relevanceOf(config, opened.networks, opened.layout, statistics, directions));
    const total = (key: 'generatorPasses' | 'naivePasses' | 'seconds') =>
      shards.reduce((sum, { summary }) => sum + summary[key], 0);
    const summary: PrecomputeSummary = {
      ...shards[0]!.summary,
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
    await opened.dispose();
  }
}
