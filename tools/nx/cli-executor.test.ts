/** Commands under the real Nx: in a small workspace of their own, and once in this one. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROOT } from '../packages.js';

const NX = createRequire(import.meta.url).resolve('nx/bin/nx.js');

/** Writes what it was given to a file, since Nx prints around it, and ends with the exit code that it is asked for. */
const SHOW = `
import { writeFileSync } from 'node:fs';
const args = process.argv.slice(2);
writeFileSync(process.env.SEEN, JSON.stringify({ args, cwd: process.cwd(), from: process.env.INIT_CWD }));
const code = args.indexOf('--exit');
if (code >= 0) { console.error('error: something'); process.exitCode = Number(args[code + 1]); }
`;

/** Waits for Ctrl-C, then takes a while to save its work. */
const WORK = `
import { writeFileSync } from 'node:fs';
const came = [];
for (const name of ['SIGINT', 'SIGTERM']) process.on(name, () => {
  came.push(name);
  if (came.length === 1) setTimeout(() => { writeFileSync(process.env.SEEN, JSON.stringify(came)); console.error('saved'); process.exit(130); }, 1500);
});
console.error('working');
setInterval(() => {}, 1000);
`;

let dir: string;
let seen: string;

beforeAll(async () => {
  dir = await realpath(await mkdtemp(join(tmpdir(), 'nx-cli-')));
  seen = join(dir, 'seen.json');
  await symlink(join(ROOT, 'node_modules'), join(dir, 'node_modules'), 'junction');
  await symlink(join(ROOT, 'tools'), join(dir, 'tools'), 'junction');
  await copyFile(join(ROOT, '.env'), join(dir, '.env'));
  await mkdir(join(dir, 'below'));
  await writeFile(join(dir, 'show.ts'), SHOW);
  await writeFile(join(dir, 'work.ts'), WORK);
  await writeFile(
    join(dir, 'nx.json'),
    JSON.stringify({ defaultProject: 'small', analytics: false, neverConnectToCloud: true, useDaemonProcess: false }),
  );
  await writeFile(
    join(dir, 'package.json'),
    JSON.stringify({
      name: 'small',
      private: true,
      type: 'module',
      nx: {
        targets: {
          show: { executor: './tools:cli', options: { program: 'show.ts', command: 'train' } },
          work: { executor: './tools:cli', options: { program: 'work.ts' } },
        },
      },
    }),
  );
});

afterAll(() => rm(dir, { recursive: true, force: true }));

interface Outcome {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs Nx; in a process group of its own, so that a signal can be sent to all of it, as a terminal does. */
function nx(
  args: readonly string[],
  { cwd = dir, watch }: { cwd?: string; watch?: (out: string, pid: number) => void } = {},
) {
  return new Promise<Outcome>((resolve, reject) => {
    const { INIT_CWD: _, NX_VERBOSE_LOGGING: __, ...env } = process.env;
    const child = spawn(process.execPath, [NX, ...args], {
      cwd,
      env: { ...env, SEEN: seen, NX_DAEMON: 'false', NODE_OPTIONS: '' },
      detached: true,
    });
    const outcome: Outcome = { code: null, stdout: '', stderr: '' };
    const hear = (channel: 'stdout' | 'stderr') => (data: Buffer) => {
      outcome[channel] += data.toString();
      watch?.(outcome.stdout + outcome.stderr, child.pid!);
    };
    child.stdout.on('data', hear('stdout'));
    child.stderr.on('data', hear('stderr'));
    child.on('error', reject);
    child.on('close', (code) => resolve({ ...outcome, code }));
  });
}

/** What the program says it was given, and what Nx said. */
interface Given {
  args: string[];
  cwd: string;
  from: string;
  code: number | null;
  stderr: string;
}

async function given(args: readonly string[], cwd = dir): Promise<Given> {
  await rm(seen, { force: true });
  const { code, stdout, stderr } = await nx(['run', 'small:show', ...args], { cwd });
  if (!existsSync(seen)) throw new Error(`the program did not run:\n${stdout}${stderr}`);
  return { ...(JSON.parse(await readFile(seen, 'utf8')) as Pick<Given, 'args' | 'cwd' | 'from'>), code, stderr };
}

describe('a command under Nx', () => {
  it('gets its arguments as they were written', async () => {
    const args = [
      // What a shell would replace, and quotes
      '--set=prompt=a $100 haircut, $HOME, `id`, $(id), !!, *, ~, %PATH%',
      ...['--set', `prompt="double" and 'single' and \\" \\\\`, `--name='quoted'`],
      // What separates commands
      ...['--set=a;b', '--set=a|b', '--set=a&&b', '--set=a>b', '--set=line\nbreak', '#x'],
      // Repeated options, spaces, nothing
      ...['--set', 'a=1', '--set', 'b=two words', '--set=c= ', '--set', ''],
      // What a parser would take for numbers, objects and other names
      ...['--name', '007', '--set=lr=1e-3', '--a.b=1', '--dryRun', '--dry-run', '--no-color', '-x'],
      // The executor's own options
      ...['--program=evil.ts', '--command', 'edit'],
      '--set=prompt=purple 💜 ｶﾀｶﾅ naïve',
    ];
    expect((await given(args)).args).toEqual(['train', ...args]);
  });

  it("gets what stands behind --, Nx's own options too", async () => {
    const args = ['--help', '--verbose', '--configuration=x', '--', 'y'];
    expect((await given(['--', ...args])).args).toEqual(['train', ...args]);
  });

  it('gets --verbose, which Nx reads too', async () => {
    expect((await given(['--name', 'x', '--verbose'])).args).toEqual(['train', '--name', 'x', '--verbose']);
  });

  it('runs in the root, and knows where the user stands', async () => {
    const { stderr, code: _, ...rest } = await given([], join(dir, 'below'));
    expect(rest).toEqual({ args: ['train'], cwd: dir, from: join(dir, 'below') });
    expect(stderr).toContain(`paths are read from the workspace's root, ${dir}\n`);
  });

  it('tells Nx whether it failed', async () => {
    expect((await given([])).code).toBe(0);
    const { code, stderr } = await nx(['run', 'small:show', '--exit', '2']);
    expect(stderr).toContain('error: something');
    expect(code).toBe(1);
  });

  it('is described by --help', async () => {
    expect((await nx(['run', 'small:show', '--help'])).stdout).toMatch(/root\s+of the\s+workspace|-- --help/);
  });
});

describe.skipIf(process.platform === 'win32')('Ctrl-C', () => {
  it('reaches the program once, and Nx waits until it has saved', async () => {
    let sent = false;
    const { code, stderr } = await nx(['run', 'small:work'], {
      watch: (out, pid) => {
        if (sent || !out.includes('working')) return;
        sent = true;
        process.kill(-pid, 'SIGINT');
      },
    });
    expect(stderr).toContain('saved');
    const came = JSON.parse(await readFile(seen, 'utf8')) as string[];
    expect(came[0]).toBe('SIGINT');
    expect(came.filter((name) => name === 'SIGINT')).toEqual(['SIGINT']);
    expect(code).toBe(130);
  });

  it('means the same as the signal of a machine that shuts down', async () => {
    let sent = false;
    const { stderr } = await nx(['run', 'small:work'], {
      watch: (out, pid) => {
        if (sent || !out.includes('working')) return;
        sent = true;
        process.kill(pid, 'SIGTERM');
      },
    });
    expect(stderr).toContain('saved');
  });

  // util-linux's `script` gives the command a terminal; a program that Nx runs in a pseudo terminal of its own would die.
  it.skipIf(!existsSync('/usr/bin/script') || process.platform !== 'linux')(
    'is waited for in a terminal, too',
    async () => {
      await rm(seen, { force: true });
      const script = spawn('/usr/bin/script', ['-qec', `'${process.execPath}' '${NX}' run small:work`, '/dev/null'], {
        cwd: dir,
        env: { ...process.env, SEEN: seen, NX_DAEMON: 'false', NODE_OPTIONS: '' },
      });
      let out = '';
      let sent = false;
      script.stdout.on('data', (data: Buffer) => {
        out += data.toString();
        if (sent || !out.includes('working')) return;
        sent = true;
        script.stdin.write('\x03');
      });
      await new Promise((resolve) => script.on('close', resolve));
      expect(out).toContain('saved');
      expect((JSON.parse(await readFile(seen, 'utf8')) as string[])[0]).toBe('SIGINT');
    },
  );
});

describe("this workspace's train-mapper", () => {
  it('trains on the prompt that was written', async () => {
    const prompt = 'a "purple" $100 haircut, `id` and it\'s $HOME';
    const runs = join(tmpdir(), `no-runs-${process.pid}`); // the name may be taken in runs/
    const { code, stdout } = await nx(
      [
        ...['run', 'train-mapper', '--config', 'configs/avatars/purple-hair.yaml'],
        ...[`--set=prompt=${prompt}`, `--runs=${runs}`, '--dry-run'],
      ],
      { cwd: ROOT },
    );
    expect(code).toBe(0);
    expect(stdout).toContain(`"prompt": ${JSON.stringify(prompt)}`);
  });
});
