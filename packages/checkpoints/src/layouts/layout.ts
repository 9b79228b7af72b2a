/**
 * What a layout is: one program's way to store one kind of network.
 *
 * A layout looks at a checkpoint's tree and says whether it is there: by names that only this layout has, never by the
 * file's. If so it gives the tensors, the declared table that turns them into ours, and what the file says besides. A file
 * that is of the layout's program but not of a network that is supported here (a StyleGAN3, a conditional generator) is
 * refused by name.
 */
import type { NameRow, RawTensor } from '@styleclip/core';
import type { OpenedCheckpoint } from '../open-checkpoint.js';
import type { StateDict } from '../tensor.js';

export type NetworkKind = 'generator' | 'clip' | 'identity' | 'mapper';

/** A network that was found in a file; nothing of its numbers has been read. */
export interface FoundNetwork {
  readonly kind: NetworkKind;
  /** The layout in a few words, such as `OpenAI CLIP`. */
  readonly layout: string;
  /** The file's name and the layout: what messages begin with. */
  readonly what: string;
  readonly state: StateDict;
  readonly table: readonly NameRow[];
  /** Names of the state that are known and not needed. */
  readonly ignored: (name: string) => boolean;
  /** Tensors that are added, such as the number of heads. */
  readonly constants?: Readonly<Record<string, RawTensor>>;
  /** What the file says besides, for the bundle's provenance. */
  readonly notes?: Readonly<Record<string, string | number | boolean>>;
  /** Checks that need numbers. */
  readonly check?: () => Promise<void>;
}

export interface Layout {
  readonly kind: NetworkKind;
  readonly layout: string;
  /**
   * @param file the file's name, for messages
   * @returns undefined when the checkpoint is of another layout
   * @throws UserError when it is of this layout, but can't be used
   */
  readonly find: (checkpoint: OpenedCheckpoint, file: string) => FoundNetwork | undefined;
}
