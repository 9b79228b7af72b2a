/**
 * Where the shards of a work put their results: a folder that all machines see, or a bucket of S3 or of what speaks its
 * protocol. Names are files; each is written once and whole, and the first writer wins, so two machines that do the same
 * shard by mistake do no harm.
 */
import { createHash, randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { AwsClient } from 'aws4fetch';
import { failure, oneLine, usageError } from '../errors.js';
import { writeFileAtomic } from './atomic-file.js';

export interface Store {
  /** As it was named: a folder or s3://bucket/prefix. */
  readonly url: string;
  /** The file's bytes, or undefined where there is none. @throws UserError for a file of more than `limit` bytes */
  read(name: string, limit: number): Promise<Uint8Array | undefined>;
  /** Writes a file that is not there yet. @returns false where there is one: it is left as it is */
  create(name: string, bytes: Uint8Array): Promise<boolean>;
}

/**
 * @param where a folder, which is made where it is missing, or `s3://bucket/prefix`
 * @param env AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, and where they matter AWS_SESSION_TOKEN, AWS_REGION (us-east-1) and
 *   AWS_ENDPOINT_URL, for stores that are not Amazon's
 * @throws UserError when it is neither, or a bucket's keys are not in the environment
 */
export function openStore(where: string, env: Readonly<Record<string, string | undefined>> = process.env): Store {
  if (where.startsWith('s3://')) return bucket(where, env);
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(where))
    throw usageError(`${where}: results go to a folder or to s3://bucket/prefix`);
  return folder(where);
}

function folder(dir: string): Store {
  return {
    url: dir,
    async read(name, limit) {
      const path = join(dir, checkedName(name));
      const found = await stat(path).catch(() => undefined);
      if (!found) return undefined;
      requireSize(path, found.size, limit);
      return readFile(path);
    },
    async create(name, bytes) {
      const path = join(dir, checkedName(name));
      await mkdir(dir, { recursive: true });
      const whole = `${path}.${randomBytes(4).toString('hex')}.new`;
      await writeFileAtomic(whole, bytes);
      try {
        await link(whole, path); // fails where the name is taken, unlike a rename
        return true;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
        throw failure(`${path}: can't be written: ${oneLine(error)}`, error);
      } finally {
        await rm(whole, { force: true });
      }
    },
  };
}

function bucket(url: string, env: Readonly<Record<string, string | undefined>>): Store {
  const [, name, prefix = ''] = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(.*?))?\/*$/.exec(url) ?? [];
  if (name === undefined) throw usageError(`${url}: must be s3://bucket/prefix`);
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = env;
  if (!accessKeyId || !secretAccessKey)
    throw usageError(`${url}: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment`);
  const region = env['AWS_REGION'] ?? env['AWS_DEFAULT_REGION'] ?? 'us-east-1';
  const session = env['AWS_SESSION_TOKEN'];
  const client = new AwsClient({
    accessKeyId,
    secretAccessKey,
    ...(session !== undefined && { sessionToken: session }),
    region,
    service: 's3',
    retries: 5, // of 429 and 5xx, with growing waits
  });
  const endpoint = env['AWS_ENDPOINT_URL_S3'] ?? env['AWS_ENDPOINT_URL'];
  const base = endpoint ? `${endpoint.replace(/\/+$/, '')}/${name}` : `https://${name}.s3.${region}.amazonaws.com`;
  const address = (file: string): string =>
    [base, ...prefix.split('/').filter(Boolean), checkedName(file)].map((part, i) => (i === 0 ? part : encodeURIComponent(part))).join('/'); // prettier-ignore
  const send = async (file: string, init: RequestInit): Promise<Response> => {
    try {
      return await client.fetch(address(file), init);
    } catch (error) {
      throw failure(`${url}/${file}: the store can't be reached: ${oneLine(error)}`, error);
    }
  };
  return {
    url,
    async read(file, limit) {
      const response = await send(file, { method: 'GET' });
      if (response.status === 404) return void (await response.body?.cancel());
      if (!response.ok) throw await refused(response, `${url}/${file}`, 'read');
      requireSize(`${url}/${file}`, Number(response.headers.get('content-length') ?? 0), limit);
      const parts: Uint8Array[] = [];
      let size = 0;
      for await (const part of response.body ?? []) {
        requireSize(`${url}/${file}`, (size += (part as Uint8Array).length), limit);
        parts.push(part as Uint8Array);
      }
      return Buffer.concat(parts);
    },
    async create(file, bytes) {
      // If-None-Match: * is the claim: of several writers one gets 200, the others 412 (409 while the first is at it).
      const response = await send(file, {
        method: 'PUT',
        body: bytes as NonNullable<RequestInit['body']>,
        headers: {
          'if-none-match': '*',
          'content-type': 'application/octet-stream',
          'content-md5': createHash('md5').update(bytes).digest('base64'),
        },
      });
      if (response.ok) return true;
      if (response.status === 412 || response.status === 409) return false;
      throw await refused(response, `${url}/${file}`, 'written');
    },
  };
}

/** The store's own word for why: the code in its XML. */
async function refused(response: Response, where: string, what: string): Promise<Error> {
  const text = (await response.text().catch(() => '')).slice(0, 4096);
  const code = /<Code>([^<]{1,80})<\/Code>/.exec(text)?.[1];
  return failure(`${where}: can't be ${what}: HTTP ${response.status}${code === undefined ? '' : `, ${code}`}`);
}

/** Names are plain: nothing leaves the folder. */
function checkedName(name: string): string {
  if (!/^[\w][\w.-]{0,199}$/.test(name)) throw new RangeError(`"${name}" is no name for a file in a store`);
  return name;
}

function requireSize(where: string, size: number, limit: number): void {
  if (size > limit) throw failure(`${where}: ${size} bytes are more than the ${limit} that it may have`);
}
