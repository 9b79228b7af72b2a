/**
 * One instruction of the machine: what it does to the stack.
 *
 * The reader looks an opcode up in a table of these; the tables are in push-literal.ts, build-container.ts and refer.ts.
 */
import type { AllowList } from './allow-list.js';
import type { Machine } from './machine.js';
import type { OpcodeName } from './opcodes.js';
import type { PyGlobal, PyTuple, PyValue } from './values.js';

/** What the caller of `readPickle` decides. */
export interface Rules {
  readonly allow: AllowList;
  /** What a persistent id stands for (torch puts storages there). Without it such ids are refused. */
  readonly persistentLoad?: (id: PyValue) => PyValue;
  /**
   * Interprets a call of an allowed name (REDUCE, NEWOBJ, OBJ, INST): the value that stands for its result, or
   * undefined to leave it to the reader, which knows the base classes, numpy and NVIDIA's and makes a PyObject of
   * all others. Compound arguments may be incomplete and are not yet checked for depth or cycles: look at what is
   * needed, don't walk.
   */
  readonly reduce?: (callable: PyGlobal, args: PyTuple) => PyValue | undefined;
}

/** @param what the opcode's name, for messages */
export type Handler = (machine: Machine, what: OpcodeName, rules: Rules) => void;

export type Handlers = Partial<Readonly<Record<OpcodeName, Handler>>>;
