/**
 * Reads a pickle as data.
 *
 * A pickle is a program for a small stack machine, and Python's own reader runs it: it imports what the file names and
 * calls it. This one follows the same instructions (those of Lib/pickle.py and pickletools, protocols 0 to 5) but
 * builds descriptions (values.ts): a class is its name, a call an object with its arguments. Which names may occur is
 * the caller's list; what the known ones mean is in calls.ts and numpy.ts, torch's come through the `reduce` hook.
 *
 * Nothing of the file is executed, no size of it is believed, nothing recurses, and byte strings stay views. The npm
 * package pickleparser reads the same opcodes, but copies strings, has no limits and resolves names by a callback
 * instead of refusing them by name, so it was left aside for this reader.
 *
 * Not read: out-of-band buffers, the extension registry (EXT1 … EXT4), and persistent ids nobody interprets.
 */
import { type AllowList, modernName } from './allow-list.js';
import { call, type ReduceHook } from './calls.js';
import { buildContainer } from './build-container.js';
import { checkTree } from './check-tree.js';
import { PickleInput } from './input.js';
import { MAX_NAME_BYTES } from './limits.js';
import { decimalInteger } from './literals.js';
import { Machine } from './machine.js';
import { fillArray } from './numpy.js';
import { OP, opcodeName } from './opcodes.js';
import { pushLiteral } from './push-literal.js';
import { quoted } from './quoted.js';
import { kindOf, PyDict, PyGlobal, PyObject, PyTuple, type PyValue } from './values.js';

export interface ReadPickleOptions {
  /** What messages begin with: the file's name. */
  readonly name: string;
  readonly allow: AllowList;
  /** What a persistent id stands for (torch puts storages there). Without it such ids are refused. */
  readonly persistentLoad?: (id: PyValue) => PyValue;
  /**
   * Interprets a call of an allowed name (REDUCE, NEWOBJ, OBJ, INST): the value that stands for its result, or
   * undefined to leave it to the reader, which knows the base classes, numpy and NVIDIA's and makes a PyObject of
   * all others. Compound arguments may be incomplete and are not yet checked for depth or cycles: look at what is
   * needed, don't walk.
   */
  readonly reduce?: ReduceHook;
  /** Where the pickle begins; 0 by default. */
  readonly offset?: number;
}

export interface PickleResult {
  readonly value: PyValue;
  /** The offset after the pickle's last byte: where the next one begins, in files that hold several. */
  readonly end: number;
}

const LAST_PROTOCOL = 5;

/**
 * Reads one pickle.
 *
 * @throws UserError, on one line that begins with `name`, for everything that is wrong with the bytes
 */
export function readPickle(bytes: Uint8Array, options: ReadPickleOptions): PickleResult {
  const input = new PickleInput(bytes, options.name, options.offset ?? 0);
  const machine = new Machine(input);
  for (;;) {
    if (input.left <= 0) throw input.bad('it ends without STOP; is the file cut short?');
    const opcode = input.u8('an instruction');
    machine.countOpcode();
    if (opcode === OP.STOP) break;
    if (!pushLiteral(machine, opcode) && !buildContainer(machine, opcode) && !refer(machine, opcode, options))
      throw input.bad(`${opcodeName(opcode)} is not an instruction of pickles`);
  }
  const value = machine.pop('STOP');
  if (!machine.isEmpty) throw input.bad('STOP leaves values on the stack');
  checkTree(machine, value);
  return { value, end: input.position };
}

/** Instructions about the stack, the memo, names, calls and persistent ids. @returns whether `opcode` is one of them */
function refer(machine: Machine, opcode: number, options: ReadPickleOptions): boolean {
  const { input } = machine;
  const what = opcodeName(opcode);
  const line = () => input.decode(input.line(MAX_NAME_BYTES, what), what);
  const place = () => {
    const index = decimalInteger(line());
    if (typeof index !== 'number' || index < 0) throw input.bad(`${what} has no valid place in the memo`);
    return index;
  };
  const tuple = (items: PyValue[]) => {
    machine.countContainer();
    return new PyTuple(items);
  };
  switch (opcode) {
    case OP.PROTO: {
      const protocol = input.u8(what);
      if (protocol > LAST_PROTOCOL)
        throw machine.refused(`it is a pickle of protocol ${protocol}; the newest one known is ${LAST_PROTOCOL}`);
      return true;
    }
    case OP.FRAME: {
      const length = input.u64(what);
      if (length > input.left)
        throw input.bad(`FRAME claims ${length} bytes where ${input.left} are left; is the file cut short?`);
      return true;
    }
    case OP.MARK:
      machine.mark();
      return true;
    case OP.POP:
      machine.drop(what);
      return true;
    case OP.POP_MARK:
      machine.popMark(what);
      return true;
    case OP.DUP:
      machine.push(machine.peek(what));
      return true;
    case OP.PUT:
      machine.memoize(place());
      return true;
    case OP.BINPUT:
      machine.memoize(input.u8(what));
      return true;
    case OP.LONG_BINPUT:
      machine.memoize(input.u32(what));
      return true;
    case OP.MEMOIZE:
      machine.memoize();
      return true;
    case OP.GET:
      machine.push(machine.recall(place()));
      return true;
    case OP.BINGET:
      machine.push(machine.recall(input.u8(what)));
      return true;
    case OP.LONG_BINGET:
      machine.push(machine.recall(input.u32(what)));
      return true;
    case OP.GLOBAL:
      machine.push(global(machine, options.allow, line(), line()));
      return true;
    case OP.STACK_GLOBAL: {
      const [module, name] = machine.popMany(2, what);
      if (typeof module !== 'string' || typeof name !== 'string')
        throw input.bad(`STACK_GLOBAL takes two strings, not ${kindOf(module)} and ${kindOf(name)}`);
      machine.push(global(machine, options.allow, module, name));
      return true;
    }
    case OP.REDUCE:
    case OP.NEWOBJ: {
      const [callable, args] = machine.popMany(2, what) as [PyValue, PyValue];
      call(machine, callable, args, options.reduce);
      return true;
    }
    case OP.NEWOBJ_EX: {
      const [callable, args, kwargs] = machine.popMany(3, what) as [PyValue, PyValue, PyValue];
      const none = kwargs instanceof PyDict && kwargs.size === 0;
      call(machine, callable, args, options.reduce, none ? undefined : kwargs);
      return true;
    }
    case OP.INST: {
      const callable = global(machine, options.allow, line(), line());
      call(machine, callable, tuple(machine.popMark(what)), options.reduce);
      return true;
    }
    case OP.OBJ: {
      const [callable, ...args] = machine.popMark(what);
      if (callable === undefined) throw input.bad('OBJ finds no class above the mark');
      call(machine, callable, tuple(args), options.reduce);
      return true;
    }
    case OP.BUILD:
      setState(machine, machine.pop(what), what);
      return true;
    case OP.PERSID:
      machine.push(persistent(machine, line(), options));
      return true;
    case OP.BINPERSID:
      machine.push(persistent(machine, machine.pop(what), options));
      return true;
    case OP.EXT1:
    case OP.EXT2:
    case OP.EXT4:
      throw machine.refused(`${what} names something of a registry that only the writing program has`);
    case OP.NEXT_BUFFER:
    case OP.READONLY_BUFFER:
      throw machine.refused(`${what} needs a buffer from outside of the file`);
    default:
      return false;
  }
}

/** A class or function by name, if its name is one of those that are data. */
function global(machine: Machine, allow: AllowList, module: string, name: string): PyGlobal {
  if (!allow.isAllowed(module, name)) {
    const wanted = quoted(`${module}.${name}`);
    throw machine.refused(`it wants to import ${wanted}, which is not data (allowed: ${allow.describe()})`);
  }
  machine.countContainer();
  const modern = modernName(module, name);
  return new PyGlobal(modern.module, modern.name);
}

function persistent(machine: Machine, id: PyValue, { persistentLoad }: ReadPickleOptions): PyValue {
  if (persistentLoad === undefined)
    throw machine.refused(`it refers to ${kindOf(id)} by a persistent id, to data outside of the pickle`);
  return persistentLoad(id);
}

function setState(machine: Machine, state: PyValue, what: string): void {
  const target = machine.peek(what);
  if (machine.isUnfilled(target)) machine.fill(fillArray(machine, state));
  else if (target instanceof PyObject || target instanceof PyDict) target.state = state;
  else throw machine.input.bad(`${what} gives a state to ${kindOf(target)}`);
}
