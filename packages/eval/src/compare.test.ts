import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodePng } from '@styleclip/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { comparePage, compareRuns, readRun } from './compare.js';

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'eval-compare-'));
  const sheet = await encodePng({ data: new Uint8Array(12), width: 2, height: 2 });
  const write = async (run: string, summary: object, generator: string) => {
    const dir = join(root, run);
    await mkdir(dir, { recursive: true });
    await writeFile(join(dir, 'summary.json'), JSON.stringify(summary));
    await writeFile(join(dir, 'inputs.json'), JSON.stringify({ generator: { path: 'g', sha256: generator } }));
    if (!run.includes('bare')) await writeFile(join(dir, 'before-after.png'), sheet);
  };
  const measures = { latents: 200, hit: 0.9, hitBefore: 0.1, leak: 0.05, identity: 0.8, clipGain: 0.1 };
  await write('train-mapper/afro', { prompt: 'an afro', ...measures, seconds: 50, device: 'cpu' }, 'aa');
  await write(
    'directions/afro',
    { edits: [{ neutral: 'a', target: 'an afro', ...measures, hit: 0.7 }], seconds: 5, device: 'cpu' },
    'aa',
  );
  await write('optimize/bare', { prompt: 'an afro', ...measures, latents: 8, seconds: 70, device: 'cpu' }, 'bb');
  await write('directions/table', { channels: 5, images: 100, seconds: 3 }, 'aa');
  await mkdir(join(root, 'train-mapper/stopped'), { recursive: true });
});
afterAll(() => rm(root, { recursive: true }));

describe('comparePage', () => {
  it('puts runs of any method into one table', async () => {
    const runs = [await readRun(join(root, 'train-mapper/afro')), await readRun(join(root, 'directions/afro'))];
    const page = comparePage(runs);
    const rows = page.sections[0]!.tables[0]!.rows;
    expect(rows.map((row) => row.slice(0, 6))).toEqual([
      ['train-mapper/afro', 'an afro', '200', '0.10', '0.90', '0.050'],
      ['directions/afro', 'an afro', '200', '0.10', '0.70', '0.050'],
    ]);
    expect(page.missing).toEqual([]);
    expect(page.sections[1]!.figures.length).toBe(2);
  });

  it('says what keeps runs from being compared', async () => {
    const page = comparePage([
      await readRun(join(root, 'train-mapper/afro')),
      await readRun(join(root, 'optimize/bare')),
    ]);
    expect(page.missing.join('\n')).toMatch(/different generators.*\n.*same number of latents.*\n.*no before-after/);
  });
});

describe('compareRuns', () => {
  it('writes one page', async () => {
    const out = join(root, 'page.html');
    await compareRuns([join(root, 'train-mapper/afro'), join(root, 'directions/afro')], out);
    expect(await readFile(out, 'utf8')).toContain('<td>an afro</td>');
  });

  it('refuses what is no finished run of an edit', async () => {
    const out = join(root, 'refused.html');
    const with_ = (run: string) => compareRuns([join(root, 'train-mapper/afro'), join(root, run)], out);
    await expect(with_('train-mapper/stopped')).rejects.toThrow(/stopped: not a finished run/);
    await expect(with_('directions/table')).rejects.toThrow(/edits nothing by a prompt/);
    await expect(compareRuns([join(root, 'train-mapper/afro')], out)).rejects.toThrow(/two folders/);
    await expect(readFile(out)).rejects.toThrow();
  });
});
