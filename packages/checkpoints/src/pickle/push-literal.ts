/**
 * The instructions that push a number, a text or bytes: half of all there are, since each protocol added shorter ones.
 */
import type { Handlers } from './handler.js';
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

export const LITERALS = {
  NONE: (machine) => machine.push(null),
  NEWTRUE: (machine) => machine.push(true),
  NEWFALSE: (machine) => machine.push(false),

  BININT: (machine, what) => machine.push(machine.input.i32(what)),
  BININT1: (machine, what) => machine.push(machine.input.u8(what)),
  BININT2: (machine, what) => machine.push(machine.input.u16(what)),
  INT: (machine, what) => {
    const text = word(machine, what);
    // How protocols 0 and 1 write booleans; the integers 0 and 1 have one digit.
    if (text === '00' || text === '01') machine.push(text === '01');
    else machine.push(parsed(machine, what, decimalInteger(text), 'integer'));
  },
  LONG: (machine, what) => machine.push(parsed(machine, what, decimalInteger(word(machine, what)), 'integer')),
  LONG1: (machine, what) => pushLong(machine, what, machine.input.u8(what)),
  LONG4: (machine, what) => pushLong(machine, what, machine.input.length32(what)),
  FLOAT: (machine, what) => machine.push(parsed(machine, what, decimalFloat(word(machine, what)), 'number')),
  BINFLOAT: (machine, what) => machine.push(machine.input.f64(what)),

  STRING: (machine, what) => {
    const bytes = quotedString(machine.input.line(MAX_TEXT_BYTES, what));
    machine.push(oldString(parsed(machine, what, bytes, 'quoted string')));
  },
  BINSTRING: (machine, what) => pushOldString(machine, what, machine.input.length32(what)),
  SHORT_BINSTRING: (machine, what) => pushOldString(machine, what, machine.input.u8(what)),
  UNICODE: (machine, what) => {
    const text = rawUnicode(machine.input.line(MAX_TEXT_BYTES, what));
    machine.push(parsed(machine, what, text, 'text'));
  },
  SHORT_BINUNICODE: (machine, what) => pushText(machine, what, machine.input.u8(what)),
  BINUNICODE: (machine, what) => pushText(machine, what, machine.input.u32(what)),
  BINUNICODE8: (machine, what) => pushText(machine, what, machine.input.u64(what)),
  SHORT_BINBYTES: (machine, what) => pushBytes(machine, what, machine.input.u8(what)),
  BINBYTES: (machine, what) => pushBytes(machine, what, machine.input.u32(what)),
  BINBYTES8: (machine, what) => pushBytes(machine, what, machine.input.u64(what)),
  BYTEARRAY8: (machine, what) => pushBytes(machine, what, machine.input.u64(what)),
} as const satisfies Handlers;

function pushLong(machine: Machine, what: string, length: number): void {
  if (length > MAX_INTEGER_BYTES)
    throw machine.refused(`it holds an integer of ${length} bytes; the limit is ${MAX_INTEGER_BYTES}`);
  machine.push(littleEndianInteger(machine.input.slice(length, what)));
}

function pushOldString(machine: Machine, what: string, length: number): void {
  machine.push(oldString(machine.input.slice(length, what)));
}

function pushText(machine: Machine, what: string, length: number): void {
  machine.push(machine.input.text(length, what));
}

function pushBytes(machine: Machine, what: string, length: number): void {
  machine.push(machine.input.slice(length, what));
}

function word({ input }: Machine, what: string): string {
  return latin1(input.line(MAX_NAME_BYTES, what)).trim();
}

function parsed<T>(machine: Machine, what: string, value: T | undefined, kind: string): T {
  if (value === undefined) throw machine.bad(`${what} holds no valid ${kind}`);
  return value;
}
