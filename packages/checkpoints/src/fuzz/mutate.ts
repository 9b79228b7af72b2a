/**
 * Damages a file, in ways that find mistakes of readers.
 *
 * Plain noise rarely gets past a magic number, so most mutations keep nearly all of the file: single bits and bytes,
 * values at the edge of their range where a length may be, cut ends, repeated and exchanged pieces, larger numbers
 * in text headers, instructions of pickles. Headers and directories stand at a file's ends, so places there are
 * chosen more often. Everything follows from the random generator that is handed in: a case can be made again.
 */
import type { Random } from '@styleclip/core';
import { OP } from '../pickle/opcodes.js';
import { editInstructions } from './instructions.js';

/** No mutation makes a file grow past this times its size, and then some. */
const MAX_GROWTH = 2;
const GROWTH_BYTES = 1 << 16;

/** Integers at the edges of what lengths, counts and offsets are stored in. */
const EDGES = [
  0n,
  1n,
  0x7fn,
  0x80n,
  0xffn,
  0x7fffn,
  0xffffn,
  0x7fffffffn,
  0x80000000n,
  0xffffffffn,
  0x1fffffffffffffn,
  0x7fffffffffffffffn,
  0xffffffffffffffffn,
] as const;

const NUMBERS_IN_TEXT = [
  '0',
  '-1',
  '7',
  '4294967296',
  '9007199254740993',
  '99999999999999999999',
  '1e9',
  '0.5',
] as const;

/** Pieces that mean something to one reader or another. */
const TOKENS = [
  'cos\nsystem\n',
  'c__builtin__\neval\n',
  'ccollections\nOrderedDict\n',
  'cnumpy.core.multiarray\n_reconstruct\n',
  'ctorch._utils\n_rebuild_tensor_v2\n',
  'ctorch.storage\n_load_from_bytes\n',
  '\x80\x02}q\x00.',
  'PK\x01\x02',
  'PK\x03\x04',
  'PK\x05\x06',
  'PK\x06\x06',
  'data.pkl',
  '../',
  '\x93NUMPY',
  '"__metadata__":',
  '"data_offsets":[0,8]',
  '{"',
  '(',
  "'|O'",
  "'>c16'",
  'ARROW1',
].map((text) => Buffer.from(text, 'latin1'));

const OPCODES = Object.values(OP);

type Mutation = (bytes: Uint8Array, random: Random, other: Uint8Array) => Uint8Array;

const MUTATIONS: readonly Mutation[] = [
  flipBit,
  setByte,
  setByte,
  overwriteNoise,
  setLength,
  setLength,
  nudgeLength,
  truncate,
  remove,
  insertCopy,
  exchange,
  splice,
  insertToken,
  insertOpcodes,
  editInstructions,
  editInstructions,
  editInstructions,
  editInstructions,
  repeatByte,
  changeNumberInText,
];

/**
 * A damaged copy.
 *
 * @param other another file, pieces of which may be put in
 */
export function mutate(bytes: Uint8Array, random: Random, other: Uint8Array = bytes): Uint8Array {
  let result = bytes;
  const limit = bytes.length * MAX_GROWTH + GROWTH_BYTES;
  // One mutation in two thirds of the cases, seldom more than three. Some find nothing to change; others go on.
  do {
    const next = random.pick(MUTATIONS)(result, random, other);
    if (next.length <= limit) result = next;
  } while (result === bytes || random.int(3) === 0);
  return result;
}

/** A place in the file, in a third of the cases near its beginning, in a third near its end. */
function place(random: Random, length: number): number {
  if (length === 0) return 0;
  const near = Math.min(length, 200);
  switch (random.int(3)) {
    case 0:
      return random.int(near);
    case 1:
      return length - 1 - random.int(near);
    default:
      return random.int(length);
  }
}

function replaced(bytes: Uint8Array, from: number, to: number, piece: Uint8Array): Uint8Array {
  const end = Math.max(from, Math.min(to, bytes.length));
  const result = new Uint8Array(from + piece.length + bytes.length - end);
  result.set(bytes.subarray(0, from));
  result.set(piece, from);
  result.set(bytes.subarray(end), from + piece.length);
  return result;
}

function overwritten(bytes: Uint8Array, at: number, piece: Uint8Array): Uint8Array {
  const result = Uint8Array.from(bytes);
  result.set(piece.subarray(0, Math.max(0, bytes.length - at)), at);
  return result;
}

function flipBit(bytes: Uint8Array, random: Random): Uint8Array {
  const at = place(random, bytes.length);
  return overwritten(bytes, at, Uint8Array.of((bytes[at] ?? 0) ^ (1 << random.int(8))));
}

function setByte(bytes: Uint8Array, random: Random): Uint8Array {
  return overwritten(
    bytes,
    place(random, bytes.length),
    Uint8Array.of(random.pick([0, 1, 0x7f, 0x80, 0xff, random.int(256)])),
  );
}

function overwriteNoise(bytes: Uint8Array, random: Random): Uint8Array {
  const noise = Uint8Array.from({ length: 1 + random.int(16) }, () => random.int(256));
  return overwritten(bytes, place(random, bytes.length), noise);
}

/** The bytes of an integer of 1, 2, 4 or 8 bytes, in one of the two orders. */
function integer(value: bigint, random: Random): Uint8Array {
  const size = random.pick([1, 2, 4, 8] as const);
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt.asUintN(64, value));
  const part = Uint8Array.from(bytes.subarray(0, size));
  return random.int(4) === 0 ? part.reverse() : part;
}

function setLength(bytes: Uint8Array, random: Random): Uint8Array {
  const size = BigInt(bytes.length);
  const value = random.pick([...EDGES, size, size - 1n, size + 1n, BigInt(random.int(bytes.length + 1))]);
  return overwritten(bytes, place(random, bytes.length), integer(value, random));
}

/** A little more or less than what is there. */
function nudgeLength(bytes: Uint8Array, random: Random): Uint8Array {
  if (bytes.length < 4) return bytes;
  const at = Math.min(place(random, bytes.length), bytes.length - 4);
  const result = Buffer.from(bytes);
  const step = random.pick([1, -1, 4, -4, 8, 64, -64, 4096]);
  result.writeInt32LE((result.readInt32LE(at) + step) | 0, at);
  return Uint8Array.from(result);
}

function truncate(bytes: Uint8Array, random: Random): Uint8Array {
  return bytes.slice(0, place(random, bytes.length));
}

function remove(bytes: Uint8Array, random: Random): Uint8Array {
  const from = place(random, bytes.length);
  return replaced(bytes, from, from + 1 + random.int(random.pick([4, 64, 4096])), new Uint8Array(0));
}

function insertCopy(bytes: Uint8Array, random: Random): Uint8Array {
  const from = place(random, bytes.length);
  const piece = bytes.subarray(from, from + 1 + random.int(random.pick([8, 256, 4096])));
  const to = place(random, bytes.length);
  return replaced(bytes, to, to, piece);
}

function exchange(bytes: Uint8Array, random: Random): Uint8Array {
  const length = 1 + random.int(random.pick([8, 256]));
  const [a, b] = [place(random, bytes.length), place(random, bytes.length)];
  const first = bytes.slice(a, a + length);
  return overwritten(overwritten(bytes, a, bytes.slice(b, b + length)), b, first);
}

/** The beginning of this file and the end of the other. */
function splice(bytes: Uint8Array, random: Random, other: Uint8Array): Uint8Array {
  return replaced(bytes, place(random, bytes.length), bytes.length, other.subarray(place(random, other.length)));
}

function insertToken(bytes: Uint8Array, random: Random): Uint8Array {
  const at = place(random, bytes.length);
  const token = random.pick(TOKENS);
  return replaced(bytes, at, random.int(2) === 0 ? at : at + token.length, token);
}

function insertOpcodes(bytes: Uint8Array, random: Random): Uint8Array {
  const at = place(random, bytes.length);
  const program = Uint8Array.from({ length: 1 + random.int(12) }, () => random.pick(OPCODES));
  return replaced(bytes, at, random.int(2) === 0 ? at : at + program.length, program);
}

/** Thousands of one byte: nesting, when it is an instruction that opens something. */
function repeatByte(bytes: Uint8Array, random: Random): Uint8Array {
  const at = place(random, bytes.length);
  const piece = new Uint8Array(1 + random.int(20_000)).fill(
    random.pick([0, 0xff, random.pick(OPCODES), bytes[at] ?? 0]),
  );
  return random.int(2) === 0 ? replaced(bytes, at, at, piece) : overwritten(bytes, at, piece);
}

/** Finds decimal digits and puts another number in their place: sizes in JSON, in .npy headers, in pickles of text. */
function changeNumberInText(bytes: Uint8Array, random: Random): Uint8Array {
  const isDigit = (at: number) => bytes[at] !== undefined && bytes[at] >= 0x30 && bytes[at] <= 0x39;
  let from = place(random, bytes.length);
  const last = Math.min(bytes.length, from + 4096);
  while (from < last && !isDigit(from)) from++;
  let to = from;
  while (isDigit(to)) to++;
  if (from === to) return bytes;
  return replaced(bytes, from, to, Buffer.from(random.pick(NUMBERS_IN_TEXT)));
}
