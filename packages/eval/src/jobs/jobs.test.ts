import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { failure, Interrupted } from '@styleclip/core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { doJobs } from './do-jobs.js';
import type { Job } from './job.js';
import { hashOf, placeOf } from './store.js';

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'eval-work-'));
});
afterAll(() => rm(root, { recursive: true }));
let runs: string[];
beforeEach(() => void (runs = []));

function job<Result>(id: string, result: Result, changes: Partial<Job<Result>> = {}): Job<Result> {
  return {
    ...{ id, label: id, seconds: 1, key: { id } },
    async run() {
      runs.push(id);
      return { result, files: { 'a.bin': Uint8Array.of(1, 2, 3) } };
    },
    ...changes,
  };
}

const made = { command: 'test', device: 'cpu', node: 'v0' };
const options = (folder: string) => ({ root: join(root, folder), made, interrupted: () => false, say: () => {} });

describe('doJobs', () => {
  it('does nothing twice, and hands on what it kept', async () => {
    const first = await doJobs([job('x', { value: 1 })], options('twice'));
    const again = job('x', { value: 2 });
    const second = await doJobs([again], options('twice'));
    expect(runs).toEqual(['x']);
    expect(first.failed + second.failed).toBe(0);
    const outcome = second.outcomes.of(again)!;
    expect(outcome).toMatchObject({ result: { value: 1 }, cached: true, made: { command: 'test', device: 'cpu' } });
    expect([...outcome.files['a.bin']!]).toEqual([1, 2, 3]);
  });

  it('does it anew for another key, when told to, and where the kept result is damaged', async () => {
    await doJobs([job('y', 1)], options('anew'));
    await doJobs([job('y', 1, { key: { id: 'other' } })], options('anew'));
    expect(runs).toEqual(['y', 'y']);
    await doJobs([job('y', 1)], { ...options('anew'), fresh: true });
    expect(runs.length).toBe(3);
    await writeFile(join(placeOf(join(root, 'anew'), job('y', 1)), 'result.json'), '{"id": "y"');
    await doJobs([job('y', 1)], options('anew'));
    expect(runs.length).toBe(4);
  });

  it('goes on where one fails, and says why what needs it is missing', async () => {
    const broken = job('broken', 0, {
      async run() {
        throw failure('no network there');
      },
    });
    const needing = job('needing', 0, { needs: [broken] });
    const other = job('other', 7);
    const { outcomes, failed, stopped } = await doJobs([broken, needing, other], options('broken'));
    expect({ failed, stopped }).toEqual({ failed: 1, stopped: false });
    expect(outcomes.of(other)!.result).toBe(7);
    expect(outcomes.whyNot(broken)).toBe('no network there');
    expect(outcomes.whyNot(needing)).toBe('it needs broken, which is missing');
    expect(runs).toEqual(['other']);
  });

  it('lets defects through', async () => {
    const defect = job('defect', 0, {
      async run() {
        throw new TypeError('a defect');
      },
    });
    await expect(doJobs([defect], options('defect'))).rejects.toThrow('a defect');
    expect(await readdir(join(root, 'defect')).catch(() => [])).toEqual([]);
  });

  it('stops between jobs and within one, keeps what is done, and goes on later', async () => {
    let pressed = false;
    const list = () => [
      job('one', 1, {
        async run() {
          runs.push('one');
          pressed = true;
          return { result: 1 };
        },
      }),
      job('two', 2),
    ];
    const stopped = await doJobs(list(), { ...options('stop'), interrupted: () => pressed });
    expect(stopped.stopped).toBe(true);
    expect(stopped.outcomes.missing.map(({ reason }) => reason)).toEqual(['the report was stopped before']);
    const going = await doJobs(list(), options('stop'));
    expect(runs).toEqual(['one', 'two']);
    expect(going.outcomes.all.map(({ outcome }) => outcome.result)).toEqual([1, 2]);

    const inside = job('inside', 0, {
      async run({ stop }) {
        stop();
        throw new Error('it went on');
      },
    });
    const within = await doJobs([inside, job('after', 0)], { ...options('within'), interrupted: () => true });
    expect(within).toMatchObject({ stopped: true, failed: 0 });
    const thrown = job('thrown', 0, {
      async run() {
        throw new Interrupted('saved');
      },
    });
    expect((await doJobs([thrown], options('thrown'))).outcomes.whyNot(thrown)).toMatch(/stopped while it was made/);
  });
});

describe('hashOf', () => {
  it('is the same whatever the order of fields, and another for other data', () => {
    expect(hashOf({ a: 1, b: { c: [1, 2], d: 'x' } })).toBe(hashOf({ b: { d: 'x', c: [1, 2] }, a: 1 }));
    expect(hashOf({ a: [1, 2] })).not.toBe(hashOf({ a: [2, 1] }));
    expect(hashOf({ a: undefined })).toBe(hashOf({}));
  });
});
