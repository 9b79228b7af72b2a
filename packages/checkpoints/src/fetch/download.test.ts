/** Downloads from a server on this machine that cuts, lies and refuses; no network, no mocks. */
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UserError } from '@styleclip/core';
import { download, type DownloadOptions } from './download.js';
import { sha256Of, testServer, type TestServer } from './testing-server.js';

const content = Buffer.from(Array.from({ length: 200_000 }, (_, i) => (i * 7919 + (i >> 8)) & 0xff));
const bytes = content.length;
const sha256 = sha256Of(content);

let server: TestServer;
let folder: string;
let partial: string;
let pauses: number[];
let options: DownloadOptions;

beforeEach(async () => {
  server = await testServer(content);
  folder = await mkdtemp(join(tmpdir(), 'download-'));
  partial = join(folder, 'blobs', 'x.incomplete');
  pauses = [];
  options = { retries: 3, wait: async (pause) => void pauses.push(pause) };
});
afterEach(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

const wanted = () => ({ url: `${server.url}/file.pkl`, bytes, proof: { sha256 } });
/** Compares without walking over every byte in JavaScript. */
const expectContent = async (right: Buffer) => expect((await readFile(partial)).equals(right)).toBe(true);
const there = (path: string) => stat(path).then(Boolean, () => false);

describe('download', () => {
  it('brings a file, proves it, and tells how far it is', async () => {
    const seen: [number, number | undefined][] = [];
    const found = await download(wanted(), partial, {
      ...options,
      onProgress: (done, total) => void seen.push([done, total]),
    });
    expect(found).toMatchObject({ bytes, sha256 });
    await expectContent(content);
    expect(seen[0]).toEqual([0, bytes]);
    expect(seen.at(-1)).toEqual([bytes, bytes]);
    expect(await there(`${partial}.json`)).toBe(false);
  });

  it('proves by the hash that git gives', async () => {
    // printf 'hello\n' | git hash-object --stdin
    server.content = Buffer.from('hello\n');
    const proof = { gitBlob: 'ce013625030ba8dba906f756967f9e9ca394464a' };
    await download({ url: server.url, proof }, partial, options);
    await rm(partial);
    await expect(download({ url: server.url, proof: { gitBlob: '0'.repeat(40) } }, partial, options)).rejects.toThrow(
      /git hash is ce01/,
    );
  });

  it('goes on after cut connections, asking only for the rest', async () => {
    server.faults.push({ cutAfter: 50_000 }, { cutAfter: 50_000 }, { cutAfter: 50_000 });
    await download(wanted(), partial, options);
    await expectContent(content);
    expect(server.asked).toHaveLength(4);
    const starts = server.asked.slice(1).map((line) => Number(/bytes=(\d+)-/.exec(line)?.[1]));
    for (const [i, start] of starts.entries()) expect(start).toBeGreaterThan(starts[i - 1] ?? 0);
    expect(pauses).toEqual([1000, 1000, 1000]); // each try got further, so the pauses do not grow
  });

  it('tries again when the connection breaks before the answer', async () => {
    server.faults.push('reset', 'reset');
    await download(wanted(), partial, options);
    await expectContent(content);
    expect(pauses).toEqual([1000, 2000]);
  });

  it('goes on with what an earlier call has left', async () => {
    server.faults.push({ cutAfter: 120_000 });
    await expect(download(wanted(), partial, { ...options, retries: 0 })).rejects.toThrow(/gave up after 1 tries/);
    const kept = (await stat(partial)).size;
    expect(kept).toBeGreaterThan(0);
    await download(wanted(), partial, options);
    expect(server.asked.at(-1)).toBe(`GET /file.pkl bytes=${kept}-`);
    await expectContent(content);
  });

  it('begins anew when the server ignores Range', async () => {
    server.faults.push({ cutAfter: 50_000 }, 'ignore-range');
    await download(wanted(), partial, options);
    await expectContent(content);
  });

  it('begins anew when the server has another version now, also without a hash to tell', async () => {
    server.faults.push({ cutAfter: 50_000 });
    await expect(download({ url: server.url, proof: 'unknown' }, partial, { ...options, retries: 0 })).rejects.toThrow(
      /gave up/,
    );
    server.content = Buffer.from(content).reverse();
    server.etag = '"other"';
    await download({ url: server.url, proof: 'unknown' }, partial, options);
    await expectContent(server.content);
  });

  it('does not glue to a part that nothing can prove', async () => {
    server.etag = undefined;
    server.faults.push({ cutAfter: 50_000 });
    await download({ url: server.url, proof: 'unknown' }, partial, options);
    expect(server.asked.every((line) => !line.includes('bytes='))).toBe(true);
    await expectContent(content);
  });

  it('begins anew when the server sends another part than was asked for', async () => {
    server.faults.push({ cutAfter: 50_000 }, 'wrong-range');
    await download(wanted(), partial, options);
    await expectContent(content);
  });

  it('knows a part that is whole already, and one that is too long', async () => {
    await download(wanted(), partial, options);
    await download({ url: `${server.url}/file.pkl`, proof: { sha256 } }, partial, options); // size not known: 416
    expect(server.asked.at(-1)).toContain(`bytes=${bytes}-`);
    await writeFile(partial, Buffer.concat([content, content]));
    await download(wanted(), partial, options);
    await expectContent(content);
  });

  it('replaces a part that was damaged, once', async () => {
    await download(wanted(), partial, options);
    await writeFile(partial, Buffer.alloc(100_000));
    await download(wanted(), partial, options);
    await expectContent(content);
  });

  it('takes a file whose length the server does not tell', async () => {
    server.faults.push('no-length');
    await download({ url: server.url, proof: { sha256 } }, partial, options);
    await expectContent(content);
  });

  it('treats silence as a cut connection', async () => {
    server.faults.push('stall');
    await download(wanted(), partial, { ...options, stallSeconds: 0.2 });
    await expectContent(content);
    expect(server.asked).toHaveLength(2);
  });

  it('waits longer and longer for a busy server, as long as it asks, but not for ever', async () => {
    const busy = { status: 503 };
    server.faults.push(busy, busy, { status: 429, headers: { 'Retry-After': '7' } }, busy);
    await expect(download(wanted(), partial, options)).rejects.toThrow(
      /^http.*: the server answered 503 Service Unavailable; gave up after 4 tries/,
    );
    expect(pauses).toEqual([1000, 2000, 7000]);
    server.faults.push({ status: 503, headers: { 'Retry-After': '86400' } });
    await download(wanted(), partial, options);
    expect(pauses.at(-1)).toBe(60_000);
  });

  it('reports a server that is not there', async () => {
    const url = 'http://127.0.0.1:9/file';
    await expect(download({ url, proof: 'unknown' }, partial, { ...options, retries: 1 })).rejects.toThrow(
      /^http:\/\/127\.0\.0\.1:9\/file: the connection was cut or refused .*gave up after 2 tries/,
    );
  });

  it('refuses what is not there at once', async () => {
    for (const [status, words] of [
      [404, /answered 404 Not Found: the file is not there/],
      [403, /answered 403 Forbidden: the file is not given to everybody/],
    ] as const) {
      server.faults.push({ status });
      await expect(download(wanted(), partial, options)).rejects.toThrow(words);
    }
    expect(pauses).toEqual([]);
    expect(await there(partial)).toBe(false);
  });

  it.each(['html', 'disguised-html'] as const)('refuses a web page in place of the file (%s)', async (fault) => {
    server.faults.push(fault);
    await expect(download({ url: server.url, proof: 'unknown' }, partial, options)).rejects.toThrow(
      /the server sent a web page in place of the file/,
    );
    expect(await readFile(partial).catch(() => Buffer.alloc(0))).toHaveLength(0);
  });

  it('refuses a Git LFS pointer', async () => {
    server.faults.push('lfs-pointer');
    await expect(download({ url: server.url, proof: 'unknown' }, partial, options)).rejects.toThrow(/Git LFS pointer/);
  });

  it('refuses a wrong hash and keeps nothing', async () => {
    await expect(download({ ...wanted(), proof: { sha256: 'a'.repeat(64) } }, partial, options)).rejects.toThrow(
      new RegExp(`its SHA-256 is ${sha256}, expected a{64}; what was downloaded is removed`),
    );
    expect(await there(partial)).toBe(false);
    expect(server.asked).toHaveLength(1);
  });

  it('refuses a wrong size before the download', async () => {
    await expect(download({ ...wanted(), bytes: bytes + 1 }, partial, options)).rejects.toThrow(
      `the server has another file now: ${bytes} bytes, expected ${bytes + 1}`,
    );
  });

  it('refuses more bytes than there should be', async () => {
    server.faults.push('no-length');
    await expect(download({ url: server.url, bytes: 1000, proof: 'unknown' }, partial, options)).rejects.toThrow(
      /sends more than the expected 1000 bytes/,
    );
  });

  it('refuses a file for which there is no room', async () => {
    server.handler = (_, response) => {
      response.writeHead(200, { 'Content-Length': 15 * 2 ** 30 * 1000 });
      response.flushHeaders();
      return true;
    };
    await expect(download({ url: server.url, proof: 'unknown' }, partial, options)).rejects.toThrow(
      /more than 17179\.9 MB are not taken/,
    );
    const huge = 15 * 2 ** 50;
    await expect(
      import('./partial-file.js').then(({ refuseFullDisk }) => refuseFullDisk(folderFile(), huge)),
    ).rejects.toThrow(/more are needed and .* are free; make room, or set HF_HOME/);
  });

  it('stops when asked and keeps what it has', async () => {
    server.faults.push('stall');
    const stop = new AbortController();
    const reason = new Error('stopped');
    const work = download(wanted(), partial, {
      ...options,
      signal: stop.signal,
      onProgress: (done) => {
        if (done > 0) stop.abort(reason);
      },
    });
    await expect(work).rejects.toBe(reason);
    expect((await stat(partial)).size).toBe(10);
    await download(wanted(), partial, options);
    expect(server.asked.at(-1)).toContain('bytes=10-');
  });

  it('throws a UserError of one line for every refusal', async () => {
    server.faults.push({ status: 404 });
    const error: unknown = await download(wanted(), partial, options).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UserError);
    expect((error as UserError).message).not.toContain('\n');
  });
});

const folderFile = () => join(folder, 'x');
