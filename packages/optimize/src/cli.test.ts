/** The real command line, on a tiny bundle: what a user sees, and the exit code. */
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commandLine, writeTinyBundle } from '@styleclip/core/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'optimize-cli-'));
  await writeTinyBundle(join(dir, 'bundle'));
  await writeFile(
    join(dir, 'tiny.yaml'),
    `name: tiny
bundle: bundle
prompt: a person with purple hair
ask: { factor: hairColor, values: [purple] }
latents: { seeds: 1-2 }
steps: 3
threads: 1
`,
  );
});
afterAll(() => rm(dir, { recursive: true }));

const run = commandLine(new URL('cli.ts', import.meta.url));
const cli = (args: string[], watch?: Parameters<typeof run>[2]) => run(dir, args, watch);

describe('run', () => {
  it('ends with one line of JSON, and inverts a picture that it made', async () => {
    const { code, stdout, stderr } = await cli(['run', '--config', 'tiny.yaml', '--seeds', '3']);
    expect([code, stderr]).toEqual([0, expect.stringContaining('runs/optimize/tiny/before-after.png')]);
    expect(JSON.parse(stdout.trimEnd())).toMatchObject({ dir: 'runs/optimize/tiny', rows: 1 });

    const picture = 'runs/optimize/tiny/pictures/seed-0003.png';
    const few = ['--set', 'steps.w=2', '--set', 'steps.wPlus=2', '--set', 'candidates=2', '--set', 'bundle=bundle'];
    const inverted = await cli(['invert', '--image', picture, ...few, '--set', 'threads=1']);
    expect([inverted.code, inverted.stderr]).toEqual([0, expect.stringContaining('dB')]);
    expect(JSON.parse(inverted.stdout)).toMatchObject({
      images: [{ image: picture, name: 'seed-0003', steps: [2, 2] }],
    });
  });

  it('saves at Ctrl-C and says how to go on', async () => {
    let sent = false;
    const args = ['run', '--config', 'tiny.yaml', '--name', 'stopped', '--set', 'steps=100000'];
    const stopped = await cli(args, (stderr, interrupt) => {
      if (!sent && stderr.includes('run folder')) {
        sent = true;
        interrupt();
      }
    });
    expect([stopped.code, stopped.stderr]).toEqual([
      130,
      expect.stringMatching(
        /stopped and saved after step \d+ in runs\/optimize\/stopped; go on with: node .* --resume/,
      ),
    ]);
    expect(await readdir(join(dir, 'runs/optimize/stopped/checkpoints'))).toHaveLength(1);
  });
});

describe('bad input', () => {
  it.each<[string[], RegExp]>([
    [
      ['run', '--config', 'tiny.yaml', '--set', 'losses.clp=1'],
      /^error: --losses.clp: unknown key "losses.clp" \(known: clip, /,
    ],
    [['invert', '--set', 'bundle=bundle'], /images/],
  ])('%j is one line and exit code 2', async (args, line) => {
    const { code, stderr } = await cli([...args, '--dry-run']);
    expect(stderr.trim()).toMatch(line);
    expect(stderr.trim()).not.toContain('\n');
    expect(code).toBe(2);
  });
});
