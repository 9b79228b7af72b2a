/** A file that the user gave, opened and recognised. */
import { basename } from 'node:path';
import { type ByteSource, openFile } from '@styleclip/core';
import type { FoundNetwork, NetworkKind } from '../layouts/layout.js';
import { decoderOf } from '../layouts/official-mapper.js';
import { recognise } from '../layouts/recognise.js';
import { openCheckpoint } from '../open-checkpoint.js';

export interface NetworkSource {
  /** As the user wrote it. */
  readonly path: string;
  /** For bundle.json and the card. */
  readonly name: string;
  readonly bytes: number;
  readonly format: string;
  /** The networks to be taken from it: one, or a mapper's generator and the mapper. */
  readonly found: readonly FoundNetwork[];
  readonly source: ByteSource;
}

/**
 * Opens a file for one option of the command. The caller closes `source`.
 * @throws UserError when it is missing, damaged, or holds no such network
 */
export async function openNetwork(path: string, kind: NetworkKind): Promise<NetworkSource> {
  const source = await openFile(path);
  try {
    const checkpoint = await openCheckpoint(source);
    const network = recognise(checkpoint, kind, path);
    const found = kind === 'mapper' ? [decoderOf(checkpoint, path), network] : [network];
    return { path, name: basename(path), bytes: source.size, format: checkpoint.format, found, source };
  } catch (error) {
    await source.close();
    throw error;
  }
}
