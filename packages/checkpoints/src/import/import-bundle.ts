/**
 * Foreign checkpoints into a bundle: open and recognise every file, check names, shapes and sizes, then hash, convert and
 * put everything in place at once.
 *
 * All that can be known to fail fails before a byte is written. The networks are converted tensor by tensor into a folder
 * beside the bundle, which is renamed when all is there: a run that was stopped leaves the bundle as it was.
 */
import { readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import {
  bundleSchema,
  failure,
  readBundleInfo,
  sha256,
  tf,
  usageError,
  writeFileAtomic,
  writeJsonAtomic,
  type BundleInfo,
  type RawTensor,
} from '@styleclip/core';
import type { FoundNetwork, NetworkKind } from '../layouts/layout.js';
import { AVERAGE_SEED, AVERAGED, averageW } from './average-w.js';
import { type Heads, headsBeside } from './heads.js';
import { termsOf } from './licences.js';
import { mapperMetadata } from './mapper-header.js';
import { importedParts, modelCard, type Provenance } from './model-card.js';
import { type NetworkPlan, planNetwork } from './network-plan.js';
import { type NetworkSource, openNetwork } from './network-source.js';
import { asWriteFailure, createStaging, exists } from './staging.js';
import { writeNetwork } from './write-network.js';

export interface ImportBundleOptions {
  /** Files, by what they are given as. */
  readonly files: Readonly<Partial<Record<NetworkKind, string>>>;
  /** Folder of the bundle. */
  readonly to: string;
  /** Keep float16 on disk whatever the source has. */
  readonly half?: boolean;
  /** Replace parts that the bundle has. */
  readonly force?: boolean;
  /** Heads of the CLIP, where they are not width / 64. */
  readonly heads?: Heads;
  /** Bytes done and in all. */
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

export interface ImportedPart {
  readonly kind: NetworkKind;
  readonly layout: string;
  readonly file: string;
  readonly parameters: number;
  readonly dtype: string;
  readonly source: string;
  readonly sha256: string;
}

/** A network on its way: its file, the plan, and what was learnt of it. */
interface Job {
  readonly source: NetworkSource;
  readonly plan: NetworkPlan;
  readonly notes: Readonly<Record<string, unknown>>;
}

/** Each network's file in the bundle. */
const fileOf = (kind: NetworkKind): string => `${kind}.safetensors`;

/**
 * @returns what was written, in the order of the bundle's parts
 * @throws UserError when a file can't be used, or the bundle has such a part already
 */
export async function importBundle(options: ImportBundleOptions): Promise<ImportedPart[]> {
  const { files, to, force = false } = options;
  if (Object.values(files).every((file) => file === undefined)) {
    throw usageError('say what to import: --generator, --clip, --identity or --mapper FILE');
  }
  if (files.mapper !== undefined && files.generator !== undefined) {
    throw usageError('--mapper brings the generator that it was trained with; leave --generator out');
  }
  await tf.setBackend('cpu');
  const before = (await exists(join(to, 'bundle.json'))) ? await readBundleInfo(to) : undefined;
  const sources: NetworkSource[] = [];
  try {
    for (const kind of ['generator', 'clip', 'identity', 'mapper'] as const) {
      const path = files[kind];
      if (path === undefined) continue;
      sources.push(await openNetwork(path, kind));
    }
    if (!force) await requireFree(to, sources);
    const jobs: Job[] = [];
    for (const source of sources) {
      for (const found of source.found) jobs.push(await prepare(source, found, options));
    }
    for (const { plan } of jobs) await plan.found.check?.();
    return await convert(jobs, sources, before, options);
  } catch (error) {
    throw asWriteFailure(to, error);
  } finally {
    for (const { source } of sources) await source.close();
  }
}

/** Refuses to replace a part that is there. */
async function requireFree(to: string, sources: readonly NetworkSource[]): Promise<void> {
  for (const { kind } of sources.flatMap(({ found }) => found)) {
    if (await exists(join(to, fileOf(kind)))) {
      throw failure(`${to}: there is a ${kind} already; import into another folder, or replace it by --force`);
    }
  }
}

/** Plans a network, with what its file lacks. */
async function prepare(source: NetworkSource, found: FoundNetwork, options: ImportBundleOptions): Promise<Job> {
  const { half = false, heads: given = {} } = options;
  const notes: Record<string, unknown> = { ...found.notes };
  const heads = found.kind === 'clip' ? { ...(await foundHeads(source, found)), ...given } : {};
  Object.assign(notes, heads);
  const constants: Record<string, RawTensor> = {};
  // All names and shapes are checked before the mapping network is run for its average.
  let plan = await planNetwork(found, { half, heads });
  const average = found.kind === 'generator' ? await averageW(found) : undefined;
  if (average) {
    constants['wAvg'] = average;
    notes['wAvg'] = `the mean of ${AVERAGED} w (seed ${AVERAGE_SEED}), computed at import: the file has none`;
    plan = await planNetwork(found, { half, heads, constants });
  }
  return { source, plan, notes };
}

async function foundHeads({ path }: NetworkSource, { layout }: FoundNetwork): Promise<Heads> {
  return layout === 'Hugging Face CLIP' ? headsBeside(path) : {};
}

async function convert(
  jobs: readonly Job[],
  sources: readonly NetworkSource[],
  before: BundleInfo | undefined,
  { to, onProgress, signal }: ImportBundleOptions,
): Promise<ImportedPart[]> {
  const total = [...sources, ...jobs.map(({ plan }) => plan)].reduce((sum, { bytes }) => sum + bytes, 0);
  let done = 0;
  const advance = (bytes: number): void => onProgress?.((done += bytes), total);

  const hashes = new Map<NetworkSource, string>();
  for (const source of sources) {
    hashes.set(source, await sha256(source.path));
    advance(source.bytes);
  }
  const staging = await createStaging(to);
  try {
    const parts: ImportedPart[] = [];
    const entries: Record<string, unknown> = {};
    const provenance: Record<string, Provenance> = {};
    let generatorSha256 = '';
    for (const { source, plan, notes } of jobs) {
      const { kind, layout } = plan.found;
      const file = fileOf(kind);
      const path = join(staging.dir, file);
      const metadata = kind === 'mapper' ? mapperMetadata({ bundle: to, generatorSha256, notes }) : {};
      await writeNetwork(path, plan, { onBytes: advance, signal, metadata });
      const hash = await sha256(path);
      if (kind === 'generator') generatorSha256 = hash;
      const { parameters, dtype } = plan;
      if (kind !== 'mapper') entries[kind] = { ...plan.info, file, sha256: hash, parameters, dtype };
      provenance[kind] = provenanceOf(source, plan.found, hashes.get(source) as string, notes);
      parts.push({ kind, layout, file: join(to, file), parameters, dtype, source: source.path, sha256: hash });
    }
    const info = merged(to, before, entries, provenance);
    await writeJsonAtomic(join(staging.dir, 'bundle.json'), info);
    const card = await readFile(join(to, 'README.md'), 'utf8').catch(() => undefined);
    await writeFileAtomic(join(staging.dir, 'README.md'), modelCard(info, card));
    await staging.publish();
    return parts;
  } finally {
    await staging.discard();
  }
}

function provenanceOf(
  { name, bytes, format }: NetworkSource,
  found: FoundNetwork,
  hash: string,
  notes: Readonly<Record<string, unknown>>,
): Provenance {
  const { known, licence } = termsOf(found, hash);
  return {
    file: name,
    bytes,
    sha256: hash,
    format,
    layout: found.layout,
    licence,
    ...(known && { what: known.what }),
    ...(Object.keys(notes).length > 0 && { notes }),
  };
}

/** bundle.json with the new parts beside those that it has. */
function merged(
  to: string,
  before: BundleInfo | undefined,
  entries: Readonly<Record<string, unknown>>,
  provenance: Readonly<Record<string, Provenance>>,
): BundleInfo {
  const base = before ?? bundleSchema.parse({ formatVersion: 1, name: basename(resolve(to)) });
  const earlier =
    typeof base.provenance === 'string' ? (base.provenance ? { note: base.provenance } : {}) : base.provenance;
  const info = bundleSchema.parse({ ...base, ...entries, provenance: { ...earlier, ...provenance } });
  const imported = importedParts(info);
  const own = before && Object.keys(importedParts(before)).length === 0 ? before.licence : '';
  const lines = Object.entries(imported).map(([part, { licence }]) => `${part}: ${licence}`);
  return { ...info, licence: [...(own ? [own] : []), ...lines].join('; ') };
}
