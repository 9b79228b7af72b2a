/** Shards by option, by Slurm and by Kubernetes. */
import { describe, expect, it } from 'vitest';
import { itemsOf, shardOf } from './shard.js';

describe('shardOf', () => {
  it('reads i/n, and lets it win over the environment', () => {
    expect(shardOf('1/4', {})).toEqual({ index: 0, count: 4 });
    expect(shardOf('4/4', { SLURM_ARRAY_TASK_ID: '1', SLURM_ARRAY_TASK_COUNT: '2' })).toEqual({ index: 3, count: 4 });
  });

  it('is nothing where nobody says anything', () => {
    expect(shardOf(undefined, { SHARDS: '4' })).toBeUndefined();
  });

  it('reads Slurm, whose count is wrong when one index is run again, so that SHARDS wins', () => {
    expect(shardOf(undefined, { SLURM_ARRAY_TASK_ID: '2', SLURM_ARRAY_TASK_COUNT: '4' })).toEqual({
      index: 2,
      count: 4,
    });
    const again = { SLURM_ARRAY_TASK_ID: '2', SLURM_ARRAY_TASK_COUNT: '1' };
    expect(() => shardOf(undefined, again)).toThrow('set SHARDS');
    expect(shardOf(undefined, { ...again, SHARDS: '4' })).toEqual({ index: 2, count: 4 });
  });

  it('refuses a task that is none of them', () => {
    expect(() => shardOf(undefined, { SLURM_ARRAY_TASK_ID: '4', SLURM_ARRAY_TASK_COUNT: '4' })).toThrow(
      'tasks count from 0, so the last of 4 is 3',
    );
    expect(() => shardOf(undefined, { JOB_COMPLETION_INDEX: 'x', SHARDS: '3' })).toThrow('is not a number');
  });

  it('reads Kubernetes with SHARDS, and asks for it', () => {
    expect(shardOf(undefined, { JOB_COMPLETION_INDEX: '1', SHARDS: '3' })).toEqual({ index: 1, count: 3 });
    expect(() => shardOf(undefined, { JOB_COMPLETION_INDEX: '1' })).toThrow('set SHARDS, or give --shard i/n');
  });

  it.each(['5/4', '0/4', '1', 'a/b', '-1/4', '1/0', '1/4/5'])('refuses %s', (option) => {
    expect(() => shardOf(option, {})).toThrow(option);
  });
});

describe('itemsOf', () => {
  it('gives every item to one shard', () => {
    const items = ['a', 'b', 'c', 'd', 'e'];
    const parts = [0, 1, 2].map((index) => itemsOf(items, { index, count: 3 }));
    expect(parts.flat().sort()).toEqual(items);
    expect(Math.max(...parts.map(({ length }) => length))).toBe(2);
    expect(itemsOf(items, undefined)).toEqual(items);
  });
});
