import { describe, expect, it } from 'vitest';
import { isOwn, parseShard, shardName } from './shard.js';

describe('a shard', () => {
  it.each(['0/2', '3/2', '1', '1/2/3', 'a/b', '-1/2', ''])('is not "%s"', (text) =>
    expect(() => parseShard(text)).toThrow(/--shard: expected a share such as 2\/8/),
  );
  it('has every n-th part, so that all shards have each part once', () => {
    const shards = ['1/3', '2/3', '3/3'].map(parseShard);
    for (let part = 0; part < 10; part++) expect(shards.filter((shard) => isOwn(part, shard))).toHaveLength(1);
    expect(isOwn(4, undefined)).toBe(true);
    expect(shardName('x', shards[1]!)).toBe('x.shard-2-of-3');
  });
});
