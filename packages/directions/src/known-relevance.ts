/** A relevance file held against the networks that it is to be used with. */
import { existsSync } from 'node:fs';
import { failure, openFile, readRelevance, type Networks, type Relevance } from '@styleclip/core';
import type { Layout } from './layout.js';

/** @throws UserError that says how to make a file that is not there */
export function requireTable(path: string): void {
  if (existsSync(path)) return;
  throw failure(
    `${path}: no relevance file there; make it by: nx run directions:precompute (or name another by --relevance, or take --direct)`,
  );
}

/**
 * Reads a relevance file. Layers that it has no direction for (files with fewer rows were made up to a lower resolution) are
 * left alone.
 * @throws UserError when it is missing, damaged, or of other networks
 */
export async function loadRelevance(path: string, { info, dir }: Networks, layout: Layout): Promise<Relevance> {
  requireTable(path);
  const file = await openFile(path);
  let relevance: Relevance;
  try {
    relevance = await readRelevance(file);
  } finally {
    await file.close();
  }
  const { generatorSha256, clipSha256 } = relevance.metadata;
  for (const [kind, found, wanted] of [
    ['generator', generatorSha256, info.generator?.sha256],
    ['clip', clipSha256, info.clip?.sha256],
  ] as const) {
    if (found !== 'unknown' && found !== wanted)
      throw failure(
        `${path}: was measured with another ${kind} (${found.slice(0, 12)}…) than that of ${dir} (${(wanted ?? 'none').slice(0, 12)}…); measure it anew by: nx run directions:precompute --force`,
      );
  }
  return fitted(relevance, layout, path);
}

/** The table with a row for each channel of the generator. */
function fitted(relevance: Relevance, { layers, channels }: Layout, path: string): Relevance {
  const rows = relevance.layer.length;
  const wanted = layers.flatMap(({ index, channels: width }) =>
    Array.from({ length: width }, (_, c) => `${index}:${c}`),
  );
  const wrong = [...relevance.layer].findIndex((layer, row) => `${layer}:${relevance.channel[row]}` !== wanted[row]);
  if (rows > channels || wrong >= 0)
    throw failure(
      `${path}: ${rows} channels that are not those of this generator (${channels}, toRGB left out)${wrong >= 0 && rows <= channels ? `, from row ${wrong} on` : ''}`,
    );
  if (rows === channels) return relevance;
  const longer = (values: Float32Array, length: number): Float32Array => {
    const all = new Float32Array(length);
    all.set(values);
    return all;
  };
  const perChannel = layers.flatMap((layer) => Array.from({ length: layer.channels }, (_, c) => ({ layer, c })));
  return {
    ...relevance,
    layer: Int16Array.from(perChannel, ({ layer }) => layer.index),
    name: perChannel.map(({ layer }) => layer.name),
    channel: Int16Array.from(perChannel, ({ c }) => c),
    resolution: Int16Array.from(perChannel, ({ layer }) => layer.resolution),
    mean: longer(relevance.mean, channels),
    std: longer(relevance.std, channels),
    direction: longer(relevance.direction, channels * relevance.width),
    ...(relevance.magnitude && { magnitude: longer(relevance.magnitude, channels) }),
  };
}
