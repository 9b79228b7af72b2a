/**
 * Where in a checkpoint the tensors of a network stand.
 *
 * Hardly two programs wrap a state dict in the same way: under `state_dict`, `model_state_dict`, `params_ema`, `g`; with
 * names that begin with `module.` (DataParallel), `_orig_mod.` (torch.compile), `model.` or whatever the network is called
 * inside another one; as a pickled module in a dict of modules. So wrappers are not listed. A layout names a tensor that
 * every network of its kind has, its mark, and wherever a tensor's full name ends with that mark, what stands before is
 * the wrapping, whatever its form: keys of dicts, modules in modules, or a prefix inside the names.
 *
 * A network that hangs in the tree in several places is one: places are told apart by the mark's tensor itself.
 */
import { failure } from '@styleclip/core';
import { isContainer } from '../pickle/children.js';
import { PyDict, PyList, PyTensor, PyTuple, type PyValue } from '../pickle/values.js';
import { walk } from '../pickle/walk.js';
import type { LazyTensor, StateDict } from '../tensor.js';
import { DRAWERS, tensorsOf } from '../tree.js';

export interface Place {
  /** All that stands before the network's names, joined by dots: `state_dict.module`; empty for the whole file. */
  readonly source: string;
  /** The innermost dict or object that holds the whole network. */
  readonly node: PyValue;
  /** What its names begin with in there, such as `module.`. */
  readonly prefix: string;
  /** What holds it: the node, what holds the node, and so on to the root. */
  readonly around: readonly PyValue[];
  /** Whether whole names are keys of the node, as in a state dict, and not paths through modules. */
  readonly flat: boolean;
}

/** A file with more networks of one kind is no checkpoint; each would cost a look at all of its tensors. */
const MAX_PLACES = 64;

/**
 * The places of all these marks, in the file's order.
 *
 * @param file the file's name, for messages
 * @throws UserError when the tree expands beyond measure, or a mark occurs too often
 */
export function findPlaces(tree: PyValue, file: string, marks: readonly string[]): ReadonlyMap<string, Place[]> {
  const found = new Map<string, Place[]>(marks.map((mark) => [mark, []]));
  const seen = new Map<string, Set<LazyTensor>>(marks.map((mark) => [mark, new Set()]));
  const ancestors: PyValue[] = [];
  const worth = holdsMore();
  for (const { value, path } of walk(tree, { name: file, enter: (visited) => worth(visited.value) })) {
    ancestors.length = path.length;
    ancestors[path.length] = value;
    if (!(value instanceof PyTensor)) continue;
    for (const mark of marks) {
      if (!endsWith(path, mark)) continue;
      const known = seen.get(mark) as Set<LazyTensor>;
      if (known.has(value.tensor)) continue;
      known.add(value.tensor);
      const places = found.get(mark) as Place[];
      if (places.length >= MAX_PLACES) throw failure(`${file}: refused: it holds more than ${MAX_PLACES} networks`);
      places.push(placeAt(path, ancestors, mark));
    }
  }
  return found;
}

/** Whether the name that a path makes is `mark`, alone or behind a dot. Only as much of it is made as the mark is long. */
function endsWith(path: readonly string[], mark: string): boolean {
  let name: string | undefined;
  for (let i = path.length - 1; i >= 0; i--) {
    const step = path[i] as string;
    if (DRAWERS.has(step)) continue;
    name = name === undefined ? step : `${step}.${name}`;
    if (name.length >= mark.length) return name === mark || name.endsWith(`.${mark}`);
    if (!mark.endsWith(name)) return false;
  }
  return false;
}

/** Says of lists whether anything but plain values is in them: years of losses are none of a walk's business. */
function holdsMore(): (value: PyValue) => boolean {
  const plain = new Set<PyValue>();
  return (value) => {
    if (!(value instanceof PyList || value instanceof PyTuple)) return true;
    if (plain.has(value)) return false;
    if (value.items.some((item) => item instanceof PyTensor || isContainer(item))) return true;
    plain.add(value);
    return false;
  };
}

/** The place whose mark is at the end of a path. */
function placeAt(path: readonly string[], ancestors: readonly PyValue[], mark: string): Place {
  let depth = path.length - 1;
  while (depth > 0 && !`.${joined(path.slice(depth))}`.endsWith(`.${mark}`)) depth--;
  // Drawers of a module are no part of its names: the module itself is meant.
  while (depth > 0 && DRAWERS.has(path[depth - 1] as string)) depth--;
  const inside = joined(path.slice(depth));
  const prefix = inside.slice(0, -mark.length);
  const source = [joined(path.slice(0, depth)), prefix.replace(/\.$/, '')].filter((part) => part !== '').join('.');
  const around = ancestors.slice(0, depth + 1).reverse();
  return { source, node: around[0] as PyValue, prefix, around, flat: depth === path.length - 1 };
}

function joined(path: readonly string[]): string {
  return path.filter((step) => !DRAWERS.has(step)).join('.');
}

/**
 * The tensors of the network at a place, by their own names.
 * @throws UserError when two have the same name
 */
export function stateAt({ node, prefix, flat }: Place, file: string): StateDict {
  if (!flat || !(node instanceof PyDict)) return tensorsOf(node, { name: file, prefix });
  // Beside the tensors of a state dict there may be other dicts, an optimizer's for one: no part of it.
  const state = new Map<string, LazyTensor>();
  for (const [key, value] of node.entries) {
    if (value instanceof PyTensor && typeof key === 'string' && key.startsWith(prefix)) {
      state.set(key.slice(prefix.length), value.tensor);
    }
  }
  return state;
}

/** The place that a network's notes name. */
export function sourceOf({ source }: Pick<Place, 'source'>): string {
  return source === '' ? 'the whole file' : source;
}
