/**
 * The table of known files as text, for `fetch --list`.
 */
import type { KnownFiles } from './known-files.js';
import { megabytes } from './megabytes.js';

export function listKnownFiles({ files, sets }: KnownFiles): string {
  const width = Math.max(...[...Object.keys(files), ...Object.keys(sets)].map((name) => name.length));
  const lines = ['sets:'];
  for (const [name, members] of Object.entries(sets)) lines.push(`  ${name.padEnd(width)}  ${members.join(' + ')}`);
  lines.push('', 'files (* asks for --accept-licence):');
  for (const [name, { what, bytes, licence, origins, proof }] of Object.entries(files)) {
    const notes = [
      bytes === undefined ? undefined : megabytes(bytes),
      origins.length === 0 ? 'by hand' : undefined,
      proof === 'unknown' ? 'no published hash' : undefined,
    ].filter((note) => note !== undefined);
    const tail = notes.length > 0 ? ` (${notes.join(', ')})` : '';
    lines.push(`${licence.accept ? '*' : ' '} ${name.padEnd(width)}  ${what}${tail}`);
  }
  const licences = new Map(Object.values(files).map(({ licence }) => [licence.url, licence.name]));
  lines.push('', 'licences:', ...[...licences].map(([url, name]) => `  ${url}: ${name}`), '');
  return lines.join('\n');
}
