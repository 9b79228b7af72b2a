import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { otherEncoding, readText } from './read-text.js';

const TEXT = 'name: t1\nprompt: cheveux frisés à la mode\n';
const MARK = '\ufeff';

const bigEndian = (text: string) => Buffer.from(text, 'utf16le').swap16();

describe('otherEncoding', () => {
  it.each<[string, Uint8Array, RegExp | undefined]>([
    ['UTF-8', Buffer.from(TEXT), undefined],
    ['UTF-8 with a byte order mark', Buffer.from(MARK + TEXT), undefined],
    ['nothing', new Uint8Array(0), undefined],
    ['Latin-1', Buffer.from(TEXT, 'latin1'), /byte 0xe9 in line 2; it looks like Latin-1/],
    ['UTF-16', Buffer.from(MARK + TEXT, 'utf16le'), /^is UTF-16/],
    ['UTF-16, big end first', bigEndian(MARK + TEXT), /^is UTF-16/],
    ['UTF-16 without a mark', Buffer.from(TEXT, 'utf16le'), /UTF-16 without a byte order mark/],
    ['UTF-16, big end first, without a mark', bigEndian(TEXT), /UTF-16 without a byte order mark/],
    ['UTF-16 of another script', Buffer.from('name: t1\nprompt: 一〇一 髪\n', 'utf16le'), /UTF-16 without a byte/],
    ['UTF-16 that is cut off', Buffer.from(TEXT, 'utf16le').subarray(0, 41), /UTF-16 without a byte order mark/],
    ['a stray zero byte', Buffer.from(`${TEXT}# \0\n`), /not a text file/],
    ['UTF-32', Uint8Array.of(0xff, 0xfe, 0, 0, 0x61, 0, 0, 0), /^is UTF-32/],
    ['a picture', Uint8Array.of(0x89, 0x50, 0, 0, 0, 0x0d, 0, 1, 2), /not a text file/],
    ['half a character at the end', Buffer.from('a: é').subarray(0, 4), /byte 0xc3 in line 1/],
    ['a mark and Latin-1', Buffer.concat([Buffer.from(`${MARK}a\nb`), Uint8Array.of(0xfc)]), /byte 0xfc in line 2/],
  ])('%s', (_, bytes, line) => {
    if (line === undefined) expect(otherEncoding(bytes)).toBeUndefined();
    else expect(otherEncoding(bytes)).toMatch(line);
  });
});

describe('readText', () => {
  let dir: string;
  beforeAll(async () => void (dir = await mkdtemp(join(tmpdir(), 'text-'))));
  afterAll(() => rm(dir, { recursive: true }));

  it('drops a byte order mark, and says in one line what else to do', async () => {
    await writeFile(join(dir, 'marked.yaml'), MARK + TEXT);
    expect(await readText(join(dir, 'marked.yaml'))).toBe(TEXT);
    await writeFile(join(dir, 'latin1.yaml'), TEXT, 'latin1');
    await expect(readText(join(dir, 'latin1.yaml'))).rejects.toThrow(
      /latin1\.yaml: is not UTF-8: [^\n]*; save it as UTF-8$/,
    );
  });
});
