/** tools/build-tfjs-native.sh, as far as it can be tried without a download: its options, and what it says when tools are missing. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';

const script = fileURLToPath(new URL('../tools/build-tfjs-native.sh', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'tools-'));
afterAll(() => rmSync(folder, { recursive: true }));

const run = (args: string[], env: NodeJS.ProcessEnv = process.env) => {
  const { status, stdout, stderr } = spawnSync('/bin/bash', [script, ...args], { encoding: 'utf8', env });
  return { status, stdout, stderr };
};

// Where it could work at all; elsewhere it says so and that is that.
describe.skipIf(process.platform !== 'linux' || process.arch !== 'x64')('build-tfjs-native', () => {
  it('explains itself', () => {
    const { status, stdout } = run(['--help']);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^usage: tools\/build-tfjs-native\.sh \[--gpu\] \[--force\]\n/);
  });

  it('refuses an unknown option', () => {
    expect(run(['--cuda'])).toMatchObject({
      status: 2,
      stderr: 'build-tfjs-native: unknown option "--cuda" (known: --gpu, --force, --help)\n',
    });
  });

  it('names all that is missing', () => {
    for (const tool of ['uname', 'dirname', 'sed']) {
      const path = [`/usr/bin/${tool}`, `/bin/${tool}`].find((file) => existsSync(file));
      symlinkSync(path!, join(folder, tool));
    }
    expect(run([], { PATH: folder, HOME: folder })).toMatchObject({
      status: 3,
      stderr:
        'build-tfjs-native: not found: g++, node, npm, python3 (on Debian: apt install g++ nodejs npm python3-pip)\n',
    });
  });
});
