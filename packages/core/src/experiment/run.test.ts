/**
 * Runs in real folders, and one real training process that is stopped by a signal and resumed.
 */
import { spawn } from 'node:child_process';
import { appendFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { tf } from '../tensors/tf.js';
import { afterAll, describe, expect, it } from 'vitest';
import { createRun, type Run, type RunOptions } from './run.js';
import { findRun } from './run-folder.js';
import { disposeAll } from '../tensors/weights.js';

const root = await mkdtemp(join(tmpdir(), 'run-'));
afterAll(async () => rm(root, { recursive: true }));

let count = 0;
const options = (more: Partial<RunOptions> = {}): RunOptions => ({
  root,
  package: 'test',
  name: `run-${count}`,
  config: { steps: 10, losses: { clip: 1 }, none: undefined },
  ...more,
});
const fresh = async (more: Partial<RunOptions> = {}): Promise<Run> => {
  count++;
  return createRun(options(more));
};
const lines = async (run: Run) => (await readFile(join(run.dir, 'metrics.jsonl'), 'utf8')).split('\n').slice(0, -1);

describe('runs', () => {
  it('leaves config, environment, metrics, pictures and summary', async () => {
    const run = await fresh({ environment: { device: 'cpu', seed: 3 } });
    await run.metrics({ step: 1, loss: 0.5, bad: NaN });
    await run.saveImage('before', Uint8Array.of(1, 2));
    await run.writeSummary({ hit: 0.9 });
    run.close();
    expect(run.dir).toBe(join(root, 'test', `run-${count}`));
    expect(await readFile(join(run.dir, 'config.yaml'), 'utf8')).toBe('steps: 10\nlosses:\n  clip: 1\n');
    const environment = JSON.parse(await readFile(join(run.dir, 'environment.json'), 'utf8')) as Record<
      string,
      Record<string, unknown>
    >;
    expect(environment).toMatchObject({
      device: 'cpu',
      seed: 3,
      versions: { node: process.versions.node, tfjs: tf.version.tfjs },
    });
    expect(environment['versions']!['onnxruntime']).toMatch(/^\d+\.\d+/);
    expect(await lines(run)).toEqual(['{"step":1,"loss":0.5,"bad":null}']);
    expect(await run.readMetrics()).toEqual([{ step: 1, loss: 0.5, bad: null }]);
    expect(await readdir(join(run.dir, 'samples'))).toEqual(['before.png']);
    expect(JSON.parse(await readFile(join(run.dir, 'summary.json'), 'utf8'))).toEqual({ hit: 0.9 });
  });

  it('refuses a folder that is taken, a bad name and contradictory options, each in one line', async () => {
    const run = await fresh();
    run.close();
    await expect(createRun(options())).rejects.toThrow(
      `${run.dir}: this run exists already; go on with it by --resume, replace it by --force, or give another --name`,
    );
    await expect(createRun(options({ name: '../x' }))).rejects.toThrow(
      'name may hold letters, digits, ".", "_" and "-", got "../x"',
    );
    await expect(createRun(options({ resume: true, force: true }))).rejects.toThrow('exclude each other');
    await mkdir(join(root, 'test', 'foreign'));
    await writeFile(join(root, 'test', 'foreign', 'thesis.txt'), 'precious');
    await expect(createRun(options({ name: 'foreign', force: true }))).rejects.toThrow('not the folder of a run');
    expect(await readdir(join(root, 'test', 'foreign'))).toEqual(['thesis.txt']);
  });

  it('goes on only with the inputs that it was begun with, wherever they lie', async () => {
    const input = (path: string, digit: string) => ({ path, sha256: digit.repeat(64) });
    const inputs = { generator: input('a/generator', 'a'), latents: input('faces', 'b') };
    const run = await fresh({ inputs });
    run.close();
    const resume = (inputs: RunOptions['inputs']) => createRun(options({ resume: true, inputs }));
    (await resume({ ...inputs, generator: input('elsewhere/generator', 'a') })).close();
    const changed = { generator: input('a/generator', 'c'), clip: input('a/clip', 'd') };
    await expect(resume(changed)).rejects.toThrow(
      'begun with other inputs (generator a/generator was aaaaaaaaaaaa…, is cccccccccccc…; latents faces was bbbbbbbbbbbb…, is not there; clip a/clip was not there, is dddddddddddd…)',
    );
    await rm(join(run.dir, 'inputs.json')); // a run of before
    (await resume(changed)).close();
    await expect(resume(inputs)).rejects.toThrow('begun with other inputs');
    await writeFile(join(run.dir, 'inputs.json'), '{');
    await expect(resume(inputs)).rejects.toThrow(/inputs\.json: can't be read/);
  });

  it('tells a finished run without touching it', async () => {
    const run = await fresh();
    run.close();
    expect(await findRun(options({ resume: true }))).toEqual({ dir: run.dir, going: true });
    await run.writeSummary({ hit: 1 });
    expect(await findRun(options({ resume: true }))).toEqual({ dir: run.dir, going: true, summary: { hit: 1 } });
    expect(await findRun(options({ force: true }))).toEqual({ dir: run.dir, going: false });
    await expect(findRun(options())).rejects.toThrow('exists already');
    await expect(findRun(options({ resume: true, config: {} }))).rejects.toThrow('another configuration');
  });

  it('takes no notice of a lock whose process is not the one that made it', async () => {
    const run = await fresh();
    run.close();
    const lock = join(run.dir, 'lock');
    for (const left of [
      { pid: process.ppid, host: hostname(), start: '1' },
      { pid: 1, host: 'elsewhere' },
      'nothing',
    ]) {
      await writeFile(lock, JSON.stringify(left));
      if (process.platform !== 'linux' && typeof left === 'object' && left.start) continue;
      (await createRun(options({ resume: true }))).close();
    }
  });

  it('takes an empty folder, and sweeps away what killed processes left of runs of this name', async () => {
    count++;
    const parent = join(root, 'test');
    const name = `run-${count}`;
    const dead = 2 ** 22 + 1; // above the highest process id of Linux
    const left = [`.${name}.${dead}.new.tmp`, `.${name}.${dead}.old.tmp`];
    for (const folder of [name, ...left, `.other.${dead}.new.tmp`])
      await mkdir(join(parent, folder), { recursive: true });
    await mkdir(join(parent, left[0]!, 'samples'));
    (await createRun(options())).close();
    const names = await readdir(parent);
    expect(names).toContain(name);
    expect(names).toContain(`.other.${dead}.new.tmp`);
    expect(names.filter((entry) => entry.startsWith(`.${name}.`))).toEqual([]);
  });

  it('replaces a run by force', async () => {
    const run = await fresh();
    await run.writeSummary({});
    run.close();
    (await createRun(options({ force: true }))).close();
    expect(await readdir(run.dir)).not.toContain('summary.json');
  });

  it('resumes from the newest checkpoint, with metrics cut back to it', async () => {
    const run = await fresh();
    const weights = { params: { w: tf.tensor1d([0.1, 1e-30]) }, adam: { step: tf.scalar(7) } };
    await run.metrics({ step: 1 });
    await run.saveCheckpoint(1, weights, { a: 1 });
    await run.metrics({ step: 2 });
    await run.saveCheckpoint(2, weights, { random: [1, 2] });
    await run.metrics({ step: 3 });
    await appendFile(join(run.dir, 'metrics.jsonl'), '{"step":4,"lo'); // the power went off here
    run.close();

    const resumed = await createRun(options({ resume: true }));
    const found = (await resumed.latestCheckpoint())!;
    expect(found).toMatchObject({ step: 2, state: { random: [1, 2] } });
    expect([...found.weights['params']!['w']!.dataSync()]).toEqual([...weights.params.w.dataSync()]);
    expect(found.weights['adam']!['step']!.dataSync()[0]).toBe(7);
    expect(await lines(resumed)).toEqual(['{"step":1}', '{"step":2}']);
    const environment = JSON.parse(await readFile(join(run.dir, 'environment.json'), 'utf8')) as { resumed: unknown[] };
    expect(environment.resumed.length).toBe(1);
    resumed.close();
    disposeAll(weights, found.weights);
  });

  it('keeps the newest checkpoints only, and saves a step twice without harm', async () => {
    const run = await fresh({ keep: 2 });
    const weights = { params: { w: tf.scalar(1) } };
    for (const step of [1, 2, 3, 10, 10]) await run.saveCheckpoint(step, weights);
    expect((await readdir(join(run.dir, 'checkpoints'))).sort()).toEqual(['step-000003', 'step-000010']);
    run.close();
    disposeAll(weights);
  });

  it('passes over a checkpoint that is half written or damaged', async () => {
    const run = await fresh();
    const weights = { params: { w: tf.scalar(5) } };
    const checkpoints = join(run.dir, 'checkpoints');
    await run.saveCheckpoint(5, weights);
    await run.saveCheckpoint(6, weights);
    await writeFile(join(checkpoints, 'step-000006', 'params.safetensors'), 'short');
    await mkdir(join(checkpoints, '.step-000007.99.tmp'));
    await mkdir(join(checkpoints, 'step-000008'));
    run.close();
    const resumed = await createRun(options({ resume: true }));
    const found = (await resumed.latestCheckpoint())!;
    expect(found.step).toBe(5);
    await resumed.saveCheckpoint(9, weights);
    expect((await readdir(checkpoints)).filter((name) => name.endsWith('.tmp'))).toEqual([]);
    resumed.close();
    disposeAll(weights, found.weights);
  });

  it('begins anew when there is nothing to resume, and refuses another configuration', async () => {
    const run = await fresh({ resume: true });
    expect(await run.latestCheckpoint()).toBeUndefined();
    run.close();
    const other = { steps: 20, losses: { clip: 2 }, more: true };
    await expect(createRun(options({ resume: true, config: other }))).rejects.toThrow(
      'the run was begun with another configuration (steps was 10, is 20; losses.clip was 1, is 2; more was not set, is true)',
    );
    (await createRun(options({ resume: true, config: other, mayChange: ['steps', 'losses', 'more'] }))).close();
    expect(await readFile(join(run.dir, 'config.yaml'), 'utf8')).toContain('steps: 20');
  });
});

describe('a training process', () => {
  const script = fileURLToPath(new URL('../testing/train-counter.ts', import.meta.url));
  const start = (...args: string[]) =>
    spawn(process.execPath, ['--import', 'tsx', '--conditions=@styleclip/source', script, '--root', root, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  const end = async (child: ReturnType<typeof start>): Promise<{ code: number | null; stderr: string }> => {
    let stderr = '';
    child.stderr.on('data', (chunk) => (stderr += String(chunk)));
    const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
    return { code, stderr };
  };

  it('leaves a whole run or none when it is killed as it begins', async () => {
    const parent = join(root, 'test');
    await mkdir(parent, { recursive: true });
    const child = start('--name', 'killed', '--slow');
    const ended = end(child);
    while (!(await readdir(parent)).some((name) => name.includes('killed'))) await new Promise((r) => setImmediate(r));
    child.kill('SIGKILL');
    await ended;
    for (const how of ['--resume', '--force'])
      expect(await end(start('--name', 'killed', how))).toMatchObject({ code: 0 });
    expect((await readdir(parent)).filter((name) => name.startsWith('.killed'))).toEqual([]);
  }, 300_000);

  it('leaves a run alone that another process works on', async () => {
    const run = await fresh({ config: { steps: 20 } });
    const second = await end(start('--name', `run-${count}`, '--resume'));
    expect(second.code).toBe(2);
    expect(second.stderr).toMatch(new RegExp(`^error: .*: process ${process.pid} is working on this run; .*\\n$`));
    await expect(end(start('--name', `run-${count}`, '--force'))).resolves.toEqual(second);
    run.close();
    expect(await end(start('--name', `run-${count}`, '--resume'))).toMatchObject({ code: 0 });
    expect(await readdir(run.dir)).not.toContain('lock');
  }, 300_000);

  it('saves on Ctrl-C, says how to go on, and then leaves the same numbers as one that never stopped', async () => {
    const whole = end(start('--name', 'whole'));
    const child = start('--name', 'stopped', '--slow');
    child.stdout.on('data', (chunk) => String(chunk).includes('step 7') && child.kill('SIGINT'));
    const stopped = await end(child);
    expect(stopped.code).toBe(130);
    expect(stopped.stderr).toMatch(/stopping after this step and saving/);
    expect(stopped.stderr).toMatch(
      /stopped and saved after step \d+ in .*stopped; go on with: .*train-counter\.ts .*--name stopped --slow --resume\n$/,
    );
    expect((await whole).code).toBe(0);
    const resumed = end(start('--name', 'stopped', '--resume'));
    const again = await end(start('--name', 'stopped'));
    expect(again).toMatchObject({ code: 2 });
    expect(again.stderr).toMatch(/^error: .*stopped: this run exists already; .*\n$/);

    expect((await resumed).code).toBe(0);
    for (const file of ['metrics.jsonl', 'summary.json']) {
      expect(await readFile(join(root, 'test', 'stopped', file), 'utf8')).toBe(
        await readFile(join(root, 'test', 'whole', file), 'utf8'),
      );
    }
  }, 300_000);
});
