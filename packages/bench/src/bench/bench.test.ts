/** The benchmark by its command line, on the embedded bundle. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../../../..');
const cli = join(root, 'packages/bench/src/cli.ts');
const core = (...args: string[]) =>
  spawnSync(process.execPath, ['--import', 'tsx', '--conditions=@styleclip/source', cli, ...args], {
    cwd: root,
    encoding: 'utf8',
  });

describe('core bench', () => {
  it('times each phase in a process of its own', () => {
    const { status, stdout } = core('bench', '--runs=1', '--threads=1');
    expect(status).toBe(0);
    const { forward, gradient, step } = JSON.parse(stdout) as Record<string, Record<string, number>>;
    expect(forward).toMatchObject({ resolution: 64 });
    expect(forward!['seconds']).toBeGreaterThan(0);
    expect(gradient!['seconds']).toBeGreaterThan(0);
    expect(step!['seconds']).toBeGreaterThan(0);
    expect(step!['peakGB']).toBeGreaterThan(0.05);
  });

  it.each([
    ['--phases=paint', 'there is no phase "paint", known: forward, gradient, step'],
    ['--runs=0', '--runs must be a whole number ≥ 1, got 0'],
    ['--model=models/none', 'models/none: no bundle there'],
  ])('refuses %s', (flag, message) => {
    const { status, stderr } = core('bench', flag);
    expect(stderr).toContain(message);
    expect(status).toBe(2);
  });
});
