/**
 * What a Hugging Face server says of a file before it is downloaded: the commit, the content's hash and size.
 *
 * `HEAD /<owner>/<name>/resolve/main/<file>` answers with these headers and a redirection to the storage; the headers
 * are on the first answer, so the redirection is not followed. A moved repository redirects within the server, and that
 * is. Everything a server says is checked before it becomes part of a path.
 */
import { failure } from '@styleclip/core';
import { refusal, request, type RequestOptions } from './request.js';
import { type RetryOptions, withRetries } from './retry.js';

export interface HubFile {
  /** The address to download from. */
  readonly url: string;
  /** Forty hexadecimal digits; undefined when the server names none. */
  readonly revision: string | undefined;
  /** The content's name in the cache: SHA-256 for large files, git's hash for small ones. */
  readonly etag: string | undefined;
  readonly bytes: number | undefined;
}

/** Redirections within the server. */
const MOST_MOVES = 5;

/** @throws UserError when the server has no such file, or can't be reached */
export async function describeHubFile(
  { repository, file }: { repository: string; file: string },
  endpoint: string,
  options: RequestOptions & RetryOptions = {},
): Promise<HubFile> {
  const url = `${endpoint}/${repository}/resolve/main/${file.split('/').map(encodeURIComponent).join('/')}`;
  return withRetries(() => ask(url, options), url, options);
}

async function ask(url: string, options: RequestOptions): Promise<HubFile> {
  let here = url;
  for (let moves = 0; moves <= MOST_MOVES; moves++) {
    const { response, end } = await request(
      here,
      { method: 'HEAD', redirect: 'manual', headers: { 'Accept-Encoding': 'identity' } },
      options,
    );
    end();
    const { status, headers } = response;
    const location = headers.get('location');
    const revision = hex(headers.get('x-repo-commit'), [40]);
    // A redirection without a commit leads to another name of the repository.
    if (status >= 300 && status < 400 && location?.startsWith('/') && revision === undefined) {
      here = new URL(location, here).href;
      continue;
    }
    if (status >= 400) throw refusal(url, response);
    const etag = (headers.get('x-linked-etag') ?? headers.get('etag') ?? '').replace(/^W\//, '').replaceAll('"', '');
    const size = headers.get('x-linked-size') ?? (status < 300 ? headers.get('content-length') : null);
    return {
      url: here,
      revision,
      etag: hex(etag, [40, 64]),
      bytes: size !== null && /^\d{1,15}$/.test(size) ? Number(size) : undefined,
    };
  }
  throw failure(`${url}: the server sends from one address to another (more than ${MOST_MOVES} times)`);
}

function hex(text: string | null, lengths: readonly number[]): string | undefined {
  return text !== null && /^[0-9a-f]+$/.test(text) && lengths.includes(text.length) ? text : undefined;
}
