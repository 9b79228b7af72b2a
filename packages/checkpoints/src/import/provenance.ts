/**
 * Where a bundle's parts come from, for bundle.json: file, size, hash, layout, licence, and what is worth knowing besides.
 */
import { basename, resolve } from 'node:path';
import { type BundleInfo, bundleSchema, sha256 } from '@styleclip/core';
import type { FoundNetwork } from '../layouts/layout.js';
import { termsOf } from './licences.js';
import { importedParts, type Provenance } from './model-card.js';
import type { NetworkSource } from './network-source.js';
import type { Origin } from './origin.js';

/** Hashes of a network's files. */
export interface Hashes {
  /** Of the file, or of the index of a model in parts. */
  readonly own: string;
  /** Of its parts, as notes. */
  readonly shards: Readonly<Record<string, string>>;
}

export async function hashesOf({ path, shards }: NetworkSource): Promise<Hashes> {
  const notes: Record<string, string> = {};
  for (const shard of shards) notes[basename(shard)] = `SHA-256 ${await sha256(shard)}`;
  return { own: await sha256(path), shards: notes };
}

export function provenanceOf(
  { name, bytes, format }: NetworkSource,
  found: FoundNetwork,
  { hash, origin, notes }: { hash: string; origin: Origin; notes: Readonly<Record<string, unknown>> },
): Provenance {
  const { known, licence } = termsOf(found, hash, origin);
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
export function merged(
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
