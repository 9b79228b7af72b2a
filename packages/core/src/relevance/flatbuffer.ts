/**
 * Reading flatbuffers that nobody vouches for: every offset is held against the bytes before it is followed.
 *
 * Arrow describes its files by flatbuffers (https://flatbuffers.dev/internals/): tables that point to a list of their
 * fields' places (the vtable), vectors that begin with their length. The usual readers trust all of that, and a length with
 * one wrong bit then means a loop over two thousand million entries. Here a table, vector, string or struct that leaves
 * the buffer is an error, and so is a vector with more entries than the buffer has bytes for. Nothing is followed unless
 * it is asked for, so nothing runs in circles. Only what Arrow's metadata needs is here.
 */

/** Thrown for damage; the caller puts the file's name before it. */
export class FlatbufferError extends Error {}

/** Texts in a description are names and short notes. Many may point to the same bytes, so each is limited. */
const MAX_TEXT_BYTES = 1 << 16;

/** A table: field `i` of the schema is field number `i` here. */
export class FlatTable {
  private readonly view: DataView;
  private readonly at: number;
  private readonly vtable: number;
  private readonly fields: number;

  /** @param at where the table begins in `view` */
  constructor(view: DataView, at: number) {
    need(view, at, 4);
    const vtable = at - view.getInt32(at, true);
    need(view, vtable, 4);
    const size = view.getUint16(vtable, true);
    need(view, vtable, size);
    this.view = view;
    this.at = at;
    this.vtable = vtable;
    this.fields = size < 4 ? 0 : (size - 4) >>> 1;
  }

  /** The table that a buffer's first four bytes point to. */
  static root(bytes: Uint8Array): FlatTable {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    need(view, 0, 4);
    return new FlatTable(view, view.getUint32(0, true));
  }

  uint8(field: number, otherwise = 0): number {
    const at = this.place(field, 1);
    return at === undefined ? otherwise : this.view.getUint8(at);
  }

  int16(field: number, otherwise = 0): number {
    const at = this.place(field, 2);
    return at === undefined ? otherwise : this.view.getInt16(at, true);
  }

  int32(field: number, otherwise = 0): number {
    const at = this.place(field, 4);
    return at === undefined ? otherwise : this.view.getInt32(at, true);
  }

  /** A 64-bit number; an error when JavaScript can't hold it exactly. */
  int64(field: number, otherwise = 0): number {
    const at = this.place(field, 8);
    return at === undefined ? otherwise : exactly(this.view.getBigInt64(at, true));
  }

  table(field: number): FlatTable | undefined {
    const at = this.target(field);
    return at === undefined ? undefined : new FlatTable(this.view, at);
  }

  string(field: number): string | undefined {
    const vector = this.vector(field, 1);
    if (vector === undefined) return undefined;
    if (vector.length > MAX_TEXT_BYTES) throw new FlatbufferError(`a text of ${vector.length} bytes`);
    const bytes = new Uint8Array(this.view.buffer, this.view.byteOffset + vector.from, vector.length);
    try {
      return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    } catch {
      throw new FlatbufferError('a text is not UTF-8');
    }
  }

  /** Vector of at most `most` tables. */
  tables(field: number, most: number): FlatTable[] {
    const vector = this.vector(field, 4);
    if (vector !== undefined && vector.length > most)
      throw new FlatbufferError(`${vector.length} entries where at most ${most} make sense`);
    return Array.from({ length: vector?.length ?? 0 }, (_, i) => {
      const at = (vector as Span).from + 4 * i;
      return new FlatTable(this.view, at + this.view.getUint32(at, true));
    });
  }

  /**
   * Vector of structs made of 64-bit places.
   * @param places how many each has; Arrow's 32-bit member is padded and reads as the lower half of its place
   * @param halves which places hold a 32-bit number
   */
  structs(field: number, places: number, halves: readonly number[] = []): number[][] {
    const vector = this.vector(field, 8 * places);
    return Array.from({ length: vector?.length ?? 0 }, (_, i) =>
      Array.from({ length: places }, (_unused, j) => {
        const at = (vector as Span).from + 8 * (places * i + j);
        return halves.includes(j) ? this.view.getInt32(at, true) : exactly(this.view.getBigInt64(at, true));
      }),
    );
  }

  /** Where a scalar of `size` bytes lies; undefined when the field is left out. */
  private place(field: number, size: number): number | undefined {
    if (field >= this.fields) return undefined;
    const offset = this.view.getUint16(this.vtable + 4 + 2 * field, true);
    if (offset === 0) return undefined;
    need(this.view, this.at + offset, size);
    return this.at + offset;
  }

  private target(field: number): number | undefined {
    const at = this.place(field, 4);
    return at === undefined ? undefined : at + this.view.getUint32(at, true);
  }

  private vector(field: number, size: number): Span | undefined {
    const at = this.target(field);
    if (at === undefined) return undefined;
    need(this.view, at, 4);
    const length = this.view.getUint32(at, true);
    need(this.view, at + 4, length * size);
    return { from: at + 4, length };
  }
}

/** Where a vector's entries begin, and how many they are. */
interface Span {
  readonly from: number;
  readonly length: number;
}

function need(view: DataView, at: number, length: number): void {
  if (at < 0 || at + length > view.byteLength) throw new FlatbufferError('an offset leads out of the description');
}

function exactly(value: bigint): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number)) throw new FlatbufferError(`${value} is no size`);
  return number;
}
