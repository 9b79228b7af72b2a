/**
 * The instructions that push a number, a text or bytes: half of all there are, since each protocol added shorter ones.
 */
import { MAX_INTEGER_BYTES, MAX_NAME_BYTES, MAX_TEXT_BYTES } from './limits.js';
import {
  decimalFloat,
  decimalInteger,
  latin1,
  littleEndianInteger,
  oldString,
  quotedString,
  rawUnicode,
} from './literals.js';
import type { Machine } from './machine.js';
import { OP, opcodeName } from './opcodes.js';

/** Instructions that push a number, a text or bytes. @returns whether `opcode` is one of them */
export function pushLiteral(machine: Machine, opcode: number): boolean {
  const { input } = machine;
  const what = opcodeName(opcode);
  const parsed = <T>(value: T | undefined, kind: string): T => {
    if (value === undefined) throw input.bad(`${what} holds no valid ${kind}`);
    return value;
  };
  const word = () => latin1(input.line(MAX_NAME_BYTES, what)).trim();
  switch (opcode) {
    case OP.NONE:
      machine.push(null);
      return true;
    case OP.NEWTRUE:
    case OP.NEWFALSE:
      machine.push(opcode === OP.NEWTRUE);
      return true;
    case OP.BININT:
      machine.push(input.i32(what));
      return true;
    case OP.BININT1:
      machine.push(input.u8(what));
      return true;
    case OP.BININT2:
      machine.push(input.u16(what));
      return true;
    case OP.INT: {
      const text = word();
      // How protocols 0 and 1 write booleans; the integers 0 and 1 have one digit.
      machine.push(text === '00' ? false : text === '01' ? true : parsed(decimalInteger(text), 'integer'));
      return true;
    }
    case OP.LONG:
      machine.push(parsed(decimalInteger(word()), 'integer'));
      return true;
    case OP.LONG1:
    case OP.LONG4: {
      const length = opcode === OP.LONG1 ? input.u8(what) : input.length32(what);
      if (length > MAX_INTEGER_BYTES)
        throw machine.refused(`it holds an integer of ${length} bytes; the limit is ${MAX_INTEGER_BYTES}`);
      machine.push(littleEndianInteger(input.slice(length, what)));
      return true;
    }
    case OP.FLOAT:
      machine.push(parsed(decimalFloat(word()), 'number'));
      return true;
    case OP.BINFLOAT:
      machine.push(input.f64(what));
      return true;
    case OP.STRING:
      machine.push(oldString(parsed(quotedString(input.line(MAX_TEXT_BYTES, what)), 'quoted string')));
      return true;
    case OP.BINSTRING:
      machine.push(oldString(input.slice(input.length32(what), what)));
      return true;
    case OP.SHORT_BINSTRING:
      machine.push(oldString(input.slice(input.u8(what), what)));
      return true;
    case OP.UNICODE:
      machine.push(parsed(rawUnicode(input.line(MAX_TEXT_BYTES, what)), 'text'));
      return true;
    case OP.SHORT_BINUNICODE:
      machine.push(input.text(input.u8(what), what));
      return true;
    case OP.BINUNICODE:
      machine.push(input.text(input.u32(what), what));
      return true;
    case OP.BINUNICODE8:
      machine.push(input.text(input.u64(what), what));
      return true;
    case OP.SHORT_BINBYTES:
      machine.push(input.slice(input.u8(what), what));
      return true;
    case OP.BINBYTES:
      machine.push(input.slice(input.u32(what), what));
      return true;
    case OP.BINBYTES8:
    case OP.BYTEARRAY8:
      machine.push(input.slice(input.u64(what), what));
      return true;
    default:
      return false;
  }
}
