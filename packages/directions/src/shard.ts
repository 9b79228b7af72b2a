/** A share of the work: `2/8` is the second of eight. Every eighth part is its own, beginning with the second. */
import { usageError } from '@styleclip/core';

export interface Shard {
  /** 1 … of */
  readonly index: number;
  readonly of: number;
}

/** @throws UserError for anything but i/n with 1 ≤ i ≤ n */
export function parseShard(text: string): Shard {
  const [, index, of] = /^(\d+)\/(\d+)$/.exec(text) ?? [];
  const shard = { index: Number(index), of: Number(of) };
  if (index === undefined || shard.index < 1 || shard.index > shard.of || shard.of > 10_000)
    throw usageError(`--shard: expected a share such as 2/8, got "${text}"`);
  return shard;
}

/** Whether the part of this number belongs to a shard. */
export function isOwn(part: number, shard: Shard | undefined): boolean {
  return shard === undefined || part % shard.of === shard.index - 1;
}

/** The name of a shard's run. */
export function shardName(name: string, { index, of }: Shard): string {
  return `${name}.shard-${index}-of-${of}`;
}
