/** The real command line: what a user sees, and the exit code. */
import { spawn } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { loadBundle } from '@styleclip/core';
import { describe, expect, it } from 'vitest';
import { importCommand } from './import.js';
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

it('prints what it was told or found out, and asks where a file does not say it', async () => {
  const clip = await cli('import', '--clip', fixture('clip-open-clip'), '--to', at('open-clip'));
  expect(clip.stdout).toMatch(
    /^clip: .*open_clip_model\.safetensors \(open_clip\) -> .*\n {2}source: the whole file\n/,
  );
  expect(clip.stdout).toContain('\n  activation: gelu, as open_clip_config.json says\n');

  const state = ['import', '--generator', fixture('nvidia-ada-state.pth'), '--to', at('state')];
  const asked = await cli(...state);
  expect(asked.code).toBe(2);
  expect(asked.stderr).toMatch(
    /^error: .*: a state dict does not say .*; say --conv-clamp N or --conv-clamp none .*\n$/,
  );
  const told = await cli(...state, '--conv-clamp', 'none', '--key', 'state_dict');
  expect(told.stdout).toContain('\n  conv_clamp: none, as --conv-clamp says: the file does not\n');
  expect(told.code).toBe(0);

  const latents = await cli('import', '--latents', fixture('projection.pt'), '--to', at('p.safetensors'));
  expect(latents.stdout).toMatch(/p\.safetensors: w_plus \[1, 6, 16\], from torch-zip\n {2}names: img1\.png\n$/);
  const w = await cli('import', '--latents', fixture('w-ten.pt'), '--to', at('w.safetensors'));
  expect(w).toMatchObject({ code: 2, stderr: expect.stringContaining('say which by --as w or --as w+') });
}, 60_000);

describe('a call that can not be meant', () => {
  const defaults = { half: false, force: false, to: 'never' };
  const call = async (args: object): Promise<void> =>
    importCommand.handler({ ...defaults, ...args } as unknown as Parameters<typeof importCommand.handler>[0]);

  it.each([
    [{ generator: 'g', 'conv-clamp': '-1' }, '--conv-clamp: expected a number above 0, or none, got "-1"'],
    [{ generator: 'g', 'conv-clamp': ' ' }, '--conv-clamp: expected a number above 0, or none, got " "'],
    [{ generator: 'g', 'conv-clamp': 'Infinity' }, 'got "Infinity"'],
    [{ clip: 'c', 'conv-clamp': '256' }, '--conv-clamp is for --generator'],
    [{ generator: 'g', activation: 'gelu' }, '--activation is for --clip'],
    [{ clip: 'c', generator: 'g', key: 'x' }, '--key says where in one file a network stands'],
    [{ clip: 'c', as: 'w' }, '--as is for --latents'],
    [{ latents: 'l', key: 'x' }, '--key is for networks; it has no meaning with --latents'],
    [{ latents: 'l', activation: 'gelu' }, '--activation is for networks'],
    [{ clip: 'c', bundle: 'b' }, '--bundle is for latents and directions'],
  ])('%j', async (args, message) => {
    await expect(call(args)).rejects.toMatchObject({ exitCode: 2, message: expect.stringContaining(message) });
  });
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
