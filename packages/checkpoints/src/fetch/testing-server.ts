/**
 * A file server on 127.0.0.1 that misbehaves on request: what the tests of `fetch/` download from.
 *
 * It serves one content under every address, by Range unless told not to, and keeps a log of what it was asked.
 */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What to do wrong with one request; the list of a server is used up from its front. */
export type Fault =
  /** Cut the connection after so many bytes of the body. */
  | { readonly cutAfter: number }
  | { readonly status: number; readonly headers?: Record<string, string> }
  /** Answer with everything and 200, whatever part was asked for. */
  | 'ignore-range'
  | 'html'
  /** A web page that is said to be a binary file. */
  | 'disguised-html'
  | 'lfs-pointer'
  /** Say no length. */
  | 'no-length'
  /** Send ten bytes and then nothing more. */
  | 'stall'
  /** Break the connection before a byte of the answer. */
  | 'reset'
  /** Answer with a part that begins one byte late. */
  | 'wrong-range'
  | 'none';

export interface TestServer {
  readonly url: string;
  /** Method, path and Range of each request. */
  readonly asked: string[];
  content: Buffer;
  etag: string | undefined;
  readonly faults: Fault[];
  /** Answers before anything else when it returns true. */
  handler: ((request: IncomingMessage, response: ServerResponse) => boolean) | undefined;
  close(): Promise<void>;
}

export async function testServer(content: Buffer): Promise<TestServer> {
  const server = createServer((request, response) => {
    state.asked.push(
      [request.method, request.url, request.headers.range].filter((part) => part !== undefined).join(' '),
    );
    if (state.handler?.(request, response)) return;
    answer(state, request, response, state.faults.shift() ?? 'none');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const state: TestServer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked: [],
    content,
    etag: `"${sha256Of(content).slice(0, 16)}"`,
    faults: [],
    handler: undefined,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return state;
}

export function sha256Of(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

function answer(state: TestServer, request: IncomingMessage, response: ServerResponse, fault: Fault): void {
  const { content, etag } = state;
  if (typeof fault === 'object' && 'status' in fault) {
    response.writeHead(fault.status, fault.headers).end('no');
    return;
  }
  if (fault === 'reset') {
    request.socket.resetAndDestroy();
    return;
  }
  if (fault === 'html' || fault === 'disguised-html') {
    const type = fault === 'html' ? 'text/html; charset=utf-8' : 'application/octet-stream';
    response.writeHead(200, { 'Content-Type': type }).end('\n<!DOCTYPE html><title>Virus scan warning</title>');
    return;
  }
  if (fault === 'lfs-pointer') {
    response.writeHead(200).end('version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 12\n');
    return;
  }
  const range = /^bytes=(\d+)-$/.exec(request.headers.range ?? '');
  const same = request.headers['if-range'] === undefined || request.headers['if-range'] === etag;
  const part = range !== null && same && fault !== 'ignore-range';
  const from = part ? Number(range[1]) : 0;
  const headers: Record<string, string | number> = { 'Content-Type': 'application/octet-stream' };
  if (etag !== undefined) headers['ETag'] = etag;
  if (part && from >= content.length) {
    response.writeHead(416, { ...headers, 'Content-Range': `bytes */${content.length}` }).end();
    return;
  }
  const told = fault === 'wrong-range' ? from + 1 : from;
  if (part) headers['Content-Range'] = `bytes ${told}-${content.length - 1}/${content.length}`;
  const body = content.subarray(from);
  if (fault !== 'no-length') headers['Content-Length'] = body.length;
  response.writeHead(part ? 206 : 200, headers);
  if (fault === 'stall') response.write(body.subarray(0, 10));
  else if (typeof fault === 'object') {
    // A client loses what it had not read yet when the line breaks, so it is given a moment.
    response.write(body.subarray(0, fault.cutAfter), () => setTimeout(() => response.socket?.end(), 250));
  } else {
    response.end(request.method === 'HEAD' ? undefined : body);
  }
}
