/**
 * The last check of a pickle that has been read: what it built is a tree that others can walk.
 *
 * Through its memo a pickle can put a list into itself, or chain containers by the hundred thousand without a single
 * nested opcode; any recursion downstream would then run out of stack, or never end. So every container is visited
 * once, depth first with a stack of our own, and its height remembered: shared parts cost nothing, a cycle is met on the
 * current path, and the longest chain is known exactly.
 */
import { children, isContainer, type PyContainer } from './children.js';
import { MAX_DEPTH } from './limits.js';
import type { Machine } from './machine.js';
import { kindOf, type PyValue } from './values.js';

interface Visit {
  readonly value: PyContainer;
  readonly rest: Iterator<PyValue, undefined>;
  /** Height of the highest child so far. */
  height: number;
}

/** @throws UserError when `root` contains itself, nests too deep, or holds an array that was never filled */
export function checkTree(machine: Machine, root: PyValue): void {
  if (!isContainer(root)) return;
  /** Heights of the containers that are done; 0 for those on the current path. */
  const heights = new Map<PyContainer, number>();
  const path: Visit[] = [];

  const enter = (value: PyContainer) => {
    if (machine.isUnfilled(value)) throw machine.refused('it makes a numpy array and never fills it');
    if (path.length >= MAX_DEPTH) throw machine.refused(`it nests deeper than ${MAX_DEPTH}`);
    heights.set(value, 0);
    path.push({ value, rest: children(value), height: 0 });
  };

  enter(root);
  for (let visit = path.at(-1); visit !== undefined; visit = path.at(-1)) {
    const next = visit.rest.next();
    if (next.done === true) {
      const height = visit.height + 1;
      heights.set(visit.value, height);
      path.pop();
      const parent = path.at(-1);
      if (parent !== undefined) parent.height = Math.max(parent.height, height);
      continue;
    }
    const child = next.value;
    if (!isContainer(child)) continue;
    const height = heights.get(child);
    if (height === undefined) {
      enter(child);
    } else {
      if (height === 0) throw machine.refused(`it contains itself: ${kindOf(child)} is inside of it again`);
      if (path.length + height > MAX_DEPTH) throw machine.refused(`it nests deeper than ${MAX_DEPTH}`);
      visit.height = Math.max(visit.height, height);
    }
  }
}
