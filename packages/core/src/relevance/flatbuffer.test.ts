/** The bounded reader against buffers made by hand. */
import { describe, expect, it } from 'vitest';
import { FlatbufferError, FlatTable } from './flatbuffer.js';

/** Words of 32 bits, little-endian. */
const buffer = (...words: number[]) => new Uint8Array(Int32Array.from(words).buffer);

describe('FlatTable', () => {
  it('reads scalars, and the default of fields that are left out', () => {
    // root → 8; vtable at 4 of one field at +4 would overlap, so: vtable at 12: size 8, table 8, field 0 at 4, field 1 absent
    const table = FlatTable.root(buffer(4, -8, 7, 8 | (8 << 16), 4));
    expect(table.int32(0)).toBe(7);
    expect(table.uint8(0)).toBe(7);
    expect(table.int16(1, 3)).toBe(3);
    expect(table.int64(5, 2)).toBe(2);
    expect(table.table(1)).toBeUndefined();
    expect(table.string(1)).toBeUndefined();
    expect(table.tables(1, 10)).toEqual([]);
  });

  it.each([
    ['a root outside', buffer(400)],
    ['a negative root', buffer(-4)],
    ['too few bytes', new Uint8Array(3)],
    ['a vtable before the start', buffer(4, 100, 0, 0)],
    ['a vtable past the end', buffer(4, -1000, 0, 0)],
    ['a vtable longer than the buffer', buffer(4, -4, 0xffff, 0)],
  ])('refuses %s', (_, bytes) => {
    expect(() => FlatTable.root(bytes)).toThrow(FlatbufferError);
  });

  it('refuses a vector that is longer than the buffer, whatever its entries', () => {
    // field 0 at +4: a reference to a vector of 2^31 − 1 entries
    const table = FlatTable.root(buffer(4, -12, 4, 0x7fffffff, 6 | (8 << 16), 4));
    expect(() => table.tables(0, 2 ** 40)).toThrow(/leads out/);
    expect(() => table.structs(0, 3)).toThrow(/leads out/);
    expect(() => table.string(0)).toThrow(FlatbufferError);
  });

  it('refuses more entries than make sense', () => {
    const table = FlatTable.root(buffer(4, -16, 4, 2, 0, 6 | (8 << 16), 4));
    expect(() => table.tables(0, 1)).toThrow(/2 entries where at most 1/);
  });

  it('refuses numbers that JavaScript would round', () => {
    const table = FlatTable.root(buffer(4, -12, -1, 0x7fffffff, 6 | (12 << 16), 4));
    expect(() => table.int64(0)).toThrow(/is no size/);
  });
});
