/**
 * Which part of a work this process does, when several machines share it.
 *
 * A program that can be a task of anyone's scheduler needs two numbers and no scheduler of its own: `--shard i/n`, or what
 * Slurm's job arrays and Kubernetes' indexed jobs put into the environment. The option counts from 1, as test runners do
 * (`--shard 1/4` … `--shard 4/4`); tasks of a scheduler count from 0.
 */
import { usageError } from '../errors.js';

export interface Shard {
  /** From 0 on. */
  readonly index: number;
  readonly count: number;
}

/**
 * The shard that an option or else the environment names; undefined where neither does, and all is to be done.
 *
 * Slurm's count is that of the submission: rerunning one index of four says COUNT=1. Kubernetes gives no count at all. So
 * `SHARDS` in the environment says it where it is set.
 * @param option `i/n`, as given by --shard
 * @throws UserError when it is no such thing, or the index is not below the count
 */
export function shardOf(
  option: string | undefined,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Shard | undefined {
  if (option !== undefined) {
    const [, index, count] = /^(\d+)\/(\d+)$/.exec(option) ?? [];
    if (index === undefined || Number(index) < 1 || Number(index) > Number(count))
      throw usageError(`--shard ${option}: must be i/n with i from 1 to n, such as 1/4, the first of four`);
    return { index: Number(index) - 1, count: Number(count) };
  }
  const shards = env['SHARDS'];
  for (const [index, count] of [
    ['SLURM_ARRAY_TASK_ID', 'SLURM_ARRAY_TASK_COUNT'],
    ['JOB_COMPLETION_INDEX', undefined],
  ] as const) {
    const task = env[index];
    if (task === undefined) continue;
    const source = shards !== undefined ? 'SHARDS' : count;
    const total = source === undefined ? undefined : env[source];
    if (source === undefined || total === undefined)
      throw usageError(`${index} is ${task}, but not of how many: set SHARDS, or give --shard i/n`);
    for (const [name, value] of [
      [index, task],
      [source, total],
    ] as const)
      // prettier-ignore
      if (!/^\d+$/.test(value)) throw usageError(`${name}=${value} in the environment is not a number`);
    const shard = { index: Number(task), count: Number(total) };
    if (shard.index >= shard.count)
      throw usageError(
        `${index}=${task}, ${source}=${total}: tasks count from 0, so the last of ${total} is ${shard.count - 1}; set SHARDS to how many there are`,
      );
    return shard;
  }
  return undefined;
}

/** A shard as --shard takes it. */
export function shardText({ index, count }: Shard): string {
  return `${index + 1}/${count}`;
}

/** The items of a shard: every `count`-th, so that neighbours, often alike in cost, are spread. */
export function itemsOf<T>(items: readonly T[], shard: Shard | undefined): T[] {
  return shard === undefined ? [...items] : items.filter((_, i) => i % shard.count === shard.index);
}
