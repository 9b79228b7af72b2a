/** The real command line, on a tiny bundle: what a user sees, and the exit code. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commandLine, writeTinyBundle } from '@styleclip/core/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'directions-cli-'));
  await writeTinyBundle(join(dir, 'bundle'));
});
afterAll(() => rm(dir, { recursive: true }));

const run = commandLine(new URL('cli.ts', import.meta.url));
const cli = (args: string[], watch?: Parameters<typeof run>[2]) => run(dir, args, watch);

const lastLine = (text: string): unknown => JSON.parse(text.trim().split('\n').at(-1)!);
const measure = ['precompute', '--bundle', 'bundle', '--set', 'statistics=20'];

describe('the command line', () => {
  it('measures, stops at Ctrl-C, goes on, and ends with a line of JSON', async () => {
    let asked = false;
    const stopped = await cli([...measure, '--images', '40', '--set', 'batch=2'], (stderr, interrupt) => {
      if (!asked && stderr.includes('run folder')) {
        asked = true;
        interrupt();
      }
    });
    expect(stopped.code).toBe(130);
    expect(stopped.stderr).toMatch(
      /stopped and saved after step \d+ in runs\/directions\/avatars; go on with: .*--resume/,
    );
    const refused = await cli([...measure, '--images', '2', '--resume']);
    expect(refused).toMatchObject({ code: 2 });
    expect(refused.stderr).toMatch(/images was 40, is 2/);
    const finished = await cli([...measure, '--images', '2', '--force']);
    expect(finished.code).toBe(0);
    expect(lastLine(finished.stdout)).toMatchObject({ images: 2, method: 'finite-difference' });
    const again = await cli([...measure, '--images', '2', '--resume']);
    expect(again.stdout).toBe(finished.stdout);

    const planned = await cli(['plan']);
    expect(lastLine(planned.stdout)).toMatchObject({ resolution: 1024 });

    const edited = await cli(
      'apply --bundle bundle --target,a person with purple hair,--alpha,2,--top-k,4,--ask,hairColor=purple'
        .split(',')
        .flatMap((part, i) => (i === 0 ? part.split(' ') : [part]))
        .concat(['--set', 'heldOut=2', '--set', 'templates=none', '--seeds', '1,2']),
    );
    expect(edited).toMatchObject({ code: 0 });
    expect(edited.stdout).toMatch(/"a person" → "a person with purple hair": 4 channels, alpha 2 \(told\); .* hit \d/);
  });

  it.each([
    [['apply'], /say what to edit: --target TEXT/],
    [['apply', '--alpha', '3'], /say what the pictures should show/],
    [
      ['apply', '--target', 'a', '--target', 'b', '--beta', '0.1', '--beta', '0.2', '--beta', '0.3'],
      /--beta is given 3 times for 2 edits/,
    ],
    [['apply', '--target', 'a face', '--ask', 'purple'], /--ask: expected a factor and its values/],
    [['apply', '--target', 'a face', '--beta', '0.1', '--top-k', '3'], /beta and topK exclude each other/],
    [['precompute', '--set', 'imagse=3'], /unknown key "imagse"/],
    [['precompute', '--shard', '3/2'], /--shard 3\/2: must be i\/n with i from 1 to n/],
    [['stats', '--samples', '1'], /--samples: expected a whole number from 2 on/],
    [['plan', '--resolution', '1000'], /--resolution: expected a power of two/],
  ])('%s is a wrong call', async (args, message) => {
    const { code, stderr, stdout } = await cli(args);
    expect(stderr).toMatch(message);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(code).toBe(2);
    expect(stdout).toBe('');
  });
});
