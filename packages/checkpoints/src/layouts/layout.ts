/**
 * What a layout is: one program's way to name and arrange the tensors of one kind of network.
 *
 * A layout says by which tensor it is known (its marks), whatever the file is called and however the network is wrapped
 * (places.ts). At such a place it gives the tensors, the declared table that turns them into ours, and what the file says
 * besides. A file that is of the layout's program but not of a network that is supported here (a StyleGAN3, a
 * conditional generator) is refused by name.
 */
import type { NameRow, RawTensor } from '@styleclip/core';
import type { OpenedCheckpoint } from '../open-checkpoint.js';
import type { StateDict } from '../tensor.js';
import type { Place } from './places.js';

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

/** What the user says of a file that does not say it itself. */
export interface Told {
  /** NVIDIA's `conv_clamp`; `none` where nothing is clamped. */
  readonly convClamp?: number | 'none';
}

/** A network that may be the one that is meant. */
export interface Candidate {
  readonly layout: Layout;
  /** Where it stands (places.ts). */
  readonly source: string;
  /** @throws UserError when it can't be used */
  readonly describe: (told: Told) => FoundNetwork;
}

export interface Layout {
  readonly kind: NetworkKind;
  readonly layout: string;
  /** Names of which each network of this layout has at least one. */
  readonly marks: readonly string[];
  /**
   * @param places where the marks are
   * @param file the file's name, for messages
   * @throws UserError when something of this program is there, but of a sort that can't be used
   */
  readonly find: (places: readonly Place[], checkpoint: OpenedCheckpoint, file: string) => Candidate[];
}
