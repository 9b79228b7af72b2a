/** Stores: a folder, and a bucket behind a small server that keeps S3's rules. */
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStore, type Store } from './store.js';

const objects = new Map<string, Buffer>();
const seen: IncomingMessage[] = [];
let broken = 0;
let server: Server;
let dir: string;
let env: Record<string, string>;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'store-'));
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      seen.push(request);
      const key = request.url!;
      const found = objects.get(key);
      if (broken > 0) {
        broken--;
        response.writeHead(503).end();
      } else if (!request.headers.authorization?.includes('Credential=key/'))
        response.writeHead(403).end('<Error><Code>SignatureDoesNotMatch</Code></Error>');
      else if (request.method === 'GET') response.writeHead(found ? 200 : 404).end(found);
      else if (request.headers['if-none-match'] === '*' && found) response.writeHead(412).end();
      else {
        objects.set(key, Buffer.concat(chunks));
        response.end();
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  env = {
    AWS_ACCESS_KEY_ID: 'key',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
  };
});
afterAll(async () => {
  server.close();
  await rm(dir, { recursive: true, force: true });
});

const bytes = (text: string): Uint8Array => Buffer.from(text);

describe.each([
  ['a folder', (): Store => openStore(join(dir, 'results'), {})],
  ['a bucket', (): Store => openStore('s3://bucket/some/prefix/', env)],
])('%s', (_, open) => {
  it('keeps what was written first', async () => {
    const store = open();
    expect(await store.read('part.arrow', 100)).toBeUndefined();
    expect(await store.create('part.arrow', bytes('first'))).toBe(true);
    expect(await store.create('part.arrow', bytes('second'))).toBe(false);
    expect(Buffer.from((await store.read('part.arrow', 100))!).toString()).toBe('first');
  });

  it('lets one of many writers win', async () => {
    const store = open();
    const won = await Promise.all(Array.from({ length: 8 }, (__, i) => store.create('race', bytes(`writer ${i}`))));
    expect(won.filter(Boolean)).toHaveLength(1);
    expect(Buffer.from((await store.read('race', 100))!).toString()).toBe(`writer ${won.indexOf(true)}`);
  });

  it('refuses a file that is larger than it may be, and names that leave it', async () => {
    const store = open();
    await store.create('large', bytes('x'.repeat(50)));
    await expect(store.read('large', 49)).rejects.toThrow(/large: 50 bytes are more than the 49/);
    await expect(store.read('../passwd', 10)).rejects.toThrow('no name for a file');
  });
});

describe('openStore', () => {
  it('leaves nothing but whole files in a folder', async () => {
    expect((await readdir(join(dir, 'results'))).sort()).toEqual(['large', 'part.arrow', 'race']);
  });

  it('signs requests and puts the prefix before the name', () => {
    expect(objects.has('/bucket/some/prefix/part.arrow')).toBe(true);
    expect(seen.every((request) => /^AWS4-HMAC-SHA256 .*\/s3\/aws4_request/.test(request.headers.authorization!))).toBe(
      true,
    );
  });

  it('tries again when the store is busy, and says what it says otherwise', async () => {
    broken = 2;
    const store = openStore('s3://bucket/some/prefix', env);
    expect(Buffer.from((await store.read('part.arrow', 100))!).toString()).toBe('first');
    const stranger = openStore('s3://bucket/some', { ...env, AWS_ACCESS_KEY_ID: 'other' });
    await expect(stranger.create('x', bytes('x'))).rejects.toThrow("s3://bucket/some/x: can't be written: HTTP 403, SignatureDoesNotMatch"); // prettier-ignore
  });

  it.each([
    ['s3://', 'must be s3://bucket/prefix'],
    ['gs://bucket/x', 'a folder or to s3://bucket/prefix'],
  ])('refuses %s', (where, message) => {
    expect(() => openStore(where, env)).toThrow(message);
  });

  it('asks for the keys of a bucket, and says when nobody answers', async () => {
    expect(() => openStore('s3://bucket/x', {})).toThrow('set AWS_ACCESS_KEY_ID');
    const nobody = openStore('s3://bucket/x', { ...env, AWS_ENDPOINT_URL: 'http://127.0.0.1:9' });
    await expect(nobody.read('x', 10)).rejects.toThrow(/s3:\/\/bucket\/x\/x: the store can't be reached/);
  });
});
