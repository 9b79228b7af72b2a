/** The packages of this workspace, as their package.json says. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The workspace's root. */
export const ROOT = join(import.meta.dirname, '..');

/** What of a package.json the tools look at. */
export interface Manifest {
  name: string;
  version: string;
  private?: boolean;
  type?: string;
  main?: string;
  bin?: Record<string, string>;
  exports?: unknown;
  imports?: unknown;
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
  nx?: { targets?: Record<string, { executor?: string; command?: string }> };
}

export interface Package {
  /** Its folder, absolute. */
  dir: string;
  manifest: Manifest;
}

/** All packages, by name of their folder. */
export function workspacePackages(): Package[] {
  return readdirSync(join(ROOT, 'packages'))
    .map((folder) => join(ROOT, 'packages', folder))
    .filter((dir) => existsSync(join(dir, 'package.json')))
    .map((dir) => ({ dir, manifest: JSON.parse(readFileSync(join(dir, 'package.json'), 'utf8')) as Manifest }));
}

/** Those that are published. */
export function publishedPackages(): Package[] {
  return workspacePackages().filter(({ manifest }) => manifest.private !== true);
}
