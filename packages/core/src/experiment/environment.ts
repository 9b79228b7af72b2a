/**
 * What a run ran on: versions, machine, commit. Written once beside a run's results, so that a number can be traced
 * to what made it. Nothing in here changes a result.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { arch, availableParallelism, cpus, platform, release, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface Environment {
  /** When it was looked at, ISO 8601. */
  readonly time: string;
  readonly command: string;
  /** Versions; undefined where a package is not installed. */
  readonly versions: { node: string; styleclip?: string; tfjs?: string; onnxruntime?: string };
  readonly system: { platform: string; release: string; arch: string; cpu: string; cores: number; memoryGiB: number };
  /** The sources' commit, with `+changes` when files differ from it; undefined outside a git checkout. */
  readonly commit?: string;
}

export function environment(): Environment {
  return {
    time: new Date().toISOString(),
    command: process.argv.slice(1).join(' '),
    versions: {
      node: process.versions.node,
      styleclip: packageVersion('@styleclip/core'),
      tfjs: packageVersion('@tensorflow/tfjs'),
      onnxruntime: packageVersion('onnxruntime-node'),
    },
    system: {
      platform: platform(),
      release: release(),
      arch: arch(),
      cpu: cpus()[0]?.model.trim() ?? 'unknown',
      cores: availableParallelism(),
      memoryGiB: Math.round(totalmem() / 2 ** 28) / 4,
    },
    commit: gitCommit(),
  };
}

/** A package's version, read from its package.json up from where it resolves. */
function packageVersion(name: string): string | undefined {
  try {
    let folder =
      name === '@styleclip/core'
        ? dirname(fileURLToPath(import.meta.url))
        : dirname(createRequire(import.meta.url).resolve(name));
    for (; folder !== dirname(folder); folder = dirname(folder)) {
      const file = join(folder, 'package.json');
      if (!existsSync(file)) continue;
      const { name: found, version } = JSON.parse(readFileSync(file, 'utf8')) as { name?: string; version?: string };
      if (found === name) return version;
    }
  } catch {
    // not installed
  }
  return undefined;
}

function gitCommit(): string | undefined {
  const git = (...args: string[]) =>
    execFileSync('git', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], timeout: 5000 }).trim();
  try {
    return git('rev-parse', 'HEAD') + (git('status', '--porcelain', '--untracked-files=no') === '' ? '' : '+changes');
  } catch {
    return undefined;
  }
}
