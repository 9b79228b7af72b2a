/**
 * The instructions about the stack and the memo, names, calls, states and persistent ids.
 */
import { type AllowList, modernName } from './allow-list.js';
import { call } from './calls.js';
import type { Handlers, Rules } from './handler.js';
import { MAX_NAME_BYTES } from './limits.js';
import { decimalInteger } from './literals.js';
import type { Machine } from './machine.js';
import { fillArray } from './numpy.js';
import { quoted } from '@styleclip/core';
import { kindOf, PyDict, PyGlobal, PyObject, PyTuple, type PyValue } from './values.js';

const LAST_PROTOCOL = 5;

export const REFERENCES = {
  PROTO: (machine, what) => {
    const protocol = machine.input.u8(what);
    if (protocol > LAST_PROTOCOL)
      throw machine.refused(`it is a pickle of protocol ${protocol}; the newest one known is ${LAST_PROTOCOL}`);
  },
  FRAME: (machine, what) => {
    const { input } = machine;
    const length = input.u64(what);
    if (length > input.left)
      throw input.bad(`FRAME claims ${length} bytes where ${input.left} are left; is the file cut short?`);
  },

  MARK: (machine) => machine.mark(),
  POP: (machine, what) => machine.drop(what),
  POP_MARK: (machine, what) => void machine.popMark(what),
  DUP: (machine, what) => machine.push(machine.peek(what)),
  PUT: (machine, what) => machine.memoize(place(machine, what)),
  BINPUT: (machine, what) => machine.memoize(machine.input.u8(what)),
  LONG_BINPUT: (machine, what) => machine.memoize(machine.input.u32(what)),
  MEMOIZE: (machine) => machine.memoize(),
  GET: (machine, what) => machine.push(machine.recall(place(machine, what))),
  BINGET: (machine, what) => machine.push(machine.recall(machine.input.u8(what))),
  LONG_BINGET: (machine, what) => machine.push(machine.recall(machine.input.u32(what))),

  GLOBAL: (machine, what, { allow }) => {
    const module = line(machine, what);
    machine.push(global(machine, allow, module, line(machine, what)));
  },
  STACK_GLOBAL: (machine, what, { allow }) => {
    const [module, name] = machine.popMany(2, what);
    if (typeof module !== 'string' || typeof name !== 'string')
      throw machine.bad(`STACK_GLOBAL takes two strings, not ${kindOf(module)} and ${kindOf(name)}`);
    machine.push(global(machine, allow, module, name));
  },
  REDUCE: (machine, what, { reduce }) => {
    const [callable, args] = machine.popMany(2, what) as [PyValue, PyValue];
    call(machine, callable, args, reduce);
  },
  NEWOBJ: (machine, what, { reduce }) => {
    const [callable, args] = machine.popMany(2, what) as [PyValue, PyValue];
    call(machine, callable, args, reduce);
  },
  NEWOBJ_EX: (machine, what, { reduce }) => {
    const [callable, args, kwargs] = machine.popMany(3, what) as [PyValue, PyValue, PyValue];
    const none = kwargs instanceof PyDict && kwargs.size === 0;
    call(machine, callable, args, reduce, none ? undefined : kwargs);
  },
  INST: (machine, what, { allow, reduce }) => {
    const module = line(machine, what);
    const callable = global(machine, allow, module, line(machine, what));
    call(machine, callable, new PyTuple(machine.popMark(what)), reduce);
  },
  OBJ: (machine, what, { reduce }) => {
    const items = machine.popMark(what);
    const [callable] = items;
    if (callable === undefined) throw machine.bad('OBJ finds no class above the mark');
    call(machine, callable, new PyTuple(items.slice(1)), reduce);
  },
  BUILD: (machine, what) => {
    const state = machine.pop(what);
    const target = machine.peek(what);
    if (machine.isUnfilled(target)) machine.fill(fillArray(machine, state));
    else if (target instanceof PyObject || target instanceof PyDict) target.state = state;
    else throw machine.bad(`${what} gives a state to ${kindOf(target)}`);
  },

  PERSID: (machine, what, rules) => machine.push(persistent(machine, line(machine, what), rules)),
  BINPERSID: (machine, what, rules) => machine.push(persistent(machine, machine.pop(what), rules)),

  EXT1: extension,
  EXT2: extension,
  EXT4: extension,
  NEXT_BUFFER: outOfBand,
  READONLY_BUFFER: outOfBand,
} as const satisfies Handlers;

/** A class or function by name, if its name is one of those that are data. */
function global(machine: Machine, allow: AllowList, module: string, name: string): PyGlobal {
  if (!allow.isAllowed(module, name)) {
    const wanted = quoted(`${module}.${name}`);
    const advice = allow.takesModules && looksLikeModule(module, name) ? `; ${SAVE_STATE}` : '';
    throw machine.refused(`it wants to import ${wanted}, which is not data (allowed: ${allow.describe()})${advice}`);
  }
  machine.countContainer();
  const modern = modernName(module, name);
  return new PyGlobal(modern.module, modern.name);
}

/** What helps where `torch.save(model)` pickled a class of somebody's program. */
const SAVE_STATE =
  'a file of torch.save(model) needs the program that wrote it: load it there and save its state_dict() instead';

/** Modules of Python itself, whose names are no network's, whatever a file wants with them. */
const OF_PYTHON = new Set(
  ['__builtin__', '_io', 'asyncio', 'builtins', 'code', 'codecs', 'ctypes', 'functools', 'importlib', 'io', 'marshal']
    .concat(['multiprocessing', 'nt', 'operator', 'os', 'pickle', 'posix', 'pty', 'runpy', 'shutil', 'socket'])
    .concat(['subprocess', 'sys', 'tempfile', 'threading', 'types', 'urllib', 'webbrowser', 'zipfile']),
);

/** Whether this names a class of a program, as a pickled network does: its last part begins with a capital letter. */
function looksLikeModule(module: string, name: string): boolean {
  return !OF_PYTHON.has(module.split('.')[0] as string) && /^_*[A-Z]/.test(name.split('.').at(-1) as string);
}

function persistent(machine: Machine, id: PyValue, { persistentLoad }: Rules): PyValue {
  if (persistentLoad === undefined)
    throw machine.refused(`it refers to ${kindOf(id)} by a persistent id, to data outside of the pickle`);
  return persistentLoad(id);
}

function line({ input }: Machine, what: string): string {
  return input.decode(input.line(MAX_NAME_BYTES, what), what);
}

/** A place in the memo, written in decimal. */
function place(machine: Machine, what: string): number {
  const index = decimalInteger(line(machine, what));
  if (typeof index !== 'number' || index < 0) throw machine.bad(`${what} has no valid place in the memo`);
  return index;
}

function extension(machine: Machine, what: string): never {
  throw machine.refused(`${what} names something of a registry that only the writing program has`);
}

function outOfBand(machine: Machine, what: string): never {
  throw machine.refused(`${what} needs a buffer from outside of the file`);
}
