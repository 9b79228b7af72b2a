/**
 * Trainings that are killed with SIGKILL and resumed leave what one that never stopped leaves: the same lines in
 * metrics.jsonl (but for the time), evaluations and losses alike, and the same weights to the last bit. Real processes, tiny
 * networks.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import { Interrupted, tf, writeFileAtomic } from '@styleclip/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { renderDataset } from '../dataset.js';
import { attributesSchema } from './attributes-config.js';
import { trainAttributes } from './attributes.js';
import { identitySchema } from './identity-config.js';
import { trainIdentity } from './identity.js';

const CLI = fileURLToPath(new URL('../cli.ts', import.meta.url));
const TSX = import.meta.resolve('tsx');

let dir: string;
let root: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'avatars-resume-'));
  root = join(dir, 'runs');
  await renderDataset(join(dir, 'set'), 60, 1, 16, { log: null, workers: 1 });
});
afterAll(() => rm(dir, { recursive: true }));

/** Evaluations fall on the steps of checkpoints; a line of losses does not, so some losses are always pending there. */
const LOOP = { steps: 20, evaluateEvery: 5, checkpointEvery: 5, metricsEvery: 3, warmup: 2, batch: 4, threads: 1 };
const common = () => ({ ...LOOP, train: join(dir, 'set'), bundle: '' });
const attributes = () => ({
  ...common(),
  heldOut: join(dir, 'set'),
  channels: [6],
  hidden: 8,
  evaluateCount: 20,
});
const clip = () => ({
  ...common(),
  heldOut: join(dir, 'set'),
  text: { steps: 12, batch: 8, pictures: 20, descriptions: 2, warmup: 2 },
  descriptions: 2,
  embed: 8,
  patch: 8,
  imageWidth: 8,
  imageLayers: 1,
  textWidth: 16,
  textLayers: 1,
  evaluateCount: 20,
});

/** Runs a training's command; kills it as soon as `when` holds. @returns its exit code, or the signal that ended it */
async function run(
  command: string,
  config: object & { name: string },
  { flag, when }: { flag?: '--resume' | '--force'; when?: () => Promise<boolean> | boolean } = {},
): Promise<{ ended: number | string | null; stderr: string }> {
  const file = join(dir, `${config.name}.yaml`);
  await writeFileAtomic(file, stringify(config));
  const args = ['--conditions=@styleclip/source', '--import', TSX, CLI, command, '--config', file, '--runs', root];
  const child = spawn(process.execPath, [...args, ...(flag ? [flag] : [])], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr.on('data', (chunk) => (stderr += String(chunk)));
  let over = false;
  const ended = new Promise<number | string | null>((resolve) =>
    child.on('close', (code, signal) => {
      over = true;
      resolve(signal ?? code);
    }),
  );
  while (when && !over) {
    if (await when()) child.kill('SIGKILL');
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  return { ended: await ended, stderr };
}

const lines = async (name: string): Promise<Record<string, unknown>[]> => {
  const text = await readFile(join(root, 'avatars', name, 'metrics.jsonl'), 'utf8').catch(() => '');
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  return whole
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const { seconds, ...record } = JSON.parse(line) as Record<string, unknown>;
      expect(seconds).toBeTypeOf('number');
      return record;
    });
};
const told = (name: string, step: number, key: string) => async () =>
  (await lines(name)).some((line) => line['step'] === step && key in line);
const saved = (name: string, step: number) => () =>
  existsSync(join(root, 'avatars', name, 'checkpoints', `step-${String(step).padStart(6, '0')}`));

/** All tensors of the run's last checkpoint, as bytes. */
async function weights(name: string): Promise<Record<string, string>> {
  const checkpoints = join(root, 'avatars', name, 'checkpoints');
  const last = (await readdir(checkpoints)).sort().at(-1)!;
  const files = (await readdir(join(checkpoints, last))).filter((file) => file.endsWith('.safetensors'));
  const bytes = files.map(
    async (file) => [`${last}/${file}`, (await readFile(join(checkpoints, last, file))).toString('base64')] as const,
  );
  return Object.fromEntries(await Promise.all(bytes));
}

async function expectSame(name: string, whole: string): Promise<void> {
  expect(await lines(name)).toEqual(await lines(whole));
  expect(await weights(name)).toEqual(await weights(whole));
}

describe('a training that is killed', () => {
  it('goes on to the same lines and the same weights, wherever it was', async () => {
    expect((await run('train-attributes', { ...attributes(), name: 'whole' })).ended).toBe(0);
    expect((await lines('whole')).map(({ step }) => step)).toEqual([3, 5, 6, 9, 10, 12, 15, 15, 18, 20, 20]);

    const config = { ...attributes(), name: 'killed' };
    const points = [
      told('killed', 3, 'loss'), // before there is a checkpoint
      saved('killed', 5), // an evaluation belongs to this step, and the losses of two steps wait for a line
      told('killed', 10, 'mean'), // evaluated, perhaps not saved yet
      saved('killed', 15), // both kinds of lines belong to this step
    ];
    for (const [i, when] of points.entries()) {
      expect((await run('train-attributes', config, { when, ...(i > 0 && { flag: '--resume' }) })).ended).toBe(
        'SIGKILL',
      );
    }
    // At the last step only the last measurement is left, which may be over before the kill comes.
    await run('train-attributes', config, { flag: '--resume', when: saved('killed', 20) });
    expect((await run('train-attributes', config, { flag: '--resume' })).ended).toBe(0);
    await expectSame('killed', 'whole');
    const summary = async (name: string) => {
      const { stepsPerSecond, ...rest } = JSON.parse(
        await readFile(join(root, 'avatars', name, 'summary.json'), 'utf8'),
      ) as Record<string, unknown>;
      expect(stepsPerSecond).toBeGreaterThan(0);
      return rest;
    };
    expect(await summary('killed')).toEqual(await summary('whole'));
  }, 300_000);

  it('goes on in both parts of the training of CLIP', async () => {
    expect((await run('train-clip', { ...clip(), name: 'clip' })).ended).toBe(0);
    const config = { ...clip(), name: 'clip-killed' };
    const joint = await run('train-clip', config, { when: saved('clip-killed', 10) });
    expect(joint.ended).toBe('SIGKILL');
    const text = await run('train-clip', config, { flag: '--resume', when: saved('clip-killed-text', 5) });
    expect(text.ended).toBe('SIGKILL');
    expect((await run('train-clip', config, { flag: '--resume' })).ended).toBe(0);
    await expectSame('clip-killed', 'clip');
    await expectSame('clip-killed-text', 'clip-text');

    // Begun anew and killed in the first part: a resumption must not find the second part done.
    const again = async () => !saved('clip-killed', 20)() && (await told('clip-killed', 3, 'loss')());
    const anew = await run('train-clip', config, { flag: '--force', when: again });
    expect(anew.ended).toBe('SIGKILL');
    expect(saved('clip-killed-text', 12)()).toBe(false);
  }, 300_000);
});

describe('a training that is stopped by Ctrl-C', () => {
  it('goes on to the same lines and the same weights', async () => {
    const config = (name: string) =>
      identitySchema.parse({ ...common(), name, channels: [4, 8], blocks: [1, 1], embed: 8, pairs: 3, finalPairs: 3 });
    const tensors = tf.memory().numTensors;
    await trainIdentity(config('identity'), { root });
    const running = trainIdentity(config('identity-stopped'), { root });
    const stop = (async () => {
      while (!(await told('identity-stopped', 6, 'loss')())) await new Promise((resolve) => setTimeout(resolve, 1));
      process.emit('SIGINT');
    })();
    await expect(running).rejects.toBeInstanceOf(Interrupted);
    await stop;
    await trainIdentity(config('identity-stopped'), { root, resume: true });
    await expectSame('identity-stopped', 'identity');
    expect(tf.memory().numTensors - tensors, 'tensors left behind').toBe(0);
  });
});

describe('a training that is resumed', () => {
  it('refuses other steps, which would be another schedule, and takes another device', async () => {
    const config = (changes: object) => attributesSchema.parse({ ...attributes(), name: 'same', steps: 4, ...changes });
    const atFirst = tf.memory().numTensors;
    await trainAttributes(config({}), { root });
    expect(tf.memory().numTensors - atFirst, 'tensors left behind').toBe(0);
    await expect(trainAttributes(config({ steps: 8 }), { root, resume: true })).rejects.toThrow(
      'the run was begun with another configuration (steps was 4, is 8); resume it unchanged, or give another --name',
    );
    await expect(trainAttributes(config({ evaluateEvery: 2 }), { root, resume: true })).rejects.toThrow(
      'evaluateEvery was 5, is 2',
    );
    const before = await weights('same');
    await trainAttributes(config({ device: 'plain', threads: 2 }), { root, resume: true });
    expect(await weights('same')).toEqual(before);
    expect(tf.memory().numTensors - atFirst, 'tensors left behind').toBe(0);
  });
});
