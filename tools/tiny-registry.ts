/**
 * A package registry for a few tarballs, on this machine, as much of one as `npm install` asks for: a scope is pointed at
 * it, so that packages are installed by name and version as strangers do, aliases included, before they are published.
 */
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { basename } from 'node:path';
import type { Manifest } from './packages.js';

/** A packed package. */
export interface Tarball {
  path: string;
  integrity: string;
  manifest: Manifest;
}

export interface Registry {
  url: string;
  close(): void;
}

/** Serves one version of each package until closed. */
export async function openRegistry(tarballs: readonly Tarball[]): Promise<Registry> {
  const server = createServer((request, response) => {
    const asked = decodeURIComponent(request.url ?? '').slice(1);
    const file = tarballs.find(({ path }) => asked === `-/${basename(path)}`);
    const found = tarballs.find(({ manifest }) => asked === manifest.name);
    if (file) {
      void readFile(file.path).then((bytes) => response.end(bytes));
    } else if (found) {
      const { manifest, integrity, path } = found;
      const dist = { integrity, tarball: `${url}/-/${basename(path)}` };
      const { name, version } = manifest;
      response.setHeader('content-type', 'application/json');
      response.end(
        JSON.stringify({ name, 'dist-tags': { latest: version }, versions: { [version]: { ...manifest, dist } } }),
      );
    } else {
      response.writeHead(404).end('{}');
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, close: () => server.close() };
}
