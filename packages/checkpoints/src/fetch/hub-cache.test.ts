/** The layout of the cache, on real folders. */
import { lstat, mkdir, mkdtemp, readFile, readlink, rm, stat, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { blobPaths, findInCache, hubSettings, shelve, webShelf } from './hub-cache.js';

const revision = 'a'.repeat(40);
let cache: string;

beforeEach(async () => {
  cache = await mkdtemp(join(tmpdir(), 'hub-'));
});
afterEach(() => rm(cache, { recursive: true }));

async function partialFile(repository: string, name: string, text: string): Promise<string> {
  const { partial } = blobPaths(cache, repository, name);
  await mkdir(dirname(partial), { recursive: true });
  await writeFile(partial, text);
  return partial;
}

describe('hubSettings', () => {
  it('reads the variables in the order of the original library', () => {
    expect(hubSettings({}).cache).toBe(join(homedir(), '.cache', 'huggingface', 'hub'));
    expect(hubSettings({ XDG_CACHE_HOME: '/x' }).cache).toBe('/x/huggingface/hub');
    expect(hubSettings({ HF_HOME: '/h', XDG_CACHE_HOME: '/x' }).cache).toBe('/h/hub');
    expect(hubSettings({ HF_HOME: '~/h' }).cache).toBe(join(homedir(), 'h', 'hub'));
    expect(hubSettings({ HF_HUB_CACHE: '/c', HF_HOME: '/h' }).cache).toBe('/c');
    expect(hubSettings({ HF_HUB_CACHE: '' }).cache).toContain('huggingface');
  });

  it('knows the words for offline, and another server', () => {
    for (const word of ['1', 'true', 'Yes', 'ON']) expect(hubSettings({ HF_HUB_OFFLINE: word }).offline).toBe(true);
    for (const word of ['', '0', 'no']) expect(hubSettings({ HF_HUB_OFFLINE: word }).offline).toBe(false);
    expect(hubSettings({}).endpoint).toBe('https://huggingface.co');
    expect(hubSettings({ HF_ENDPOINT: 'http://mirror.example/' }).endpoint).toBe('http://mirror.example');
  });
});

describe('webShelf', () => {
  it('makes an owner and a name out of an address, leaving hashes out', () => {
    const hash = '0123456789abcdef'.repeat(4);
    const shelf = webShelf(`https://files.example/clip/models/${hash}/ViT.pt`);
    expect(shelf).toMatchObject({ repository: 'files.example/clip-models', file: 'ViT.pt' });
    expect(shelf.revision).toMatch(/^[0-9a-f]{40}$/);
    expect(webShelf(`https://files.example/clip/models/${hash}/other.pt`).revision).toBe(shelf.revision);
  });

  it('takes a commit as the revision', () => {
    expect(webShelf(`https://raw.example/a/b/${revision}/npy/fs3.npy`)).toEqual({
      repository: 'raw.example/a-b-npy',
      file: 'fs3.npy',
      revision,
    });
  });
});

describe('shelve', () => {
  it('makes blob, snapshot and ref as Hugging Face has them', async () => {
    const partial = await partialFile('owner/name', 'ff', 'content');
    const path = await shelve(cache, { repository: 'owner/name', file: 'sub/w.bin', revision }, partial, 'ff');
    const folder = join(cache, 'models--owner--name');
    expect(path).toBe(join(folder, 'snapshots', revision, 'sub', 'w.bin'));
    expect(await readlink(path)).toBe('../../../blobs/ff');
    expect(await readFile(path, 'utf8')).toBe('content');
    expect(await readFile(join(folder, 'refs', 'main'), 'utf8')).toBe(revision);
    await expect(stat(partial)).rejects.toThrow('ENOENT');
  });

  it('puts the file itself where links are not allowed', async () => {
    const partial = await partialFile('o/n', 'ff', 'content');
    const refuse = async () => {
      throw Object.assign(new Error('not permitted'), { code: 'EPERM' });
    };
    const path = await shelve(cache, { repository: 'o/n', file: 'w.bin', revision }, partial, 'ff', refuse);
    expect((await lstat(path)).isFile()).toBe(true);
    expect(await readFile(path, 'utf8')).toBe('content');
  });

  it('replaces an older link', async () => {
    for (const name of ['aa', 'bb']) {
      const partial = await partialFile('o/n', name, name);
      const path = await shelve(cache, { repository: 'o/n', file: 'w.bin', revision }, partial, name);
      expect(await readFile(path, 'utf8')).toBe(name);
    }
  });
});

describe('findInCache', () => {
  it("finds every revision's copy, main's first, and no dangling link", async () => {
    expect(await findInCache(cache, 'o/n', 'w.bin')).toEqual([]);
    const other = 'b'.repeat(40);
    for (const [name, rev] of [
      ['11', 'f'.repeat(40)],
      ['22', other],
      ['33', revision],
    ] as const) {
      const partial = await partialFile('o/n', name, name);
      await shelve(cache, { repository: 'o/n', file: 'w.bin', revision: rev }, partial, name);
    }
    await rm(blobPaths(cache, 'o/n', '22').blob);
    const found = await findInCache(cache, 'o/n', 'w.bin');
    expect(await Promise.all(found.map((path) => readFile(path, 'utf8')))).toEqual(['33', '11']);
  });
});
