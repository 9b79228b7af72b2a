/** The real command line against a server on this machine: what is printed where, exit codes, Ctrl-C and going on. */
import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Fetched } from '../fetch/fetch-known.js';
import { sha256Of, testServer, type TestServer } from '../fetch/testing-server.js';

const TSX = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
const CLI = fileURLToPath(new URL('../cli.ts', import.meta.url));
/** A file of the table that is on Hugging Face, whose server HF_ENDPOINT names, and that has no published hash. */
const NAME = 'clip-vit-b-32-safetensors';
const content = Buffer.from('weights '.repeat(50_000));

let server: TestServer;
let home: string;

beforeEach(async () => {
  server = await testServer(content);
  home = await mkdtemp(join(tmpdir(), 'fetch-cli-'));
});
afterEach(async () => {
  await server.close();
  await rm(home, { recursive: true });
});

interface Outcome {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs `checkpoints fetch`; presses Ctrl-C once when `ready` is. */
function run(args: string[], env: Record<string, string> = {}, ready?: Promise<unknown>) {
  const child = spawn(process.execPath, ['--import', TSX, '--conditions=@styleclip/source', CLI, 'fetch', ...args], {
    env: { ...process.env, HF_HOME: home, HF_HUB_CACHE: '', HF_HUB_OFFLINE: '', HF_ENDPOINT: server.url, ...env },
  });
  return new Promise<Outcome>((resolve) => {
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (data) => (stdout += String(data)));
    child.stderr.on('data', (data) => (stderr += String(data)));
    void ready?.then(() => child.kill('SIGINT'));
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}

/** Waits until the unfinished file has come as far as the server lets it. */
async function tenBytes(): Promise<void> {
  const blobs = join(home, 'hub', 'models--openai--clip-vit-base-patch32', 'blobs');
  for (;;) {
    const names = await readdir(blobs).catch(() => []);
    const partial = names.find((name) => name.endsWith('.incomplete'));
    if (partial !== undefined && (await stat(join(blobs, partial))).size === 10) return;
    await setTimeout(20);
  }
}

describe('checkpoints fetch', () => {
  it('downloads, says what and where in one line of JSON, and what to do next', async () => {
    const { code, stdout, stderr } = await run(['--name', NAME]);
    expect(stderr).toContain('MIT');
    expect(code).toBe(0);
    expect(stdout.trimEnd().split('\n')).toHaveLength(1);
    const { files, ...rest } = JSON.parse(stdout) as Fetched;
    expect(rest.name).toBe(NAME);
    expect(rest.import).toMatch(
      new RegExp(`^npx nx run checkpoints:import --clip .*model\\.safetensors --to models/${NAME}$`),
    );
    expect(files).toMatchObject([{ name: NAME, bytes: content.length, sha256: sha256Of(content), cached: false }]);
    expect(files[0]!.path.startsWith(join(home, 'hub', 'models--openai--clip-vit-base-patch32', 'snapshots'))).toBe(
      true,
    );
    expect((await readFile(files[0]!.path)).equals(content)).toBe(true);
    expect(stderr).toMatch(/model\.safetensors: 0\.4\/0\.4 \(100 %\), .* MB\/s/);
    expect(stderr).toMatch(/no published hash; SHA-256/);
    expect(stderr).toMatch(/^next: npx nx run checkpoints:import/m);

    const again = await run(['--name', NAME], { HF_HUB_OFFLINE: '1' });
    expect(again.code).toBe(0);
    expect(JSON.parse(again.stdout).files[0].cached).toBe(true);
  });

  it('keeps the part on Ctrl-C, exits with 130, and goes on when it is run again', async () => {
    server.faults.push('none', 'stall'); // HEAD, then ten bytes and silence
    const stopped = await run(['--name', NAME], {}, tenBytes());
    expect(stopped.stderr).toMatch(
      new RegExp(
        `^stopped at ${NAME}; 0\\.0 MB are kept in .*\\.incomplete; go on with: npx nx run checkpoints:fetch --name ${NAME}$`,
        'm',
      ),
    );
    expect(stopped.code).toBe(130);
    expect(stopped.stdout).toBe('');
    const { code, stdout } = await run(['--name', NAME]);
    expect(code).toBe(0);
    expect(server.asked.at(-1)).toMatch(/ bytes=10-$/);
    expect(JSON.parse(stdout).files[0].sha256).toBe(sha256Of(content));
  });

  it('ends with 1 when a file can not be had, in one line', async () => {
    server.faults.push({ status: 404 });
    const { code, stdout, stderr } = await run(['--name', NAME]);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^error: http:.*the server answered 404 Not Found: the file is not there/m);
    expect(code).toBe(1);
    const offline = await run(['--name', NAME], { HF_HUB_OFFLINE: '1' });
    expect(offline.stderr).toMatch(/^error: .*HF_HUB_OFFLINE forbids asking a server/m);
    expect(offline.code).toBe(1);
  });

  it.each([
    [
      ['--name', 'ffhq'],
      /^error: ffhq-config-f and identity-ir-se50: read the licences above, then say --accept-licence$/m,
    ],
    [[], /^error: say what to fetch: --name NAME/m],
  ])('ends with 2 for a wrong call: %j', async (args, words) => {
    const { code, stderr } = await run(args);
    expect(stderr).toMatch(words);
    expect(code).toBe(2);
    expect(server.asked).toEqual([]);
  });

  it('lists what it knows', async () => {
    const { code, stdout } = await run(['--list']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^sets:\n/);
    expect(stdout).toContain('identity-ir-se50');
  });
});
