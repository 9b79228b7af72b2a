/** The real command line: what a user sees, and the exit code. */
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';

const TSX = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
const CLI = fileURLToPath(new URL('cli.ts', import.meta.url));

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'eval-cli-'));
  await writeFile(join(dir, 'report.yaml'), 'prompts: [a.yaml]\nheldOot: 5\n');
  await writeFile(join(dir, 'good.yaml'), 'prompts: [a.yaml]\n');
});
afterAll(() => rm(dir, { recursive: true }));

it.each([
  [['report', '--config', 'report.yaml'], /^error: report\.yaml:2: unknown key "heldOot" \(known: name, /],
  [
    ['report', '--config', 'good.yaml', '--only', 'table9'],
    /^error: --only: there is no section "table9" \(known: claims, /,
  ],
  [['report', '--config', 'good.yaml', '--fresh', '--resume'], /^error: --fresh and --resume exclude each other/],
  [['regress', '--baseline', 'none.json', '--set', 'bundle=nowhere'], /^error: nowhere: no bundle there/],
  [['compare', 'runs/one', 'runs/two'], /^error: runs\/one: not a finished run/],
])('%s is a wrong call, said in one line', (args, message) => {
  const { status, stderr } = spawnSync(
    process.execPath,
    ['--conditions=@styleclip/source', '--import', TSX, CLI, ...args],
    {
      cwd: dir,
      encoding: 'utf8',
    },
  );
  expect(stderr.trim()).toMatch(message);
  expect(stderr.trim()).not.toContain('\n');
  expect(status).toBe(2);
});
