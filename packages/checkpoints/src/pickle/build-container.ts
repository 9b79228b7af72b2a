/**
 * The instructions that make tuples, lists, sets and dicts, and those that fill them.
 *
 * An object takes items as a list or a dict does: it may be of a class that extends one.
 */
import type { Machine } from './machine.js';
import { OP, opcodeName } from './opcodes.js';
import { kindOf, PyDict, PyList, PyObject, PySet, PyTuple, type PyValue } from './values.js';

/** Instructions that make containers and fill them. @returns whether `opcode` is one of them */
export function buildContainer(machine: Machine, opcode: number): boolean {
  const what = opcodeName(opcode);
  const make = (value: PyValue) => {
    machine.countContainer();
    machine.push(value);
  };
  switch (opcode) {
    case OP.EMPTY_TUPLE:
      make(new PyTuple([]));
      return true;
    case OP.TUPLE1:
    case OP.TUPLE2:
    case OP.TUPLE3:
      make(new PyTuple(machine.popMany(opcode - OP.TUPLE1 + 1, what)));
      return true;
    case OP.TUPLE:
      make(new PyTuple(machine.popMark(what)));
      return true;
    case OP.EMPTY_LIST:
      make(new PyList());
      return true;
    case OP.LIST:
      make(new PyList(machine.popMark(what)));
      return true;
    case OP.EMPTY_SET:
      make(new PySet());
      return true;
    case OP.FROZENSET:
      make(new PySet(machine.popMark(what)));
      return true;
    case OP.EMPTY_DICT:
      make(new PyDict());
      return true;
    case OP.DICT: {
      const items = machine.popMark(what);
      make(new PyDict());
      setItems(machine, items, what);
      return true;
    }
    case OP.SETITEM:
      setItems(machine, machine.popMany(2, what), what);
      return true;
    case OP.SETITEMS:
      setItems(machine, machine.popMark(what), what);
      return true;
    case OP.APPEND:
      append(machine, machine.popMany(1, what), what);
      return true;
    case OP.APPENDS:
    case OP.ADDITEMS:
      append(machine, machine.popMark(what), what);
      return true;
    default:
      return false;
  }
}

function setItems(machine: Machine, items: readonly PyValue[], what: string): void {
  const target = machine.peek(what);
  if (!(target instanceof PyDict || target instanceof PyObject))
    throw machine.input.bad(`${what} sets items of ${kindOf(target)}`);
  if (items.length % 2 !== 0) throw machine.input.bad(`${what} has a key without a value`);
  for (let i = 0; i < items.length; i += 2) target.entries.set(items[i] as PyValue, items[i + 1] as PyValue);
}

function append(machine: Machine, items: readonly PyValue[], what: string): void {
  const target = machine.peek(what);
  if (!(target instanceof PyList || target instanceof PySet || target instanceof PyObject))
    throw machine.input.bad(`${what} appends to ${kindOf(target)}`);
  for (const item of items) target.items.push(item);
}
