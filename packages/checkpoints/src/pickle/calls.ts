/**
 * What the calls of a pickle mean.
 *
 * Where Python would call a class or function, this file says what value stands for the result: a handful of names
 * whose result is plain data (OrderedDict, set, bytes …), numpy's (numpy.ts), NVIDIA's persistent classes, and for
 * every other allowed name an object that keeps the arguments. Nothing is looked up and nothing runs.
 *
 * NVIDIA's networks are pickled as `torch_utils.persistence._reconstruct_persistent_obj(meta)`, where `meta` holds the
 * source text of the class, for Python to execute, beside `class_name` and `state`. The text stays in the arguments as
 * text; the object is named after the class, in the module `torch_utils.persistence`.
 */
import type { Rules } from './handler.js';
import { fromLatin1 } from './literals.js';
import type { Machine } from './machine.js';
import { callNumpy, isUnfilledArray } from './numpy.js';
import { quoted } from '@styleclip/core';
import { kindOf, PyDict, PyGlobal, PyList, PyObject, PySet, PyTuple, type PyValue } from './values.js';

const DICTS = new Set([
  'builtins.dict',
  'collections.OrderedDict',
  'collections.defaultdict',
  'collections.Counter',
  'dnnlib.EasyDict',
  'dnnlib.util.EasyDict',
]);

/** Pushes what stands for `callable(*args, **kwargs)`. */
export function call(
  machine: Machine,
  callable: PyValue,
  args: PyValue,
  hook?: Rules['reduce'],
  kwargs?: PyValue,
): void {
  if (!(callable instanceof PyGlobal)) throw machine.refused(`it calls ${kindOf(callable)}, which is not a name`);
  if (!(args instanceof PyTuple))
    throw machine.refused(`it calls ${named(callable)} with ${kindOf(args)}, not a tuple`);
  machine.countContainer();
  const interpreted = kwargs === undefined ? (hook?.(callable, args) ?? known(machine, callable, args)) : undefined;
  if (interpreted !== undefined) machine.push(interpreted);
  else if (isUnfilledArray(machine, callable.qualified, args))
    machine.pushUnfilled(new PyObject(args.items[0] as PyGlobal, args));
  else machine.push(new PyObject(callable, args, kwargs));
}

/** A call whose result is plain data; undefined where it is an object. */
function known(machine: Machine, callable: PyGlobal, args: PyTuple): PyValue | undefined {
  const { qualified } = callable;
  if (DICTS.has(qualified)) return dict(machine, callable, args.items);
  const [first, second] = args.items;
  switch (qualified) {
    case 'builtins.set':
    case 'builtins.frozenset':
      return new PySet(optionalItems(machine, callable, args));
    case 'builtins.list':
      return new PyList(optionalItems(machine, callable, args));
    case 'builtins.tuple':
    case 'torch.Size':
      return new PyTuple(optionalItems(machine, callable, args));
    case '_codecs.encode':
      return encode(machine, first, second);
    case 'builtins.bytes':
    case 'builtins.bytearray':
      if (first === undefined) return new Uint8Array(0);
      return first instanceof Uint8Array ? first : encode(machine, first, second);
    case 'copyreg._reconstructor':
      return reconstructor(machine, args.items);
    case 'torch_utils.persistence._reconstruct_persistent_obj':
      return persistent(machine, args);
    default:
      return callNumpy(machine, qualified, args);
  }
}

/** `OrderedDict()`, `OrderedDict([(k, v), …])`, `Counter({…})`, `defaultdict(factory, {…})`. */
function dict(machine: Machine, type: PyGlobal, args: readonly PyValue[]): PyDict {
  const content = type.name === 'defaultdict' ? args[1] : args[0];
  const plain = type.qualified === 'builtins.dict';
  const result = new PyDict([], plain ? undefined : type);
  if (content === undefined) return result;
  if (content instanceof PyDict) {
    for (const [key, value] of counted(machine, content.entries)) setItem(machine, result, key, value);
    return result;
  }
  if (!(content instanceof PyList || content instanceof PyTuple))
    throw machine.refused(`it makes a dict from ${kindOf(content)}`);
  for (const pair of counted(machine, content.items)) {
    if (!(pair instanceof PyTuple || pair instanceof PyList) || pair.items.length !== 2)
      throw machine.refused(`it makes a dict from a list that holds ${kindOf(pair)}, not pairs`);
    setItem(machine, result, pair.items[0] as PyValue, pair.items[1] as PyValue);
  }
  return result;
}

function setItem(machine: Machine, dict: PyDict, key: PyValue, value: PyValue): void {
  machine.countKey(key);
  dict.entries.set(key, value);
}

/** The items of the list that a call is given; no items without one. */
function optionalItems(machine: Machine, callable: PyGlobal, { items: args }: PyTuple): PyValue[] {
  const [content] = args;
  if (content === undefined) return [];
  if (args.length > 1 || !(content instanceof PyList || content instanceof PyTuple || content instanceof PySet))
    throw machine.refused(`it calls ${named(callable)} with ${kindOf(content)}, not a list`);
  return [...counted(machine, content.items)];
}

/** Each item, counted as a copied byte: one long list can be named in many calls. */
function* counted<T>(machine: Machine, items: Iterable<T>): Generator<T> {
  for (const item of items) {
    machine.countCopy(1);
    yield item;
  }
}

/** `_codecs.encode(text, 'latin1')`, how protocols 0 to 2 write bytes. */
function encode(machine: Machine, text: PyValue | undefined, encoding: PyValue | undefined): Uint8Array {
  const latin = encoding === 'latin1' || encoding === 'latin-1';
  if (typeof text !== 'string' || !latin) {
    const how = typeof encoding === 'string' ? quoted(encoding) : kindOf(encoding);
    throw machine.refused(`it encodes ${kindOf(text)} as ${how}, not text as latin-1`);
  }
  machine.countCopy(text.length);
  const bytes = fromLatin1(text);
  if (bytes === undefined) throw machine.refused('it encodes text as latin-1 that has other characters');
  return bytes;
}

/** `copyreg._reconstructor(cls, base, state)`, how protocols 0 and 1 write instances. */
function reconstructor(machine: Machine, [type, base, state]: readonly PyValue[]): PyValue {
  if (!(type instanceof PyGlobal) || !(base instanceof PyGlobal))
    throw machine.refused(`it makes an instance of ${kindOf(type)} on ${kindOf(base)}`);
  if (base.qualified === 'builtins.object') return new PyObject(type);
  if (base.qualified === 'builtins.dict') return dict(machine, type, state == null ? [] : [state]);
  return new PyObject(type, new PyTuple([state ?? null]));
}

/** An instance of one of NVIDIA's persistent classes: its class's name and its state. */
function persistent(machine: Machine, args: PyTuple): PyObject {
  const [meta] = args.items;
  const type = meta instanceof PyDict ? meta.get('type') : undefined;
  const name = meta instanceof PyDict ? meta.get('class_name') : undefined;
  if (!(meta instanceof PyDict) || type !== 'class' || typeof name !== 'string')
    throw machine.refused('a persistent object of NVIDIA has no class name');
  const object = new PyObject(new PyGlobal('torch_utils.persistence', name), args);
  object.state = meta.get('state');
  return object;
}

function named(callable: PyGlobal): string {
  return quoted(callable.qualified);
}
