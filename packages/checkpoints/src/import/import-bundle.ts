/**
 * Foreign checkpoints into a bundle: open and recognise every file, check names, shapes and sizes, then hash, convert and
 * put everything in place at once.
 *
 * All that can be known to fail fails before a byte is written. The networks are converted tensor by tensor into a folder
 * beside the bundle, which is renamed when all is there: a run that was stopped leaves the bundle as it was.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  failure,
  readBundleInfo,
  sha256,
  tf,
  usageError,
  writeFileAtomic,
  writeJsonAtomic,
  type BundleInfo,
  type ClipActivation,
} from '@styleclip/core';
import type { NetworkKind } from '../layouts/layout.js';
import { nvidiaAda } from '../layouts/nvidia-ada.js';
import type { Heads } from './read-clip-config.js';
import { mapperMetadata } from './mapper-header.js';
import { modelCard, type Provenance } from './model-card.js';
import { type NetworkJob, prepareNetwork } from './network-job.js';
import { type NetworkSource, openNetwork } from './network-source.js';
import { type Hashes, hashesOf, merged, provenanceOf } from './provenance.js';
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
  /** The CLIP's activation, where nothing beside its file says it. */
  readonly activation?: ClipActivation;
  /** NVIDIA's `conv_clamp`, for a state dict that can't say it; `none` where nothing is clamped. */
  readonly convClamp?: number | 'none';
  /** Where the network stands in its file, if there are several; for one file alone. */
  readonly key?: string;
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
  /** What is worth knowing of how it was read, by name. */
  readonly notes: Readonly<Record<string, unknown>>;
}

/** Each network's file in the bundle. */
const fileOf = (kind: NetworkKind): string => `${kind}.safetensors`;

/**
 * @returns what was written, in the order of the bundle's parts
 * @throws UserError when a file can't be used, or the bundle has such a part already
 */
export async function importBundle(options: ImportBundleOptions): Promise<ImportedPart[]> {
  const { files, to, force = false, key, convClamp } = options;
  requireOptions(options);
  await tf.setBackend('cpu');
  const before = (await exists(join(to, 'bundle.json'))) ? await readBundleInfo(to) : undefined;
  const sources: NetworkSource[] = [];
  try {
    for (const kind of ['generator', 'clip', 'identity', 'mapper'] as const) {
      const path = files[kind];
      if (path === undefined) continue;
      sources.push(
        await openNetwork(path, kind, {
          ...(key !== undefined && { key }),
          ...(convClamp !== undefined && { convClamp }),
        }),
      );
    }
    if (convClamp !== undefined) requireClamped(sources);
    if (!force) await requireFree(to, sources);
    const jobs: NetworkJob[] = [];
    for (const source of sources) {
      for (const found of source.found) jobs.push(await prepareNetwork(source, found, options));
    }
    for (const { plan } of jobs) await plan.found.check?.();
    return await convert(jobs, sources, before, options);
  } catch (error) {
    throw asWriteFailure(to, error);
  } finally {
    for (const source of sources) await source.close();
  }
}

/** What is wrong with a call before any file is opened. */
function requireOptions({ files, key, activation, convClamp }: ImportBundleOptions): void {
  const given = Object.values(files).filter((file) => file !== undefined);
  if (given.length === 0) throw usageError('say what to import: --generator, --clip, --identity or --mapper FILE');
  if (files.mapper !== undefined && files.generator !== undefined) {
    throw usageError('--mapper brings the generator that it was trained with; leave --generator out');
  }
  if (key !== undefined && given.length > 1) {
    throw usageError('--key says where in one file a network stands; import the files one after the other');
  }
  if (activation !== undefined && files.clip === undefined) throw usageError('--activation is for --clip');
  if (convClamp !== undefined && files.generator === undefined) throw usageError('--conv-clamp is for --generator');
}

/** The one layout with files that do not say it. */
function requireClamped(sources: readonly NetworkSource[]): void {
  for (const { path, found } of sources) {
    for (const { kind, layout } of found) {
      if (kind !== 'generator' || layout === nvidiaAda.layout) continue;
      throw usageError(`--conv-clamp is for state dicts of NVIDIA's generators; ${path} is ${layout}: leave it out`);
    }
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

async function convert(
  jobs: readonly NetworkJob[],
  sources: readonly NetworkSource[],
  before: BundleInfo | undefined,
  { to, onProgress, signal }: ImportBundleOptions,
): Promise<ImportedPart[]> {
  const total = [...sources, ...jobs.map(({ plan }) => plan)].reduce((sum, { bytes }) => sum + bytes, 0);
  let done = 0;
  const advance = (bytes: number): void => onProgress?.((done += bytes), total);

  const hashes = new Map<NetworkSource, Hashes>();
  for (const source of sources) {
    hashes.set(source, await hashesOf(source));
    advance(source.bytes);
  }
  const staging = await createStaging(to);
  try {
    const parts: ImportedPart[] = [];
    const entries: Record<string, unknown> = {};
    const provenance: Record<string, Provenance> = {};
    let generatorSha256 = '';
    for (const { source, plan, origin, notes } of jobs) {
      const { kind, layout } = plan.found;
      const file = fileOf(kind);
      const path = join(staging.dir, file);
      const metadata = kind === 'mapper' ? mapperMetadata({ bundle: to, generatorSha256, notes }) : {};
      await writeNetwork(path, plan, { onBytes: advance, signal, metadata });
      const hash = await sha256(path);
      if (kind === 'generator') generatorSha256 = hash;
      const { parameters, dtype } = plan;
      if (kind !== 'mapper') entries[kind] = { ...plan.info, file, sha256: hash, parameters, dtype };
      const { own, shards } = hashes.get(source) as Hashes;
      provenance[kind] = provenanceOf(source, plan.found, { hash: own, origin, notes: { ...notes, ...shards } });
      parts.push({ kind, layout, file: join(to, file), parameters, dtype, source: source.path, sha256: hash, notes });
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
