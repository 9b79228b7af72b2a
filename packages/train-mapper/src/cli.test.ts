/** The real command line, on a tiny bundle: what a user sees, and the exit code. */
import { spawn } from 'node:child_process';
import { appendFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { writeTinyBundle } from '@styleclip/core/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const TSX = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
const CLI = fileURLToPath(new URL('cli.ts', import.meta.url));

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'train-mapper-cli-'));
  await writeTinyBundle(join(dir, 'bundle'));
  await writeFile(
    join(dir, 'tiny.yaml'),
    `name: tiny
bundle: bundle
prompt: a person with purple hair
ask: { factor: hairColor, values: [purple] }
latents: { validation: 2, heldOut: 4 }
steps: 4
batch: 1
samples: 2
threads: 1
`,
  );
});
afterAll(() => rm(dir, { recursive: true }));

interface Outcome {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs the command line in the temporary folder; `watch` sees stderr as it grows. */
function cli(args: string[], watch?: (stderr: string, interrupt: () => void) => void): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--conditions=@styleclip/source', '--import', TSX, CLI, ...args], {
      cwd: dir,
    });
    const outcome: Outcome = { code: null, stdout: '', stderr: '' };
    child.stdout.on('data', (data: Buffer) => (outcome.stdout += data.toString()));
    child.stderr.on('data', (data: Buffer) => {
      outcome.stderr += data.toString();
      watch?.(outcome.stderr, () => child.kill('SIGINT'));
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ ...outcome, code }));
  });
}

describe('train', () => {
  it('trains, says where the picture is, refuses to run again, and edit applies the mapper', async () => {
    const { code, stdout } = await cli(['train', '--config', 'tiny.yaml', '--set', 'steps=3']);
    expect(code).toBe(0);
    expect(stdout).toContain('before and after: runs/train-mapper/tiny/before-after.png');
    expect(stdout).toMatch(/over 4 held-out latents: hit [\d.]+, leak [\d.]+/);

    const again = await cli(['train', '--config', 'tiny.yaml']);
    expect(again.code).toBe(2);
    expect(again.stderr.trim()).toMatch(
      /^error: runs\/train-mapper\/tiny: this run exists already; .*--resume.*--name$/,
    );

    const edit = await cli([
      'edit',
      '--run',
      'runs/train-mapper/tiny',
      '--seeds',
      '3-4,9',
      '--strength',
      '0.5,1',
      '--out',
      'edited',
    ]);
    expect(edit.code).toBe(0);
    const files = await readdir(join(dir, 'edited'));
    expect(files).toEqual(
      expect.arrayContaining([
        'seed-0003.png',
        'seed-0009-x0.5.png',
        'seed-0009-x1.png',
        'sheet.png',
        'latents.safetensors',
      ]),
    );
  });

  it('saves at Ctrl-C and says how to go on', async () => {
    let sent = false;
    const stopped = await cli(
      ['train', '--config', 'tiny.yaml', '--name', 'stopped', '--set', 'steps=100000'],
      (stderr, interrupt) => {
        if (!sent && stderr.includes('run folder')) {
          sent = true;
          interrupt();
        }
      },
    );
    expect(stopped.code).toBe(130);
    expect(stopped.stderr).toMatch(
      /stopped and saved after step \d+ in runs\/train-mapper\/stopped; go on with: node .*cli\.ts train --config tiny.yaml --name stopped --set steps=100000 --resume/,
    );
    const [checkpoint] = await readdir(join(dir, 'runs/train-mapper/stopped/checkpoints'));
    const { step } = JSON.parse(
      await readFile(join(dir, 'runs/train-mapper/stopped/checkpoints', checkpoint!, 'state.json'), 'utf8'),
    ) as { step: number };
    expect(step).toBeGreaterThan(0);
  });
});

describe('bad input', () => {
  it('is one line and exit code 2', async () => {
    await writeFile(join(dir, 'bad.yaml'), 'name: bad\nprompt: hair\nlosses:\n  clp: 1\n');
    const { code, stderr } = await cli(['train', '--config', 'bad.yaml']);
    expect(stderr.trim()).toMatch(/^error: bad.yaml:4: unknown key "losses.clp" \(known: clip, [^\n]*\)$/);
    expect(code).toBe(2);
  });

  it('is one line and exit code 1 where the call was right', async () => {
    await appendFile(join(dir, 'bundle/clip.safetensors'), 'x');
    const { code, stderr } = await cli(['train', '--config', 'tiny.yaml', '--name', 'damaged', '--dry-run']);
    expect(stderr.trim()).toMatch(/^error: bundle\/clip.safetensors: not the file that bundle.json describes: [^\n]*$/);
    expect(code).toBe(1);
  });
});
