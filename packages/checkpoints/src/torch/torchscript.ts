/**
 * TorchScript archives (torch.jit.save), read for their numbers only.
 *
 * The pickle describes a module as an object of a class `__torch__.…`, whose code lies in the archive's `code/`
 * folder and is never looked at, with a dict of attributes as its state: parameters, buffers, sub-modules and flags
 * such as `training`, all side by side. Such objects become dicts here, so a tree of modules reads like a tree of
 * state dicts. OpenAI publishes CLIP in this format.
 */
import { failure } from '@styleclip/core';
import { PyDict, type PyGlobal, PyList, PyObject, type PyTuple, type PyValue } from '../pickle/values.js';

/** Calls that only say the type of the list or dict that they are given. */
const TYPED = new Set(
  ['build_intlist', 'build_tensorlist', 'build_doublelist', 'build_boollist', 'restore_type_tag'].map(
    (name) => `torch.jit._pickle.${name}`,
  ),
);

/** Interprets TorchScript's own calls, for `readPickle`'s `reduce`. */
export function reduceTorchScript(name: string, callable: PyGlobal, args: PyTuple): PyValue | undefined {
  if (TYPED.has(callable.qualified)) return args.items[0];
  if (callable.qualified === 'torch.jit._pickle.build_tensor_from_id')
    throw failure(`${name}: its tensors are kept outside of the archive; save it with torch.jit.save`);
  return undefined;
}

/** Replaces each object of a scripted class by the dict of its attributes; shared objects stay shared. */
export function modulesAsDicts(root: PyValue): PyValue {
  const dicts = new Map<PyObject, PyDict>();
  const seen = new Set<PyValue>();
  const waiting: (PyDict | PyList)[] = [];

  const replaced = (value: PyValue): PyValue => {
    let result = value;
    if (value instanceof PyObject && value.type.module.startsWith('__torch__') && value.state instanceof PyDict) {
      result = dicts.get(value) ?? new PyDict(value.state.entries, value.type);
      dicts.set(value, result as PyDict);
    }
    if ((result instanceof PyDict || result instanceof PyList) && !seen.has(result)) {
      seen.add(result);
      waiting.push(result);
    }
    return result;
  };

  const tree = replaced(root);
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (next instanceof PyDict) for (const [key, value] of next.entries) next.entries.set(key, replaced(value));
    else for (const [i, value] of next.items.entries()) next.items[i] = replaced(value);
  }
  return tree;
}
