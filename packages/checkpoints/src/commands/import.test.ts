/** The real command line: what a user sees, and the exit code. */
import { spawn } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { loadBundle } from '@styleclip/core';
import { expect, it } from 'vitest';
import { fixture, inTemporaryFolder } from '../import/testing-golden.js';

const TSX = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
const CLI = fileURLToPath(new URL('../cli.ts', import.meta.url));
const at = inTemporaryFolder();

function cli(...args: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--conditions=@styleclip/source', '--import', TSX, CLI, ...args]);
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (data: Buffer) => (stdout += data.toString()));
    child.stderr.on('data', (data: Buffer) => (stderr += data.toString()));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}

it('imports a bundle from the three files, shows progress, and refuses to do it again', async () => {
  const files = ['--generator', fixture('stylegan2-small-legacy.pt'), '--identity', fixture('identity-small.pth')];
  const args = ['import', ...files, '--clip', fixture('clip-tiny-hf/model.safetensors'), '--to', at('models/x')];
  const { code, stdout, stderr } = await cli(...args);
  expect(stderr).toMatch(/import: [\d.]+\/[\d.]+ \(100 %\)/);
  expect(code).toBe(0);
  expect(stdout).toMatch(
    /^generator: .*stylegan2-small-legacy.pt \(rosinality StyleGAN2\) -> .*, 97,216 numbers, F32\n/,
  );
  expect(stdout).toMatch(/ready; at most \d+ MB of memory used\n$/);
  expect(Object.keys(await loadBundle(at('models/x')))).toContain('identity');

  const again = await cli(...args);
  expect(again.code).toBe(1);
  expect(again.stderr).toMatch(/^error: .*: there is a generator already; import into another folder, or replace it/);
});

it('imports latents, held against a bundle', async () => {
  const { code, stdout } = await cli('import', '--latents', fixture('latents.pt'), '--to', at('l.safetensors'));
  expect(code).toBe(0);
  expect(stdout).toContain('l.safetensors: w_plus [');
});

it('explains a wrong call and a bad file in one line', async () => {
  const nothing = await cli('import', '--to', at('y'));
  expect(nothing).toMatchObject({ code: 2, stderr: expect.stringContaining('say what to import: --generator') });
  const both = await cli('import', '--to', at('y'), '--latents', 'a', '--clip', 'b');
  expect(both).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("--clip and --latents don't go into one file"),
  });
  await writeFile(at('page.pt'), '<!DOCTYPE html><html>Quota exceeded</html>');
  const page = await cli('import', '--generator', at('page.pt'), '--to', at('y'));
  expect(page.code).toBe(1);
  expect(page.stderr.trim().split('\n')).toHaveLength(1);
  expect(page.stderr).toContain('page.pt');
  await expect(readFile(at('y/bundle.json'))).rejects.toThrow('ENOENT');
});
