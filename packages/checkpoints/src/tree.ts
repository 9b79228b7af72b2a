/**
 * From a checkpoint's tree to named tensors.
 *
 * Checkpoints nest: dicts of dicts, modules in modules, lists of optimizer states. Here each tensor gets the name
 * that torch's state_dict would give it, its path joined by dots. Pickled modules keep parameters, buffers and
 * sub-modules in dicts called `_parameters`, `_buffers` and `_modules`, which are no part of a name.
 */
import { failure, quoted } from '@styleclip/core';
import { PyDict, PyObject, PyTensor, type PyValue } from './pickle/values.js';
import { walk } from './pickle/walk.js';
import type { LazyTensor, StateDict } from './tensor.js';

/** Where pickled modules keep what is theirs. */
export const DRAWERS: ReadonlySet<string> = new Set(['_parameters', '_buffers', '_modules']);

/**
 * Characters of all names together. A crafted file can share one long key, or one tensor, a million times; checkpoints have
 * some thousand names of some fifty characters.
 */
const MAX_NAME_CHARACTERS = 1 << 24;

export interface TensorsOfOptions {
  /** The file's name, which messages begin with. */
  readonly name?: string;
  /** Keeps just the names that begin with this, and takes it off: `style.` finds `weight` where `style.weight` is. */
  readonly prefix?: string;
}

/**
 * All tensors of a tree, by dotted names, in the file's order. Everything else (numbers, texts, flags) is left out.
 *
 * @throws UserError when two tensors have the same name, or the tree expands beyond all measure
 */
export function tensorsOf(tree: PyValue, { name = 'the checkpoint', prefix = '' }: TensorsOfOptions = {}): StateDict {
  const tensors = new Map<string, LazyTensor>();
  let characters = 0;
  for (const { value, path } of walk(tree, { name })) {
    if (!(value instanceof PyTensor)) continue;
    for (const step of path) characters += step.length + 1;
    if (characters > MAX_NAME_CHARACTERS)
      throw failure(`${name}: refused: its tensors' names have more than ${MAX_NAME_CHARACTERS} characters`);
    const full = path.filter((step) => !DRAWERS.has(step)).join('.');
    if (!full.startsWith(prefix)) continue;
    const short = full.slice(prefix.length);
    if (tensors.has(short)) throw failure(`${name}: two tensors are called ${quoted(full)}`);
    tensors.set(short, value.tensor);
  }
  return tensors;
}

/**
 * The value at the end of a path of keys: `lookup(tree, 'state_dict', 'decoder')`. Dicts are asked for an entry,
 * objects for an attribute or sub-module.
 *
 * @returns undefined where the path ends early
 */
export function lookup(tree: PyValue | undefined, ...path: readonly string[]): PyValue | undefined {
  let value = tree;
  for (const key of path) {
    if (value instanceof PyDict) value = value.get(key);
    else if (value instanceof PyObject) value = attribute(value, key);
    else return undefined;
  }
  return value;
}

function attribute(object: PyObject, key: string): PyValue | undefined {
  const own = object.attribute(key);
  if (own !== undefined) return own;
  for (const drawer of DRAWERS) {
    const content = object.attribute(drawer);
    const found = content instanceof PyDict ? content.get(key) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}
