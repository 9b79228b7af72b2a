/**
 * What every way to measure relevance has in common: work that falls into parts, each a function of the configuration
 * alone, and a table that is put together from all of them.
 *
 * A part is saved as soon as it is done, so a run that is killed loses one at the most, and machines that share the work
 * (`--shard`) leave parts that join to the very bytes that one machine would have written.
 */
import type { Device, Networks } from '@styleclip/core';
import type { PrecomputeConfig } from '../config.js';
import type { Layout } from '../layout.js';
import type { StyleSource } from '../style-source.js';
import type { StyleStatistics } from '../statistics.js';

/** One piece of the work. */
export interface Part {
  /** Its name: that of its file. */
  readonly id: string;
  /** Pictures that are drawn for it (drawn and differentiated, for derivatives). */
  readonly pictures: number;
  /** Its work, in pictures drawn from the first layer on. */
  readonly passes: number;
}

/** Named arrays of numbers [rows, width]. */
export type Arrays = Record<string, { readonly shape: readonly number[]; readonly data: Float32Array }>;

/** Directions of all channels, in the rows of a relevance file. */
export interface Directions {
  /** [channels,E], each row of length 1, or 0 where the channel does nothing or was not probed. */
  readonly direction: Float32Array;
  /** [channels]; see Relevance. */
  readonly magnitude: Float32Array;
}

/** A way to measure relevance. */
export interface Prober {
  readonly parts: readonly Part[];
  /**
   * Does one part.
   * @param tick called now and then with the pictures done since the last call; may throw to stop the work
   */
  compute(part: Part, tick: (pictures: number) => Promise<void>): Promise<Arrays>;
  /** Puts the table together. @param read what `compute` returned for a part */
  assemble(read: (part: Part) => Promise<Arrays>): Promise<Directions>;
  dispose(): Promise<void>;
}

/** What a prober works with. */
export interface ProbeSetting {
  readonly config: PrecomputeConfig;
  readonly networks: Networks;
  readonly device: Device;
  readonly source: StyleSource;
  readonly statistics: StyleStatistics;
  readonly layout: Layout;
  /** Resolution at which pictures are looked at. */
  readonly stopAt: number;
}
