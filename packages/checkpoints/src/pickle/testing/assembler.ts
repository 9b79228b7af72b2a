/**
 * A tiny assembler for pickles: instructions by name, with their arguments, to bytes.
 *
 * Tests build with it what no Python would write. Arguments are put down as given, so a length may lie.
 */
import { OP, type OpcodeName } from '../opcodes.js';

/** An opcode's name, or it with what follows its byte. */
export type Instruction = OpcodeName | readonly [OpcodeName, ...(readonly (string | readonly number[] | Uint8Array)[])];

/** The instructions' bytes; text becomes UTF-8, numbers are single bytes. No STOP is added. */
export function assemble(...instructions: readonly Instruction[]): Uint8Array {
  const parts: Uint8Array[] = [];
  for (const instruction of instructions) {
    const [name, ...args] = typeof instruction === 'string' ? [instruction] : instruction;
    parts.push(Uint8Array.of(OP[name]));
    for (const arg of args) parts.push(typeof arg === 'string' ? new TextEncoder().encode(arg) : Uint8Array.from(arg));
  }
  return Uint8Array.from(Buffer.concat(parts));
}

/** `count` times the same instructions. */
export function repeat(count: number, ...instructions: readonly Instruction[]): Uint8Array {
  const once = assemble(...instructions);
  const bytes = new Uint8Array(once.length * count);
  for (let i = 0; i < count; i++) bytes.set(once, i * once.length);
  return bytes;
}

export function join(...parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(Buffer.concat(parts));
}

/** A 32-bit little-endian number, as LONG_BINPUT and BINBYTES take it. */
export function u32(value: number): number[] {
  return [value & 255, (value >>> 8) & 255, (value >>> 16) & 255, value >>> 24];
}

/** A 64-bit little-endian number, as FRAME and BINBYTES8 take it. */
export function u64(value: bigint): number[] {
  return [...u32(Number(value & 0xffffffffn)), ...u32(Number((value >> 32n) & 0xffffffffn))];
}

/** A short string as protocol 4 writes it. */
export function text(value: string): Instruction {
  const bytes = new TextEncoder().encode(value);
  return ['SHORT_BINUNICODE', [bytes.length], bytes];
}

/** A name as protocols 0 to 3 write it. */
export function name(module: string, attribute: string): Instruction {
  return ['GLOBAL', `${module}\n${attribute}\n`];
}
