/** The real command line, on a tiny bundle: what a user sees, and the exit code. */
import { appendFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commandLine, writeTinyBundle } from '@styleclip/core/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

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

const run = commandLine(new URL('cli.ts', import.meta.url));
const cli = (args: string[], watch?: Parameters<typeof run>[2]) => run(dir, args, watch);

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

  it('trains several configurations, or the shard of them, and shows them side by side', async () => {
    for (const name of ['first', 'second', 'third'])
      await writeFile(join(dir, `${name}.yaml`), `${await readFile(join(dir, 'tiny.yaml'), 'utf8')}`.replace('name: tiny', `name: ${name}`)); // prettier-ignore
    const files = ['first.yaml', 'second.yaml', 'third.yaml'];
    const both = await cli(['train', '--config', ...files, '--shard', '1/2', '--set', 'steps=1']);
    expect(both.code).toBe(0);
    expect(both.stdout).toMatch(/\| first \| [\d.]+ \| [\d.]+ \| .*\n\| third \|/);
    expect((await readdir(join(dir, 'runs/train-mapper'))).sort()).toEqual(expect.not.arrayContaining(['second']));

    const twice = await cli(['train', '--config', 'first.yaml', 'first.yaml']);
    expect(twice.code).toBe(2);
    expect(twice.stderr).toBe('error: first.yaml and first.yaml are both of the run "first"; give each its own name\n');
  });

  it('leaves a finished run alone and says so', async () => {
    const summary = join(dir, 'runs/train-mapper/tiny/summary.json');
    const before = await readFile(summary, 'utf8');
    const again = await cli(['train', '--config', 'tiny.yaml', '--set', 'steps=3', '--resume']);
    expect(again.code).toBe(0);
    expect(again.stderr).toBe('runs/train-mapper/tiny: this run is finished; nothing was changed\n');
    expect(again.stdout).toMatch(/over 4 held-out latents: hit [\d.]+, leak [\d.]+/);
    expect(await readFile(summary, 'utf8')).toBe(before);
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

  /** What `--dry-run` says of a configuration of this text (or these bytes) and these options. */
  const refusal = async (content: string | Uint8Array, ...options: string[]): Promise<string> => {
    await writeFile(join(dir, 'case.yaml'), content);
    const { code, stderr } = await cli(['train', '--config', 'case.yaml', '--dry-run', ...options]);
    expect(code).toBe(2);
    expect(stderr.trim()).not.toContain('\n');
    return stderr.trim();
  };
  const good = 'name: fine\nbundle: bundle\nprompt: purple hair\nlatents: { validation: 2, heldOut: 4 }\n';

  it('is a name that no folder may have, before anything is loaded', async () => {
    const nowhere = good.replace('bundle: bundle', 'bundle: nowhere');
    expect(await refusal(nowhere, '--set', 'name=..')).toBe(
      'error: --name: name: must begin with a letter, a digit or "_", got ".."',
    );
  });

  it('is a name that is given twice, or taken', async () => {
    expect(await refusal(good, '--name', 'a', '--name', 'b')).toBe(
      'error: --name is given 2 times (a, b); give it once',
    );
    await mkdir(join(dir, 'runs/train-mapper/taken'), { recursive: true });
    await writeFile(join(dir, 'runs/train-mapper/taken/environment.json'), '{}');
    expect(await refusal(good, '--set', 'name=taken')).toMatch(/taken: this run exists already/);
  });

  it('is a configuration that is not UTF-8, and a text that says nothing', async () => {
    expect(await refusal(Buffer.from(good, 'utf16le'))).toMatch(/^error: case\.yaml: looks like UTF-16 without/);
    expect(await refusal(good.replace('purple hair', '"😀😀"'))).toMatch(
      /^error: prompt: .*knows no content word of "😀😀"/,
    );
  });

  it('is one line and exit code 1 where the call was right', async () => {
    await appendFile(join(dir, 'bundle/clip.safetensors'), 'x');
    const { code, stderr } = await cli(['train', '--config', 'tiny.yaml', '--name', 'damaged', '--dry-run']);
    expect(stderr.trim()).toMatch(/^error: bundle\/clip.safetensors: not the file that bundle.json describes: [^\n]*$/);
    expect(code).toBe(1);
  });
});
