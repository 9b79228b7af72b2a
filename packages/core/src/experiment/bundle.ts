/**
 * A bundle: the networks that belong together, in one folder.
 *
 *     models/<name>/bundle.json            what is in it, with hashes, licence, provenance and metrics
 *                   generator.safetensors  one file a network, float16 or float32
 *                   README.md              the model card
 *
 * Loading proves each file's SHA-256 first: a file that is not what bundle.json says is an error, never a quiet
 * difference in results. Writing replaces one part and leaves the others alone.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { writeJsonAtomic } from '../files/atomic-file.js';
import { failure, hasCode, oneLine, UserError, usageError } from '../errors.js';
import { readText } from './read-text.js';
import { explainIssues } from './schema-errors.js';
import { countParameters, disposeAll, type Weights } from '../tensors/weights.js';
import { loadWeights, saveWeights } from '../files/weights-file.js';

const triple = z.tuple([z.number(), z.number(), z.number()]);
const size = z.number().int().positive();
const part = {
  file: z.string().regex(/^[\w-][\w.-]*\.safetensors$/, 'must be the name of a .safetensors file in the bundle'),
  sha256: z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 hexadecimal digits'),
};

/** What bundle.json says of each kind of network. Unknown fields are kept: a trainer may note more. */
const parts = {
  generator: z.looseObject({
    ...part,
    resolution: size.describe('height and width of the pictures'),
    zDim: size,
    wDim: size,
    layerGroups: z.tuple([size, size]).default([4, 8]).describe('first W+ layer of the medium and of the fine group'),
  }),
  clip: z.looseObject({
    ...part,
    inputResolution: size,
    mean: triple.describe('per-channel mean of pictures in [0, 1]'),
    std: triple,
    activation: z.enum(['quick_gelu', 'gelu']).optional().describe('what the MLPs use; quick_gelu when left out'),
  }),
  identity: z.looseObject({
    ...part,
    input: z
      .looseObject({
        size: size.describe('height and width that the network takes'),
        crop: z.enum(['ffhq']).optional().describe('how a face is cut out first; none when left out'),
      })
      .describe('the picture that the network wants'),
  }),
  attributes: z.looseObject({
    ...part,
    factors: z.array(z.looseObject({ name: z.string(), values: z.array(z.string()).min(2) })),
  }),
};

export const bundleSchema = z.looseObject({
  formatVersion: z.literal(1),
  name: z.string(),
  generator: parts.generator.optional(),
  clip: parts.clip.optional(),
  identity: parts.identity.optional(),
  attributes: parts.attributes.optional(),
  licence: z.string().default(''),
  provenance: z.union([z.string(), z.record(z.string(), z.unknown())]).default(''),
  metrics: z.record(z.string(), z.unknown()).default({}),
});

export type BundleInfo = z.output<typeof bundleSchema>;
export type BundleKind = keyof typeof parts;
export const BUNDLE_KINDS = Object.keys(parts) as BundleKind[];

/** What a writer says of a part; file and hash are filled in. */
export type PartInfo<K extends BundleKind> = Omit<z.input<(typeof parts)[K]>, 'file' | 'sha256'>;

export type Bundle = { readonly dir: string; readonly info: BundleInfo } & { readonly [K in BundleKind]?: Weights };

/**
 * Loads a bundle's networks.
 *
 * @param kinds which networks; one that the bundle lacks is an error. All that are there by default.
 * @throws UserError for a missing bundle, a bad bundle.json, a missing file or a wrong hash
 */
export async function loadBundle<K extends BundleKind = never>(
  dir: string,
  { parts: kinds }: { parts?: readonly K[] } = {},
): Promise<Bundle & { readonly [P in K]: Weights }> {
  const info = await readBundleInfo(dir);
  for (const kind of kinds ?? []) {
    if (info[kind] === undefined) {
      throw failure(
        `${dir}: this bundle has no ${kind} (it has: ${BUNDLE_KINDS.filter((other) => info[other]).join(', ') || 'nothing'})`,
      );
    }
  }
  const loaded: { [P in BundleKind]?: Weights } = {};
  try {
    for (const kind of kinds ?? BUNDLE_KINDS) {
      const entry = info[kind];
      if (entry === undefined) continue;
      const path = join(dir, entry.file);
      await verifyHash(path, entry.sha256);
      loaded[kind] = await loadWeights(path);
    }
  } catch (error) {
    disposeAll(loaded);
    throw error;
  }
  return { dir, info, ...loaded } as Bundle & { readonly [P in K]: Weights };
}

/** Reads and checks a bundle.json alone. */
export async function readBundleInfo(dir: string): Promise<BundleInfo> {
  const path = join(dir, 'bundle.json');
  let text: string;
  try {
    text = await readText(path);
  } catch (error) {
    if (error instanceof UserError) throw error;
    if (!hasCode(error, 'ENOENT') && !hasCode(error, 'ENOTDIR'))
      throw failure(`${path}: can't be read: ${oneLine(error)}`, error);
    const known = await knownBundles(dir);
    throw usageError(`${dir}: no bundle there, bundle.json is missing (bundles: ${known.join(', ') || 'none'})`, error);
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw failure(`${path}: not valid JSON: ${oneLine(error)}`, error);
  }
  const result = bundleSchema.safeParse(json);
  if (!result.success)
    throw failure(
      explainIssues(bundleSchema, json, result.error)
        .map(({ message }) => `${path}: ${message}`)
        .join('\n'),
    );
  return result.data;
}

/**
 * Writes one network into a bundle and notes it in bundle.json; makes the bundle when there is none.
 *
 * @param info what bundle.json says of the part, without file and hash
 */
export async function writeBundlePart<K extends BundleKind>(
  dir: string,
  kind: K,
  weights: Weights,
  info: PartInfo<K>,
  { dtype = 'F16', metadata }: { dtype?: 'F16' | 'F32'; metadata?: Readonly<Record<string, string>> } = {},
): Promise<void> {
  const file = `${kind}.safetensors`;
  const checked = parts[kind].safeParse({ ...info, file, sha256: '0'.repeat(64) });
  if (!checked.success)
    throw new Error(
      `${kind}: ${explainIssues(parts[kind], info, checked.error)
        .map(({ message }) => message)
        .join('; ')}`,
    );
  await saveWeights(join(dir, file), weights, metadata ? { dtype, metadata } : { dtype });
  const entry = {
    ...checked.data,
    file,
    sha256: await sha256(join(dir, file)),
    parameters: countParameters(weights),
    dtype,
  };
  await updateBundle(dir, { [kind]: entry });
}

/** Merges fields into bundle.json (metrics key by key) and writes it whole. */
export async function updateBundle(dir: string, changes: Partial<BundleInfo>): Promise<void> {
  const before = (await stat(join(dir, 'bundle.json')).then(
    () => true,
    () => false,
  ))
    ? await readBundleInfo(dir)
    : bundleSchema.parse({ formatVersion: 1, name: basename(dir) });
  await writeJsonAtomic(
    join(dir, 'bundle.json'),
    bundleSchema.parse({ ...before, ...changes, metrics: { ...before.metrics, ...changes.metrics } }),
  );
}

/** A file's SHA-256 in hexadecimal digits. */
export async function sha256(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash);
  return hash.digest('hex');
}

async function verifyHash(path: string, expected: string): Promise<void> {
  let actual: string;
  try {
    actual = await sha256(path);
  } catch (error) {
    throw failure(
      hasCode(error, 'ENOENT')
        ? `${path}: missing, though bundle.json lists it`
        : `${path}: can't be read: ${oneLine(error)}`,
      error,
    );
  }
  if (actual !== expected) {
    throw failure(
      `${path}: not the file that bundle.json describes: SHA-256 is ${actual}, expected ${expected}; fetch or train the bundle again`,
    );
  }
}

/** Folders with a bundle.json under models/ and beside the one that was asked for. */
async function knownBundles(dir: string): Promise<string[]> {
  const found = new Set<string>();
  for (const root of new Set([dirname(dir), 'models'])) {
    for (const name of await readdir(root).catch(() => [])) {
      const candidate = join(root, name);
      if (
        await stat(join(candidate, 'bundle.json')).then(
          () => true,
          () => false,
        )
      )
        found.add(candidate);
    }
  }
  return [...found].sort();
}
