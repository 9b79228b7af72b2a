import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type ByteSource, fromBytes, openFile } from '@styleclip/core';
import { type ForgedArchive, type ForgedEntry, forgeZip } from './testing/forge-zip.js';
import { FREE_INFLATED_BYTES, isZip, openZip } from './zip.js';

const text = async (source: ByteSource) => Buffer.from(await source.read(0, source.size)).toString();

async function open(entries: readonly ForgedEntry[], archive?: ForgedArchive) {
  return openZip(fromBytes('x.zip', forgeZip(entries, archive)));
}

async function content(name: string, entries: readonly ForgedEntry[], archive?: ForgedArchive) {
  return text(await (await open(entries, archive)).get(name)!.open());
}

/** A zip64 extra field with these sizes and offset. */
function zip64(...values: bigint[]): Uint8Array {
  return new Uint8Array(
    Buffer.concat([Buffer.from([1, 0, values.length * 8, 0]), Buffer.from(BigUint64Array.from(values).buffer)]),
  );
}

describe('zip archives', () => {
  const entries = [
    { name: 'a/', data: '' },
    { name: 'a/stored', data: 'as it is' },
    { name: 'a/packed', data: 'again '.repeat(100), deflate: true },
    { name: 'a/empty', data: '' },
  ];

  it('are named sources; folders are left out', async () => {
    const archive = await open(entries);
    expect([...archive.keys()]).toEqual(['a/stored', 'a/packed', 'a/empty']);
    expect([...archive.values()].map(({ size }) => size)).toEqual([8, 600, 0]);
    expect(await text(await archive.get('a/stored')!.open())).toBe('as it is');
    expect(await text(await archive.get('a/packed')!.open())).toBe('again '.repeat(100));
    expect(await text(await archive.get('a/empty')!.open())).toBe('');
  });

  it('give parts of stored entries from the disk', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'zip-'));
    await writeFile(join(folder, 'x.zip'), forgeZip(entries));
    const source = await openFile(join(folder, 'x.zip'));
    const stored = await (await openZip(source)).get('a/stored')!.open();
    expect(Buffer.from(await stored.read(3, 2)).toString()).toBe('it');
    await expect(stored.read(7, 2)).rejects.toThrow(`${join(folder, 'x.zip')}: a/stored: cut short`);
    await source.close();
    await rm(folder, { recursive: true });
  });

  it('may have a comment, no entries, or the ends of zip64', async () => {
    expect((await open(entries, { comment: 'written by hand' })).size).toBe(3);
    expect((await open([])).size).toBe(0);
    const plain = forgeZip(entries);
    const at = BigInt(Buffer.from(plain).indexOf(Buffer.from('PK\x01\x02')));
    expect((await open(entries, { zip64: { count: 4n, directoryOffset: at } })).size).toBe(3);
    const sizes = { size: 0xffffffff, packedSize: 0xffffffff, extra: zip64(5n, 5n) };
    expect(await content('big', [{ name: 'big', data: 'small', ...sizes }])).toBe('small');
  });

  it('are known by their first bytes', () => {
    expect(isZip(forgeZip(entries))).toBe(true);
    expect(isZip(forgeZip([]))).toBe(true);
    expect(isZip(Uint8Array.of(0x50, 0x4b))).toBe(false);
  });
});

describe('archives that lie are refused', () => {
  const stored = { name: 's', data: 'stored' };
  const packed = { name: 'p', data: 'packed '.repeat(50), deflate: true };

  it.each<[string, readonly ForgedEntry[], ForgedArchive, string]>([
    ['names twice', [stored, stored], {}, 'the name "s" appears twice'],
    ['twice by slashes', [{ name: 'a/b' }, { name: 'a\\b' }], {}, 'the name "a/b" appears twice'],
    ['upwards', [{ name: '../../etc/passwd', data: 'x' }], {}, 'invalid relative path: ../../etc/passwd'],
    ['absolute', [{ name: '/etc/passwd', data: 'x' }], {}, 'absolute path: /etc/passwd'],
    ['drives', [{ name: 'C:/x', data: 'x' }], {}, 'absolute path: C:/x'],
    ['control characters', [{ name: '../\u001b[2J\n', data: 'x' }], {}, 'invalid relative path: ../\\u001b[2J\\n'],
    ['encrypted', [{ name: 's', data: 'stored'.repeat(3), flags: 1, size: 6 }], {}, '"s" is encrypted'],
    ['strongly encrypted', [{ ...stored, flags: 0x41 }], {}, 'strong encryption is not supported'],
    ['methods', [{ ...stored, method: 14 }], {}, '"s" is compressed by method 14, which is not read'],
    ['overlaps', [stored, { ...stored, name: 't', offset: 0 }], {}, 'runs past byte 0'],
    [
      'overlap by sizes',
      [{ ...stored, size: 60, packedSize: 60 }, stored],
      {},
      '"s" (60 bytes at 0) runs past byte 37',
    ],
    ['sizes into the directory', [{ ...stored, size: 7, packedSize: 7 }], {}, '(7 bytes at 0) runs past byte 37'],
    ['offsets beyond the end', [{ ...stored, offset: 4_000_000 }], {}, '(6 bytes at 4000000) runs past byte 37'],
    ['stored of two sizes', [{ ...stored, size: 9 }], {}, 'compressed/uncompressed size mismatch'],
    [
      'huge zip64 sizes',
      [{ ...stored, size: 0xffffffff, packedSize: 0xffffffff, extra: zip64(2n ** 60n, 2n ** 60n) }],
      {},
      'runs past',
    ],
    [
      'a short zip64 field',
      [{ ...stored, size: 0xffffffff, packedSize: 0xffffffff, extra: zip64(6n) }],
      {},
      'zip64 extended information',
    ],
    ['a torn extra field', [{ ...stored, extra: Uint8Array.of(1, 0, 99, 0) }], {}, 'extra field length exceeds'],
    ['a directory elsewhere', [stored], { directoryOffset: 5 }, 'invalid central directory file header signature'],
    [
      'a directory beyond the end',
      [stored],
      { directoryOffset: 0xfffffff0 },
      'lies at byte 4294967280, beyond the end',
    ],
    ['too many entries', [stored], { count: 900 }, 'cut short'],
    ['zip64 entries', [stored], { zip64: { count: 2n ** 62n, directoryOffset: 37n } }, 'entries are more than 100000'],
    ['a zip64 directory', [stored], { zip64: { count: 1n, directoryOffset: 2n ** 63n } }, 'beyond the end'],
    ['a zip64 end', [stored], { zip64: { count: 1n, directoryOffset: 37n, endOffset: 2n ** 63n } }, 'cut short'],
  ])('%s', async (_, entries, archive, message) => {
    const opened = open(entries, archive);
    await expect(opened).rejects.toMatchObject({ name: 'UserError' });
    await expect(opened).rejects.toThrow(message);
    await expect(opened).rejects.toThrow(/^x\.zip: [^\n]*$/);
  });

  it.each<[string, ForgedEntry, string]>([
    ['another name', { ...stored, localName: 't' }, 'its own header disagrees with the directory'],
    ['a longer name', { ...stored, localName: 'stored' }, 'its own header disagrees with the directory'],
    ['more than promised', { ...packed, size: 10 }, 'damaged in the archive'],
    ['less than promised', { ...packed, size: 1000 }, 'it inflates to 350 bytes, not to 1000'],
    ['a wrong checksum', { ...packed, crc: 1 }, 'its checksum does not fit'],
    ['no deflated data', { ...stored, method: 8 }, 'damaged in the archive'],
  ])('when opened: %s', async (_, entry, message) => {
    const opened = content(entry.name, [entry]);
    await expect(opened).rejects.toMatchObject({ name: 'UserError' });
    await expect(opened).rejects.toThrow(message);
    await expect(opened).rejects.toThrow(/^x\.zip: [^\n]*$/);
  });

  it('bombs, by ratio and by size', async () => {
    const zeros = new Uint8Array(FREE_INFLATED_BYTES);
    expect((await content('z', [{ name: 'z', data: zeros, deflate: true }])).length).toBe(zeros.length);
    const larger = new Uint8Array(FREE_INFLATED_BYTES + 1);
    await expect(content('z', [{ name: 'z', data: larger, deflate: true }])).rejects.toThrow('looks like a zip bomb');
    await expect(content('z', [{ ...packed, name: 'z', size: 0xfffffffe }])).rejects.toThrow('more than 2147483647');
  });

  it('cut short at any byte', async () => {
    const bytes = forgeZip([stored, packed]);
    for (let size = 0; size < bytes.length; size++) {
      const opened = openZip(fromBytes('x.zip', bytes.subarray(0, size)));
      await expect(opened, `${size} bytes`).rejects.toThrow(/^x\.zip: not a valid zip archive/);
    }
  });
});
