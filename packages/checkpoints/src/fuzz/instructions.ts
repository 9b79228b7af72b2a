/**
 * Pickles, cut into their instructions: damage that leaves every instruction whole.
 *
 * A changed byte mostly makes nonsense that the first check refuses. A program whose instructions are sound but stand in
 * another order, twice or not at all gets to where values are put together, which is where a reader trusts more.
 */
import type { Random } from '@styleclip/core';
import { OP } from '../pickle/opcodes.js';

/** What follows an opcode: so many bytes, a length of so many bytes and then that many, or so many lines. */
type Argument = { readonly bytes: number } | { readonly counted: 1 | 4 | 8 } | { readonly lines: number };

const ARGUMENTS = new Map<number, Argument>([
  ...[OP.PROTO, OP.BININT1, OP.BINGET, OP.BINPUT, OP.EXT1].map((op) => [op, { bytes: 1 }] as const),
  ...[OP.BININT2, OP.EXT2].map((op) => [op, { bytes: 2 }] as const),
  ...[OP.BININT, OP.LONG_BINGET, OP.LONG_BINPUT, OP.EXT4].map((op) => [op, { bytes: 4 }] as const),
  ...[OP.BINFLOAT, OP.FRAME].map((op) => [op, { bytes: 8 }] as const),
  ...[OP.SHORT_BINSTRING, OP.SHORT_BINBYTES, OP.SHORT_BINUNICODE, OP.LONG1].map((op) => [op, { counted: 1 }] as const),
  ...[OP.BINSTRING, OP.BINBYTES, OP.BINUNICODE, OP.LONG4].map((op) => [op, { counted: 4 }] as const),
  ...[OP.BINBYTES8, OP.BINUNICODE8, OP.BYTEARRAY8].map((op) => [op, { counted: 8 }] as const),
  ...[OP.INT, OP.LONG, OP.FLOAT, OP.STRING, OP.UNICODE, OP.PUT, OP.GET, OP.PERSID].map(
    (op) => [op, { lines: 1 }] as const,
  ),
  ...[OP.GLOBAL, OP.INST].map((op) => [op, { lines: 2 }] as const),
]);

const KNOWN = new Set<number>(Object.values(OP));
const NEWLINE = 0x0a;

/** Whole instructions that stand for a value, to be put in another's place. */
const VALUES = [
  [OP.NONE],
  [OP.NEWTRUE],
  [OP.EMPTY_TUPLE],
  [OP.EMPTY_LIST],
  [OP.EMPTY_DICT],
  [OP.EMPTY_SET],
  [OP.BININT1, 3],
  [OP.BININT, 0xff, 0xff, 0xff, 0xff],
  [OP.LONG1, 8, 0, 0, 0, 0, 0, 0, 0, 0x7f],
  [OP.LONG1, 3, 0, 0, 1],
  [OP.BINFLOAT, 0x7f, 0xf8, 0, 0, 0, 0, 0, 0],
  [OP.SHORT_BINUNICODE, 1, 0x78],
  [OP.SHORT_BINUNICODE, 0],
  [OP.SHORT_BINBYTES, 4, 1, 2, 3, 4],
].map((bytes) => Uint8Array.from(bytes));

/** The pickles at the file's beginning as instructions, and the rest. No instructions where it does not begin with one. */
export function splitInstructions(bytes: Uint8Array): { instructions: Uint8Array[]; rest: Uint8Array } {
  const instructions: Uint8Array[] = [];
  let at = 0;
  let complete = 0;
  let sound = 0;
  while (at < bytes.length) {
    const end = endOf(bytes, at);
    if (end === undefined || end > bytes.length) break;
    instructions.push(bytes.subarray(at, end));
    if (bytes[at] === OP.STOP) {
      complete = end;
      sound = instructions.length;
    }
    at = end;
  }
  return { instructions: instructions.slice(0, sound), rest: bytes.subarray(complete) };
}

/** Where the instruction at `at` ends; undefined where there is none. */
function endOf(bytes: Uint8Array, at: number): number | undefined {
  const opcode = bytes[at] as number;
  if (!KNOWN.has(opcode)) return undefined;
  const argument = ARGUMENTS.get(opcode);
  if (argument === undefined) return at + 1;
  if ('bytes' in argument) return at + 1 + argument.bytes;
  if ('counted' in argument) {
    let length = 0;
    for (let i = argument.counted; i > 0; i--) length = length * 256 + (bytes[at + i] ?? 0);
    return at + 1 + argument.counted + length;
  }
  let end = at + 1;
  for (let line = 0; line < argument.lines; line++) {
    const found = bytes.indexOf(NEWLINE, end);
    if (found < 0) return undefined;
    end = found + 1;
  }
  return end;
}

/** A pickle with some of its instructions moved, removed, repeated, exchanged or replaced; other files as they are. */
export function editInstructions(bytes: Uint8Array, random: Random): Uint8Array {
  const { instructions, rest } = splitInstructions(bytes);
  if (instructions.length < 3) return bytes;
  for (let edits = 1 + random.int(3); edits > 0; edits--) {
    const at = random.int(instructions.length);
    const other = random.int(instructions.length);
    switch (random.int(6)) {
      case 0:
        instructions.splice(at, 1);
        break;
      case 1:
        instructions.splice(at, 0, instructions[other] as Uint8Array);
        break;
      case 2:
        [instructions[at], instructions[other]] = [instructions[other] as Uint8Array, instructions[at] as Uint8Array];
        break;
      case 3:
        instructions.splice(at, 0, ...instructions.slice(other, other + random.int(30)));
        break;
      default:
        replaceValue(instructions, at, random);
    }
    if (instructions.length === 0) break;
  }
  // FRAME's lengths no longer fit; a reader that minds them would see nothing else.
  return Uint8Array.from(Buffer.concat([...instructions.filter(([opcode]) => opcode !== OP.FRAME), rest]));
}

/** Puts another value, of another type perhaps, in the place of the next instruction that pushes one. */
function replaceValue(instructions: Uint8Array[], from: number, random: Random): void {
  const pushes = (bytes: Uint8Array | undefined) =>
    bytes !== undefined && VALUES.some(([opcode]) => opcode === bytes[0]);
  for (let at = from; at < instructions.length; at++) {
    if (!pushes(instructions[at])) continue;
    instructions[at] = random.pick(VALUES);
    return;
  }
}
