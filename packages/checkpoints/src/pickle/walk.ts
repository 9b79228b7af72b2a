/**
 * Walks over a pickle's values, a bounded number of them.
 *
 * Values may be shared, and a few hundred bytes of lists that each name the one before twice expand to more items than
 * there are atoms. Nobody should expand a tree from a file without counting; this walk counts.
 */
import { failure } from '@styleclip/core';
import { children, isContainer } from './children.js';
import { PyDict, PyObject, type PyValue } from './values.js';

/** More values than any checkpoint has when each shared one is counted as often as it occurs. */
const MAX_VISITS = 1_000_000;

export interface Visited {
  readonly value: PyValue;
  /** Names and positions that lead to it: keys, attributes, indices of items. Good until the next value; copy it to keep it. */
  readonly path: readonly string[];
}

export interface WalkOptions {
  /** What messages begin with: the file's name. */
  readonly name: string;
  /** How many values may be visited. */
  readonly limit?: number;
  /** Whether to go into a value; by default into each. */
  readonly enter?: (visited: Visited) => boolean;
}

/**
 * Every value of a tree, parents before their children, in the file's order.
 *
 * Keys of dicts are in the path, not among the values, and an object's arguments are left out where it has a state:
 * this is for finding things. Needs what `readPickle` promises: no cycles.
 *
 * @throws UserError after `limit` values
 */
export function* walk(
  root: PyValue,
  { name, limit = MAX_VISITS, enter = () => true }: WalkOptions,
): Generator<Visited> {
  const path: string[] = [];
  const open: Iterator<readonly [string, PyValue]>[] = [];
  const top = { value: root, path };
  yield top;
  if (enter(top)) open.push(namedChildren(root));

  for (let visits = 1, level = open.at(-1); level !== undefined; level = open.at(-1)) {
    const { done, value: step } = level.next() as IteratorResult<readonly [string, PyValue], undefined>;
    if (done === true) {
      open.pop();
      path.pop();
      continue;
    }
    if (++visits > limit) throw failure(`${name}: refused: it expands to more than ${limit} values`);
    const [key, value] = step;
    const visited = { value, path };
    path.push(key);
    yield visited;
    if (isContainer(value) && enter(visited)) open.push(namedChildren(value));
    else path.pop();
  }
}

function* namedChildren(value: PyValue): Generator<readonly [string, PyValue]> {
  if (!isContainer(value)) return;
  if (value instanceof PyDict || value instanceof PyObject) {
    if (value instanceof PyObject && value.state instanceof PyDict) {
      yield* namedChildren(value.state);
    } else if (value instanceof PyObject) {
      yield ['args', value.args];
      if (value.state !== undefined) yield ['state', value.state];
    }
    if (value instanceof PyObject) yield* value.items.map((item, i) => [String(i), item] as const);
    for (const [key, item] of value.entries) yield [keyName(key), item];
    return;
  }
  let i = 0;
  for (const child of children(value)) yield [String(i++), child];
}

function keyName(key: PyValue): string {
  return typeof key === 'object' && key !== null ? '?' : String(key);
}
