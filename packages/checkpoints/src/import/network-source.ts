/** What the user gave for a network: a file, the index of a model in parts, or the folder of either; opened and recognised. */
import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type ByteSource, failure, openFile } from '@styleclip/core';
import type { FoundNetwork, NetworkKind } from '../layouts/layout.js';
import { recognise, type RecogniseOptions } from '../layouts/recognise.js';
import { openCheckpoint, type OpenedCheckpoint } from '../open-checkpoint.js';
import { isSafetensors } from '../safetensors-source.js';
import { openSharded } from './sharded.js';

export interface NetworkSource {
  /** The file, or the index. */
  readonly path: string;
  /** For bundle.json and the card. */
  readonly name: string;
  /** Of all parts together. */
  readonly bytes: number;
  readonly format: string;
  /** The files of a model in parts; none where it is one file. */
  readonly shards: readonly string[];
  /** The networks to be taken from it: one, or a mapper's generator and the mapper. */
  readonly found: readonly FoundNetwork[];
  close(): Promise<void>;
}

/**
 * Opens a file for one option of the command. The caller closes it.
 * @throws UserError when it is missing, damaged, or holds no such network
 */
export async function openNetwork(
  given: string,
  kind: NetworkKind,
  options: RecogniseOptions = {},
): Promise<NetworkSource> {
  const path = await weightsFile(given);
  const { checkpoint, sources, shards } = await openAll(path);
  const close = async (): Promise<void> => {
    for (const source of sources) await source.close();
  };
  try {
    const bytes = sources.reduce((sum, { size }) => sum + size, 0);
    const found = recognise(checkpoint, kind, path, options);
    return { path, name: basename(path), bytes, format: checkpoint.format, shards, found, close };
  } catch (error) {
    await close();
    throw error;
  }
}

interface Opened {
  readonly checkpoint: OpenedCheckpoint;
  readonly sources: readonly ByteSource[];
  readonly shards: readonly string[];
}

async function openAll(path: string): Promise<Opened> {
  const source = await openFile(path);
  try {
    if (await isJson(source)) {
      const { checkpoint, shards } = await openSharded(path);
      return { checkpoint, sources: [source, ...shards], shards: shards.map(({ name }) => name) };
    }
    return { checkpoint: await openCheckpoint(source), sources: [source], shards: [] };
  } catch (error) {
    await source.close();
    throw error;
  }
}

/** An index begins with a brace, as no checkpoint does but by the length of a header. */
async function isJson(source: ByteSource): Promise<boolean> {
  const head = await source.read(0, Math.min(source.size, 64));
  return /^(\xef\xbb\xbf)?\s*\{/.test(Buffer.from(head).toString('latin1')) && !isSafetensors(head, source.size);
}

/** Files of a model's folder, the one that is taken first. Several forms of one model lie side by side. */
const IN_FOLDERS = [
  'model.safetensors.index.json',
  'model.safetensors',
  'open_clip_model.safetensors',
  'pytorch_model.bin.index.json',
  'pytorch_model.bin',
  'open_clip_pytorch_model.bin',
];

/** The weights in a folder; any other path stays. */
async function weightsFile(path: string): Promise<string> {
  const isFolder = await stat(path).then(
    (it) => it.isDirectory(),
    () => false,
  );
  if (!isFolder) return path;
  const there = await readdir(path);
  const indices = there.filter((name) => name.endsWith('.index.json'));
  const name = IN_FOLDERS.find((known) => there.includes(known)) ?? (indices.length === 1 ? indices[0] : undefined);
  if (name !== undefined) return join(path, name);
  throw failure(`${path}: a folder without ${IN_FOLDERS.join(', ')}; name the file that holds the weights`);
}
