/**
 * What is wrong with a tarball, as far as its list of files and its package.json tell: something missing that a user
 * needs, something inside that only developers need, a dependency that only this workspace can resolve.
 */
import { builtinModules } from 'node:module';
import { posix } from 'node:path';
import ts from 'typescript';
import type { Manifest } from './packages.js';

/** The condition that means the sources of this tree; nobody else sets it. */
const SOURCE = '@styleclip/source';

/**
 * @param files paths inside the tarball
 * @param read the text of one of them
 * @returns one line a fault, none when all is well
 */
export function tarballFaults(manifest: Manifest, files: readonly string[], read: (path: string) => string): string[] {
  const inside = new Set(files);
  const faults: string[] = [];
  for (const file of ['package.json', 'README.md', 'LICENSE']) {
    if (!inside.has(file)) faults.push(`${file} is missing`);
  }
  for (const file of files) {
    if (/\.test\.|(^|\/)(testing|fixtures|oracle)(\/|\b)|\.tsbuildinfo$/.test(file)) {
      faults.push(`${file} is for developers only`);
    }
  }
  for (const file of entries(manifest)) {
    if (!inside.has(posix.normalize(file))) faults.push(`package.json points at ${file}, which is missing`);
  }
  for (const [name, range] of Object.entries(manifest.dependencies ?? {})) {
    if (/^(\*|file:|link:|workspace:)/.test(range))
      faults.push(`"${name}": "${range}" means nothing outside this workspace`);
  }
  const known = new Set([
    manifest.name,
    ...Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies }),
  ]);
  for (const file of files.filter((path) => /\.[cm]?js$/.test(path))) {
    for (const name of importedPackages(read(file))) {
      if (!known.has(name)) faults.push(`${file} imports ${name}, which is no dependency`);
    }
  }
  return faults;
}

/** Files that `exports`, `imports`, `bin` and `main` name for users of the package. */
function entries({ exports, imports, bin, main }: Manifest): string[] {
  return [...targets(exports), ...targets(imports), ...targets(bin), ...targets(main)];
}

/** The files that a value of `exports` can lead to for others than this workspace. */
export function targets(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([condition, target]) => (condition === SOURCE ? [] : targets(target)));
}

/** Names of the packages that a module imports, Node's own left out. */
function importedPackages(code: string): string[] {
  return ts
    .preProcessFile(code, true, true)
    .importedFiles.map(({ fileName }) => fileName)
    .filter((name) => !/^[.#]|^node:/.test(name) && !builtinModules.includes(name))
    .map((name) =>
      name
        .split('/')
        .slice(0, name.startsWith('@') ? 2 : 1)
        .join('/'),
    );
}
