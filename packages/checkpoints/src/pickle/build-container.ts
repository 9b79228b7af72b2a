/**
 * The instructions that make tuples, lists, sets and dicts, and those that fill them.
 *
 * An object takes items as a list or a dict does: it may be of a class that extends one.
 */
import type { Handlers } from './handler.js';
import type { Machine } from './machine.js';
import { kindOf, PyDict, PyList, PyObject, PySet, PyTuple, type PyValue } from './values.js';

export const CONTAINERS = {
  EMPTY_TUPLE: (machine) => make(machine, new PyTuple([])),
  TUPLE1: (machine, what) => make(machine, new PyTuple(machine.popMany(1, what))),
  TUPLE2: (machine, what) => make(machine, new PyTuple(machine.popMany(2, what))),
  TUPLE3: (machine, what) => make(machine, new PyTuple(machine.popMany(3, what))),
  TUPLE: (machine, what) => make(machine, new PyTuple(machine.popMark(what))),
  EMPTY_LIST: (machine) => make(machine, new PyList()),
  LIST: (machine, what) => make(machine, new PyList(machine.popMark(what))),
  EMPTY_SET: (machine) => make(machine, new PySet()),
  FROZENSET: (machine, what) => make(machine, new PySet(machine.popMark(what))),
  EMPTY_DICT: (machine) => make(machine, new PyDict()),
  DICT: (machine, what) => {
    const items = machine.popMark(what);
    make(machine, new PyDict());
    setItems(machine, items, what);
  },
  SETITEM: (machine, what) => setItems(machine, machine.popMany(2, what), what),
  SETITEMS: (machine, what) => setItems(machine, machine.popMark(what), what),
  APPEND: (machine, what) => append(machine, machine.popMany(1, what), what),
  APPENDS: (machine, what) => append(machine, machine.popMark(what), what),
  ADDITEMS: (machine, what) => append(machine, machine.popMark(what), what),
} as const satisfies Handlers;

function make(machine: Machine, value: PyValue): void {
  machine.countContainer();
  machine.push(value);
}

function setItems(machine: Machine, items: readonly PyValue[], what: string): void {
  const target = machine.peek(what);
  if (!(target instanceof PyDict || target instanceof PyObject))
    throw machine.bad(`${what} sets items of ${kindOf(target)}`);
  if (items.length % 2 !== 0) throw machine.bad(`${what} has a key without a value`);
  for (let i = 0; i < items.length; i += 2) {
    const key = items[i] as PyValue;
    machine.countKey(key);
    target.entries.set(key, items[i + 1] as PyValue);
  }
}

function append(machine: Machine, items: readonly PyValue[], what: string): void {
  const target = machine.peek(what);
  if (!(target instanceof PyList || target instanceof PySet || target instanceof PyObject))
    throw machine.bad(`${what} appends to ${kindOf(target)}`);
  for (const item of items) target.items.push(item);
}
