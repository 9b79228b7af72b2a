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
import { CONTAINERS } from './build-container.js';
import { checkTree } from './check-tree.js';
import type { Handler, Handlers, Rules } from './handler.js';
import { PickleInput } from './input.js';
import { Machine } from './machine.js';
import { OP, type OpcodeName, opcodeName } from './opcodes.js';
import { LITERALS } from './push-literal.js';
import { REFERENCES } from './refer.js';
import type { PyValue } from './values.js';

export interface ReadPickleOptions extends Rules {
  /** What messages begin with: the file's name. */
  readonly name: string;
  /** Where the pickle begins; 0 by default. */
  readonly offset?: number;
}

export interface PickleResult {
  readonly value: PyValue;
  /** The offset after the pickle's last byte: where the next one begins, in files that hold several. */
  readonly end: number;
}

/** Every instruction but STOP, which ends the reader's loop. */
const HANDLERS = { ...LITERALS, ...CONTAINERS, ...REFERENCES } satisfies Required<Omit<Handlers, 'STOP'>>;

const BY_BYTE: readonly (readonly [OpcodeName, Handler] | undefined)[] = Array.from({ length: 256 }, (_, byte) => {
  const entry = Object.entries(HANDLERS).find(([name]) => OP[name as OpcodeName] === byte);
  return entry as [OpcodeName, Handler] | undefined;
});

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
    const handler = BY_BYTE[opcode];
    if (handler === undefined) throw input.bad(`${opcodeName(opcode)} is not an instruction of pickles`);
    handler[1](machine, handler[0], options);
  }
  const value = machine.pop('STOP');
  if (!machine.isEmpty) throw input.bad('STOP leaves values on the stack');
  checkTree(machine, value);
  return { value, end: input.position };
}
