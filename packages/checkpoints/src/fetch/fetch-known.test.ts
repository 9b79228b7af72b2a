/** From names to files: cache, licences, several addresses, offline, Hugging Face's redirections; all on this machine. */
import { mkdir, mkdtemp, readdir, readFile, realpath, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Interrupted, UserError } from '@styleclip/core';
import { fetchKnown, type FetchOptions } from './fetch-known.js';
import { blobPaths, webShelf } from './hub-cache.js';
import type { KnownFile, KnownFiles } from './known-files.js';
import { sha256Of, testServer, type TestServer } from './testing-server.js';

const content = Buffer.from('the weights '.repeat(4000));
const sha256 = sha256Of(content);
const commit = 'c0ffee'.padEnd(40, '0');
const free = { name: 'MIT', url: 'https://licence.example/mit', accept: false };
const bound = { name: 'non-commercial', url: 'https://licence.example/nc', accept: true };

let server: TestServer;
let cache: string;
let lines: string[];
let options: FetchOptions & { table: KnownFiles };

beforeEach(async () => {
  server = await testServer(content);
  cache = await mkdtemp(join(tmpdir(), 'fetch-'));
  lines = [];
  const file = (changes: Partial<KnownFile>): KnownFile => ({
    file: 'w.pkl',
    origins: [{ url: `${server.url}/net/w.pkl` }],
    bytes: content.length,
    proof: { sha256 },
    licence: free,
    use: 'generator',
    what: 'weights for a test',
    ...changes,
  });
  const hub = [{ repository: 'owner/name', file: 'sub/w.pt' }];
  const files = {
    plain: file({}),
    clip: file({ file: 'c.pt', origins: [{ url: `${server.url}/clip/c.pt` }], use: 'clip' }),
    bound: file({ licence: bound }),
    hub: file({ origins: hub }),
    unproved: file({ proof: 'unknown', origins: hub }),
    secret: file({ proof: 'unknown', origins: [{ url: `${server.url}/x/w.pkl` }] }),
    mirrored: file({ origins: [{ url: `${server.url}/gone/w.pkl` }, { url: `${server.url}/here/w.pkl` }] }),
    drive: file({ file: 'train.pt', origins: [], byHand: 'https://drive.example/1', use: 'latents', licence: bound }),
  };
  options = {
    settings: { cache, offline: false, endpoint: server.url },
    table: { files, sets: { both: ['plain', 'clip'] } },
    log: (line) => void lines.push(line),
    wait: async () => {},
    retries: 2,
  };
});
afterEach(async () => {
  await server.close();
  await rm(cache, { recursive: true });
});

/** A server that answers HEAD as Hugging Face does, for files under /owner/name. */
function asHub(headers: Record<string, string>): void {
  server.handler = (request, response) => {
    if (request.url === '/owner/name/resolve/main/sub/w.pt') {
      response.writeHead(302, { Location: `${server.url}/storage/blob`, ...headers }).end();
      return true;
    }
    return false;
  };
}

describe('fetchKnown', () => {
  it('fetches a set, says where it is and how to go on, and finds it again', async () => {
    const fetched = await fetchKnown('both', options);
    expect(fetched.files).toMatchObject([
      { name: 'plain', bytes: content.length, sha256, proved: true, cached: false, licence: 'MIT' },
      { name: 'clip', cached: false },
    ]);
    const [generator, clip] = fetched.files.map(({ path }) => path);
    expect(fetched.import).toBe(
      `npx nx run checkpoints:import --generator ${generator} --clip ${clip} --to models/both`,
    );
    expect((await readFile(generator as string)).equals(content)).toBe(true);
    expect(await realpath(generator as string)).toContain(`blobs/${sha256}`);
    expect(lines).toContain('plain: licence: MIT, https://licence.example/mit');

    const asked = server.asked.length;
    const again = await fetchKnown('both', { ...options, settings: { ...options.settings, offline: true } });
    expect(again.files.map(({ cached }) => cached)).toEqual([true, true]);
    expect(again.files.map(({ path }) => path)).toEqual([generator, clip]);
    expect(server.asked).toHaveLength(asked);
  });

  it('lists what is known for an unknown name', async () => {
    await expect(fetchKnown('toString', options)).rejects.toMatchObject({
      message: expect.stringMatching(/^unknown name "toString" \(sets: both; files: plain, clip,/),
      exitCode: 2,
    });
  });

  it('shows the licence and wants a yes before anything is asked for', async () => {
    await expect(fetchKnown('bound', options)).rejects.toMatchObject({
      message: 'bound: read the licence above, then say --accept-licence',
      exitCode: 2,
    });
    expect(lines).toEqual(['bound: licence: non-commercial, https://licence.example/nc']);
    expect(server.asked).toEqual([]);
    await fetchKnown('bound', { ...options, acceptLicence: true });
    expect(server.asked).toHaveLength(1);
  });

  it('says how to get by hand what no program can get', async () => {
    await expect(fetchKnown('drive', options)).rejects.toMatchObject({
      message:
        '"drive" is not to be had by a program: open https://drive.example/1 in a browser and save train.pt, then: npx nx run checkpoints:import --latents train.pt --to datasets/drive.safetensors',
      exitCode: 1,
    });
  });

  it("uses Hugging Face's commit and follows to its storage", async () => {
    asHub({ 'X-Repo-Commit': commit, 'X-Linked-Etag': `"${sha256}"`, 'X-Linked-Size': String(content.length) });
    const { files } = await fetchKnown('hub', options);
    expect(files[0]?.path).toBe(join(cache, 'models--owner--name', 'snapshots', commit, 'sub', 'w.pt'));
    expect(await readFile(join(cache, 'models--owner--name', 'refs', 'main'), 'utf8')).toBe(commit);
    expect(server.asked.map((line) => line.split(' ')[0])).toEqual(['HEAD', 'GET', 'GET']);
    const found = await fetchKnown('hub', options);
    expect(found.files[0]?.cached).toBe(true);
  });

  it("proves by the server's own hash where nobody has published one", async () => {
    asHub({ 'X-Repo-Commit': commit, 'X-Linked-Etag': `"${sha256}"` });
    const { files } = await fetchKnown('unproved', options);
    expect(files[0]).toMatchObject({ sha256, proved: false });
    expect(lines.at(-1)).toContain(`no published hash; SHA-256 ${sha256}`);
    await rm(cache, { recursive: true });
    await mkdir(cache);
    asHub({ 'X-Repo-Commit': commit, 'X-Linked-Etag': `"${'0'.repeat(64)}"` });
    await expect(fetchKnown('unproved', options)).rejects.toThrow(/its SHA-256 is/);
  });

  it('lets no header of a server become part of a path', async () => {
    asHub({ 'X-Repo-Commit': '../../../evil', 'X-Linked-Etag': '"../../../../evil"' });
    const { files } = await fetchKnown('hub', options);
    expect(files[0]?.path).toMatch(/models--owner--name\/snapshots\/[0-9a-f]{40}\/sub\/w\.pt$/);
  });

  it('follows a moved repository, but not in a circle', async () => {
    server.handler = (request, response) => {
      if (request.url === '/owner/name/resolve/main/sub/w.pt')
        response.writeHead(307, { Location: '/new/name/resolve/main/sub/w.pt' }).end();
      else if (request.method === 'HEAD') response.writeHead(200, { 'X-Repo-Commit': commit }).end();
      else return false;
      return true;
    };
    await fetchKnown('hub', options);
    expect(server.asked.at(-1)).toBe('GET /new/name/resolve/main/sub/w.pt');
    await rm(cache, { recursive: true });
    await mkdir(cache);
    server.handler = (_, response) => {
      response.writeHead(307, { Location: '/round' }).end();
      return true;
    };
    await expect(fetchKnown('hub', options)).rejects.toThrow(/from one address to another/);
  });

  it('tries the next address when the first has nothing', async () => {
    server.faults.push({ status: 404 });
    const { files } = await fetchKnown('mirrored', options);
    expect(files[0]?.path).toContain('-here');
    expect(lines.some((line) => line.endsWith('trying the next address'))).toBe(true);
    await rm(cache, { recursive: true });
    await mkdir(cache);
    server.faults.push({ status: 404 }, { status: 404 });
    await expect(fetchKnown('mirrored', options)).rejects.toThrow(/here\/w.pkl: the server answered 404/);
  });

  it('asks no server when offline', async () => {
    const settings = { ...options.settings, offline: true };
    await expect(fetchKnown('plain', { ...options, settings })).rejects.toThrow(
      /^plain: not in .*, and HF_HUB_OFFLINE forbids asking a server/,
    );
    expect(server.asked).toEqual([]);
  });

  it('proves a cached file again and replaces a damaged one', async () => {
    const { files } = await fetchKnown('plain', options);
    await writeFile(files[0]?.path as string, 'damaged');
    const settings = { ...options.settings, offline: true };
    await expect(fetchKnown('plain', { ...options, settings })).rejects.toThrow(/is not the right one/);
    const again = await fetchKnown('plain', options);
    expect(again.files[0]?.cached).toBe(false);
    expect(lines.some((line) => line.includes('not the file that is wanted: it has 7 bytes'))).toBe(true);
  });

  it('names a file of unknown hash by its content, and leaves nothing else behind', async () => {
    const { files } = await fetchKnown('secret', options);
    expect(files[0]).toMatchObject({ sha256, proved: false });
    const folder = join(await realpath(files[0]?.path as string), '..');
    expect(await readdir(folder)).toEqual([sha256]);
  });

  it('keeps what has come when stopped, says how to go on, and goes on', async () => {
    const stop = new AbortController();
    server.faults.push('stall');
    const meter = () => ({
      update: (done: number) => {
        if (done > 0) stop.abort();
      },
      stop: () => {},
    });
    const error: unknown = await fetchKnown('both', { ...options, signal: stop.signal, meter }).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(Interrupted);
    expect((error as Interrupted).message).toMatch(
      /^stopped at plain; 0\.0 MB are kept in .*\.incomplete; go on with: npx nx run checkpoints:fetch --name both$/,
    );
    await fetchKnown('both', options);
    expect(server.asked).toContain('GET /net/w.pkl bytes=10-');
  });

  it('lets one process at a time download a file, but takes over from a dead one', async () => {
    const { repository } = webShelf(`${server.url}/net/w.pkl`);
    const { partial } = blobPaths(cache, repository, sha256);
    await mkdir(join(partial, '..'), { recursive: true });
    await writeFile(`${partial}.lock`, String(process.ppid));
    await expect(fetchKnown('plain', options)).rejects.toThrow(/process \d+ is downloading this file/);
    await writeFile(`${partial}.lock`, '999999999');
    await fetchKnown('plain', options);
    await expect(stat(`${partial}.lock`)).rejects.toThrow('ENOENT');
  });

  it('complains about a cache that can not be written', async () => {
    await writeFile(join(cache, 'file'), '');
    const settings = { ...options.settings, cache: join(cache, 'file') };
    const error: unknown = await fetchKnown('plain', { ...options, settings }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UserError);
  });
});
