/**
 * A model in several files, as Hugging Face's programs save large ones:
 *
 *     model.safetensors.index.json         {"metadata": …, "weight_map": {"<tensor>": "<file beside it>", …}}
 *     model-00001-of-00002.safetensors, …  (or pytorch_model-….bin)
 *
 * The index decides which tensors there are; each must be in the file that it names. The names become paths, so they may
 * not leave the folder. `metadata.total_size` is not looked at: programs that rename or convert leave it as it was.
 */
import { dirname, join } from 'node:path';
import { type ByteSource, failure, openFile, quoted } from '@styleclip/core';
import { openCheckpoint, type OpenedCheckpoint } from '../open-checkpoint.js';
import { PyDict, PyTensor } from '../pickle/values.js';
import type { StateDict } from '../tensor.js';
import { tensorsOf } from '../tree.js';
import { readJsonFile } from './json-file.js';
import { exists } from './staging.js';

/** The largest models' have some megabytes. */
const MAX_INDEX_BYTES = 16_000_000;

/** Each is open while the model is read. The largest models have some two hundred. */
export const MAX_SHARDS = 500;

/** A name without folders, as shards have. */
const SHARD = /^[\w][\w.+=-]{0,200}\.(safetensors|bin|pt|pth)$/;

export interface ShardedCheckpoint {
  readonly checkpoint: OpenedCheckpoint;
  readonly shards: readonly ByteSource[];
}

/**
 * Opens all files of a model. The caller closes them.
 *
 * @param index the index file
 * @throws UserError when the index is none, or a file or tensor that it names is missing
 */
export async function openSharded(index: string): Promise<ShardedCheckpoint> {
  const shardOf = parseIndex(await readJsonFile(index, MAX_INDEX_BYTES, 'an index of weights'), index);
  const names = [...new Set(shardOf.values())].sort();
  if (names.length > MAX_SHARDS) throw failure(`${index}: names ${names.length} files, more than ${MAX_SHARDS}`);
  await requireShards(index, names);
  const shards: ByteSource[] = [];
  try {
    const states = new Map<string, StateDict>();
    let format: OpenedCheckpoint['format'] = 'safetensors';
    for (const name of names) {
      const source = await openFile(join(dirname(index), name));
      shards.push(source);
      const opened = await openCheckpoint(source);
      format = opened.format;
      states.set(name, tensorsOf(opened.tree, { name: source.name }));
    }
    const entries = [...shardOf].map(([tensor, shard]) => {
      const found = states.get(shard)?.get(tensor);
      if (found === undefined) {
        throw failure(
          `${index}: the tensor ${quoted(tensor)} is not in ${shard}, where the index has it; download both again`,
        );
      }
      return [tensor, new PyTensor(found)] as const;
    });
    return { checkpoint: { format, tree: new PyDict(entries) }, shards };
  } catch (error) {
    for (const shard of shards) await shard.close();
    throw error;
  }
}

/**
 * Tensor → file, as the index has it.
 *
 * @param index the file's name, for messages
 * @throws UserError when it is no index, or leads out of its folder
 */
export function parseIndex(json: unknown, index: string): ReadonlyMap<string, string> {
  const map = typeof json === 'object' && json !== null ? (json as { weight_map?: unknown }).weight_map : undefined;
  if (typeof map !== 'object' || map === null || Array.isArray(map) || Object.keys(map).length === 0) {
    throw failure(
      `${index}: JSON without a "weight_map", so not the index of a model in parts; give the weights themselves`,
    );
  }
  const shardOf = new Map<string, string>();
  for (const [tensor, shard] of Object.entries(map)) {
    if (typeof shard !== 'string' || !SHARD.test(shard)) {
      throw failure(
        `${index}: refused: the tensor ${quoted(tensor)} is in ${typeof shard === 'string' ? quoted(shard) : 'something'}, which is not the name of a weights file beside the index`,
      );
    }
    shardOf.set(tensor, shard);
  }
  return shardOf;
}

/** All that are missing at once: they are downloaded one by one. */
async function requireShards(index: string, names: readonly string[]): Promise<void> {
  const missing: string[] = [];
  for (const name of names) if (!(await exists(join(dirname(index), name)))) missing.push(name);
  if (missing.length === 0) return;
  const shown = missing.slice(0, 4).join(', ') + (missing.length > 4 ? ', …' : '');
  throw failure(
    `${index}: ${missing.length} of its ${names.length} files ${missing.length === 1 ? 'is' : 'are'} missing beside it: ${shown}; download ${missing.length === 1 ? 'it' : 'them'} into the same folder`,
  );
}
