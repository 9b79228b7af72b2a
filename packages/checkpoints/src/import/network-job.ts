/**
 * A network from the file where it was found to the plan of what will be written: with what no tensor of it shows, which
 * comes from the user, from what lies beside the file, or is computed.
 */
import { sha256, type ClipActivation } from '@styleclip/core';
import { knownByHash } from '../fetch/known-files.js';
import type { FoundNetwork } from '../layouts/layout.js';
import { AVERAGE_SEED, AVERAGED, averageW } from './average-w.js';
import { clipActivation } from './clip-activation.js';
import { type ClipConfig, clipConfigBeside } from './clip-config.js';
import { type ClipFacts, type NetworkPlan, planNetwork } from './network-plan.js';
import type { NetworkSource } from './network-source.js';
import { cachedRepository, type Origin, originOf } from './origin.js';
import type { Heads } from './read-clip-config.js';

/** A network on its way: its file, the plan, and what was learnt of it. */
export interface NetworkJob {
  readonly source: NetworkSource;
  readonly plan: NetworkPlan;
  readonly origin: Origin;
  /** What is worth knowing of how it was read, by name. */
  readonly notes: Readonly<Record<string, unknown>>;
}

export interface JobOptions {
  readonly half?: boolean;
  readonly heads?: Heads;
  readonly activation?: ClipActivation;
}

/** @throws UserError when the network can't become part of a bundle, or nothing says what no tensor shows */
export async function prepareNetwork(
  source: NetworkSource,
  network: FoundNetwork,
  options: JobOptions,
): Promise<NetworkJob> {
  const { half = false } = options;
  // An archive of TorchScript holds its program: what lies beside it is of another file.
  const looksAround = network.kind === 'clip' && source.format !== 'torchscript';
  const config = looksAround ? await clipConfigBeside(source.path, network) : undefined;
  const { clip, notes: clipNotes } = await clipFacts(source, network, { config, options });
  const byOpenClip = config?.program === 'open_clip' && network.layout === 'OpenAI CLIP';
  const found = byOpenClip ? { ...network, layout: 'open_clip' } : network;
  const notes: Record<string, unknown> = { ...found.notes, ...clipNotes };
  // All names and shapes are checked before the mapping network is run for its average.
  let plan = await planNetwork(found, { half, clip });
  const average = found.kind === 'generator' ? await averageW(found) : undefined;
  if (average) {
    notes['wAvg'] = `the mean of ${AVERAGED} w (seed ${AVERAGE_SEED}), computed at import: the file has none`;
    plan = await planNetwork(found, { half, clip, constants: { wAvg: average } });
  }
  return { source, plan, origin: await originOf(source.path, config), notes };
}

/** What no shape of a CLIP shows, and who says so. */
async function clipFacts(
  { path, format }: NetworkSource,
  found: FoundNetwork,
  { config, options }: { config: ClipConfig | undefined; options: JobOptions },
): Promise<{ clip: ClipFacts; notes: Readonly<Record<string, unknown>> }> {
  if (found.kind !== 'clip') return { clip: {}, notes: {} };
  const { imageHeads, textHeads } = { ...config, ...options.heads };
  const heads: Heads = {
    ...(imageHeads !== undefined && { imageHeads }),
    ...(textHeads !== undefined && { textHeads }),
  };
  const { activation, because } = await clipActivation(found, {
    path,
    format,
    config,
    told: options.activation,
    repository: cachedRepository(path),
    known: async () => knownByHash(await sha256(path)),
  });
  const { mean, std } = config ?? {};
  return {
    clip: { ...heads, activation, ...(mean && { mean }), ...(std && { std }) },
    notes: { ...heads, activation: `${activation}, ${because}` },
  };
}
