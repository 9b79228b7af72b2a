import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const CLI = fileURLToPath(new URL('../fuzz/cli.ts', import.meta.url));
const TSX = import.meta.resolve('tsx');

interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the real command line. */
function fuzz(...args: string[]): Promise<Ran> {
  const node = ['--conditions=@styleclip/source', '--import', TSX, CLI, 'fuzz', ...args];
  return new Promise((resolve) => {
    execFile(process.execPath, node, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    );
  });
}

describe('checkpoints fuzz', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'fuzz-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('shows a table and ends with one line of JSON', async () => {
    const { code, stdout, stderr } = await fuzz(
      '--count',
      '20',
      '--seed',
      '3',
      '--format',
      'npy',
      '--format',
      'pickle',
    );
    expect(stderr).toMatch(/^format +cases +refused +accepted +findings/m);
    expect(stdout.trim().split('\n')).toHaveLength(1);
    const result = JSON.parse(stdout) as {
      formats: { format: string; accepted: number; refused: number }[];
    };
    expect(result).toMatchObject({ seed: 3, findings: 0 });
    expect(result.formats.map(({ format }) => format)).toEqual(['npy', 'pickle']);
    for (const { accepted, refused } of result.formats) expect(accepted + refused).toBe(20);
    expect(code).toBe(0);
  });

  it('runs a single case and keeps its bytes', async () => {
    const keep = join(folder, 'case.bin');
    const { code, stdout } = await fuzz('--format', 'safetensors', '--case', '5', '--keep', keep);
    const result = JSON.parse(stdout);
    expect(result).toMatchObject({ format: 'safetensors', seed: 1, case: 5 });
    expect((await readFile(keep)).length).toBe(result.bytes);
    expect(code).toBe(0);
  });

  it.each([
    [['--format', 'nope'], 'no format called "nope" (known: pickle, '],
    [['--count', '0', '--format', 'pickle'], '--count must be a whole number of at least 1, got 0'],
  ])('refuses %s', async (args, message) => {
    const { code, stderr } = await fuzz(...args);
    expect(stderr).toContain(message);
    expect(code).toBe(2);
  });
});
