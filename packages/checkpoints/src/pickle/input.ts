/**
 * The bytes of a pickle and how far they are read.
 *
 * Every length is compared with what is left before anything is taken, so the lengths of a damaged file cost nothing.
 * Byte strings are views: a gigabyte of weights inside a pickle stays where it is.
 */
import { failure, type UserError } from '@styleclip/core';
import { MAX_TEXT_BYTES } from './limits.js';

const NEWLINE = 0x0a;

export class PickleInput {
  readonly name: string;
  private readonly bytes: Uint8Array;
  private readonly view: DataView;
  private readonly utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  /** Offset of the next byte. */
  position: number;

  constructor(bytes: Uint8Array, name: string, offset: number) {
    // A Buffer's slices are Buffers, whose methods differ from those of the class they extend.
    this.bytes = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.name = name;
    this.position = offset;
  }

  get size(): number {
    return this.bytes.length;
  }

  get left(): number {
    return this.bytes.length - this.position;
  }

  /** An error about these bytes; it begins with the file's name and says where. */
  bad(what: string): UserError {
    return failure(`${this.name}: not a valid pickle: ${what} (at byte ${this.position})`);
  }

  /** Proves that `length` bytes are left, and steps over them. @returns where they begin */
  private take(length: number, what: string): number {
    if (length > this.left) {
      throw this.bad(`${what} needs ${length} bytes where ${this.left} are left; is the file cut short?`);
    }
    const begin = this.position;
    this.position += length;
    return begin;
  }

  u8(what: string): number {
    return this.bytes[this.take(1, what)] as number;
  }

  u16(what: string): number {
    return this.view.getUint16(this.take(2, what), true);
  }

  u32(what: string): number {
    return this.view.getUint32(this.take(4, what), true);
  }

  i32(what: string): number {
    return this.view.getInt32(this.take(4, what), true);
  }

  /** A 64-bit length. Past 2^53 it is rounded, which is still far more than any file has. */
  u64(what: string): number {
    return Number(this.view.getBigUint64(this.take(8, what), true));
  }

  /** A signed 32-bit length, which an old opcode has and which can therefore be negative. */
  length32(what: string): number {
    const length = this.i32(what);
    if (length < 0) throw this.bad(`${what} has the negative size ${length}`);
    return length;
  }

  /** The pickle's only big-endian number. */
  f64(what: string): number {
    return this.view.getFloat64(this.take(8, what), false);
  }

  /** The next `length` bytes, not copied. */
  slice(length: number, what: string): Uint8Array {
    const begin = this.take(length, what);
    return this.bytes.subarray(begin, begin + length);
  }

  /** The next `length` bytes as UTF-8. */
  text(length: number, what: string): string {
    if (length > MAX_TEXT_BYTES && length <= this.left)
      throw this.bad(`${what} has ${length} bytes; the limit is ${MAX_TEXT_BYTES}`);
    return this.decode(this.slice(length, what), what);
  }

  decode(bytes: Uint8Array, what: string): string {
    try {
      return this.utf8.decode(bytes);
    } catch {
      throw this.bad(`${what} is not UTF-8 text`);
    }
  }

  /** The bytes up to the next line break, and steps over it. */
  line(limit: number, what: string): Uint8Array {
    const end = this.bytes.indexOf(NEWLINE, this.position);
    if (end < 0) throw this.bad(`${what} has no end; is the file cut short?`);
    const length = end - this.position;
    if (length > limit) throw this.bad(`${what} has ${length} bytes; the limit is ${limit}`);
    const line = this.bytes.subarray(this.position, end);
    this.position = end + 1;
    return line;
  }
}
