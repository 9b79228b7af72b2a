/**
 * What an answer must be before its bytes are kept: the file that was asked for, of the right size.
 *
 * Servers answer 200 with a page that asks for a log-in or a click; repositories hold a pointer of three lines where the
 * large file should be. Both are told by their content as well as by the type that the server names.
 */
import { failure } from '@styleclip/core';
import { megabytes } from './megabytes.js';

// `Content-Range: bytes 100-199/200`, or `bytes */200`.
export interface ContentRange {
  readonly from?: number;
  readonly total?: number;
}

export function contentRange(response: Response): ContentRange | undefined {
  const match = /^bytes (?:(\d+)-\d+|\*)\/(?:(\d+)|\*)$/.exec(response.headers.get('content-range') ?? '');
  if (match === null) return undefined;
  const [, from, total] = match;
  return {
    ...(from !== undefined && { from: Number(from) }),
    ...(total !== undefined && { total: Number(total) }),
  };
}

export function contentLength(response: Response): number | undefined {
  const text = response.headers.get('content-length') ?? '';
  return /^\d+$/.test(text) ? Number(text) : undefined;
}

/** A strong ETag or else the date of the last change. */
export function validatorOf(response: Response): string | undefined {
  const etag = response.headers.get('etag');
  return etag?.startsWith('"') ? etag : (response.headers.get('last-modified') ?? undefined);
}

/** @throws UserError when a redirection left https, for a web page, or for a body that the server packed though it was asked not to */
export function refuseWrongType(url: string, response: Response): void {
  if (url.startsWith('https:') && response.url.startsWith('http:'))
    throw failure(`${url}: the server leads to ${response.url}, which anybody on the way could change; not fetched`);
  if (/^\s*(text\/html|application\/xhtml)/i.test(response.headers.get('content-type') ?? '')) throw aPage(url);
  const encoding = response.headers.get('content-encoding');
  if (encoding !== null && encoding !== 'identity')
    throw failure(`${url}: the server packs the file (content-encoding ${encoding}); fetch it by hand`);
}

/** @param bytes the size that the table declares */
export function refuseWrongSize(
  url: string,
  total: number | undefined,
  bytes: number | undefined,
  limit: number,
): void {
  if (total !== undefined && bytes !== undefined && total !== bytes) {
    throw failure(
      `${url}: the server has another file now: ${total} bytes, expected ${bytes}; fetch the right one by hand`,
    );
  }
  if (total !== undefined && total > limit)
    throw failure(`${url}: the server offers ${megabytes(total)}; more than ${megabytes(limit)} are not taken`);
}

/** @param start the first bytes of the file */
export function refuseWrongContent(url: string, start: Uint8Array): void {
  const text = Buffer.from(start.subarray(0, 256)).toString('latin1').trimStart().toLowerCase();
  if (/^(\ufeff|ï»¿)?\s*<(!doctype html|html|head|body|\?xml[^>]*>\s*<!doctype html)/.test(text)) throw aPage(url);
  if (text.startsWith('version https://git-lfs'))
    throw failure(`${url}: the server sent a Git LFS pointer in place of the file; fetch it by hand`);
}

function aPage(url: string): Error {
  return failure(
    `${url}: the server sent a web page in place of the file (it may want a log-in or a click); open the address in a browser and pass the file's path to checkpoints:import`,
  );
}
