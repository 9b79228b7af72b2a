/**
 * What a pickle is made of, once it is read: plain data, in Python's own kinds.
 *
 * Nothing here does anything. A class or function that the pickle names is a `PyGlobal`, two strings; an instance is
 * a `PyObject`, the name of its class beside whatever the pickle wanted to hand to it. `None` is null, `int` a number
 * while JavaScript holds it exactly and a bigint past that, `bytes` and `bytearray` are views into the file.
 *
 * A tree that `readPickle` has returned may share parts (Python's memo does that) but never contains itself and is at
 * most MAX_DEPTH deep, so recursion over it ends. Shared parts can still make its expansion exponential:
 * walk with `walk.ts`, which counts.
 */
import type { LazyTensor } from '../tensor.js';

export type PyValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | PyTuple
  | PyList
  | PyDict
  | PySet
  | PyGlobal
  | PyObject
  | PyTensor;

export class PyTuple {
  readonly items: readonly PyValue[];

  constructor(items: readonly PyValue[]) {
    this.items = items;
  }
}

export class PyList {
  readonly items: PyValue[];

  constructor(items: PyValue[] = []) {
    this.items = items;
  }
}

/** `set` and `frozenset`; members in the file's order, equal ones not merged. */
export class PySet {
  readonly items: PyValue[];

  constructor(items: PyValue[] = []) {
    this.items = items;
  }
}

/**
 * `dict` and the classes that are a dict by another name (OrderedDict, defaultdict, NVIDIA's EasyDict).
 *
 * Keys that are strings, numbers, booleans or null are found by value; tuples, bytes and other compound keys only by
 * identity, which is enough to list them. The order is the file's; a key that comes twice keeps its last value.
 */
export class PyDict {
  readonly entries: Map<PyValue, PyValue>;
  /** The class, where it is not plain `dict`. */
  readonly type: PyGlobal | undefined;
  /** Attributes set beside the entries, such as `_metadata` of a torch state dict. */
  state: PyValue | undefined;

  constructor(entries: Iterable<readonly [PyValue, PyValue]> = [], type?: PyGlobal) {
    this.entries = new Map(entries);
    this.type = type;
  }

  get(key: string): PyValue | undefined {
    return this.entries.get(key);
  }

  has(key: string): boolean {
    return this.entries.has(key);
  }

  get size(): number {
    return this.entries.size;
  }
}

/** A class or function by name. It stands for the thing and is never looked up. */
export class PyGlobal {
  readonly module: string;
  readonly name: string;

  constructor(module: string, name: string) {
    this.module = module;
    this.name = name;
  }

  /** `module.name`, with the module's present-day name (`builtins`, not `__builtin__`). */
  get qualified(): string {
    return `${this.module}.${this.name}`;
  }
}

/** An instance of an allowed class: the call that would have made it, and what was then put into it. */
export class PyObject {
  readonly type: PyGlobal;
  /** The arguments of the call: a PyTuple in every file that Python wrote. */
  readonly args: PyValue;
  readonly kwargs: PyValue | undefined;
  /** What BUILD gives to `__setstate__`: for most classes a PyDict of attributes. */
  state: PyValue | undefined;
  /** Appended items, where the class is a list. */
  readonly items: PyValue[] = [];
  /** Set items, where the class is a dict. */
  readonly entries = new Map<PyValue, PyValue>();

  constructor(type: PyGlobal, args: PyValue = new PyTuple([]), kwargs?: PyValue) {
    this.type = type;
    this.args = args;
    this.kwargs = kwargs;
  }

  /** The attribute `name`, where the state is a dict that has it. */
  attribute(name: string): PyValue | undefined {
    return this.state instanceof PyDict ? this.state.get(name) : undefined;
  }
}

/** A torch tensor or numpy array; its numbers are fetched by `tensor.read()`. */
export class PyTensor {
  readonly tensor: LazyTensor;

  constructor(tensor: LazyTensor) {
    this.tensor = tensor;
  }
}

/** Whether `value` is an instance of the class with this full name, such as `collections.OrderedDict`. */
export function isObjectOf(value: PyValue | undefined, qualified: string): value is PyObject | PyDict {
  return (value instanceof PyObject || value instanceof PyDict) && value.type?.qualified === qualified;
}

/** Whether `value` is the class or function itself. */
export function isGlobal(value: PyValue | undefined, qualified: string): value is PyGlobal {
  return value instanceof PyGlobal && value.qualified === qualified;
}

/** The kind of a value in Python's words, for messages: `a dict`, `None`, `an argparse.Namespace`. */
export function kindOf(value: PyValue | undefined): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'None';
  switch (typeof value) {
    case 'boolean':
      return 'a bool';
    case 'number':
      return Number.isInteger(value) ? 'an int' : 'a float';
    case 'bigint':
      return 'an int';
    case 'string':
      return 'a str';
  }
  if (value instanceof Uint8Array) return 'bytes';
  if (value instanceof PyTuple) return 'a tuple';
  if (value instanceof PyList) return 'a list';
  if (value instanceof PySet) return 'a set';
  if (value instanceof PyDict) return 'a dict';
  if (value instanceof PyGlobal) return `the name ${value.qualified}`;
  if (value instanceof PyTensor) return 'a tensor';
  return `an object of ${value.type.qualified}`;
}
