import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Interrupted, tf } from '@styleclip/core';
import { writeTinyBundle } from '@styleclip/core/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reportSchema, type ReportConfig } from './config.js';
import { report } from './report.js';
import type { NumberRow } from './page/section.js';
import { SECTION_NAMES } from './sections/names.js';

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'eval-report-'));
  await writeTinyBundle(join(dir, 'bundle'));
  const mapper = (name: string, ask: string) => `name: ${name}
bundle: bundle
prompt: a person with ${name} hair
ask: ${ask}
latents: { validation: 2, heldOut: 2 }
mapper: { groups: { fine: ${name === 'purple'} } }
steps: 2
batch: 1
samples: 1
`;
  await writeFile(join(dir, 'purple.yaml'), mapper('purple', '{ factor: hairColor, values: [purple] }'));
  await writeFile(join(dir, 'face.yaml'), mapper('face', '{ factor: mouth, values: [smile, open] }'));
});
afterAll(() => rm(dir, { recursive: true }));

type Input = Parameters<typeof reportSchema.parse>[0];

function config(name: string, changes: Record<string, Input> = {}): ReportConfig {
  return reportSchema.parse({
    name,
    bundle: join(dir, 'bundle'),
    prompts: [join(dir, 'purple.yaml'), join(dir, 'face.yaml')],
    methods: ['mapper'],
    sections: ['claims', 'table2', 'measures', 'figure4'],
    heldOut: 5,
    samples: 2,
    bootstrap: 100,
    threads: 1,
    ...changes,
  });
}

const root = () => join(dir, 'runs');
const text = (name: string, file: string) => readFile(join(dir, 'runs/eval', name, file), 'utf8');
const numbersOf = async (name: string) =>
  (JSON.parse(await text(name, 'numbers.json')) as { numbers: NumberRow[] }).numbers;

describe('report', () => {
  it('writes everything, and the second time takes it from before', async () => {
    const tensors = tf.memory().numTensors;
    const { missing, failed } = await report(config('first'), { root: root(), say: () => {} });
    expect(tf.memory().numTensors).toBe(tensors);
    expect({ missing, failed }).toEqual({ missing: [], failed: 0 });
    for (const file of [
      'report.html',
      'report.md',
      'numbers.json',
      'numbers.arrow',
      'config.yaml',
      'figures/figure4.png',
      'figures/hit.png',
    ])
      expect((await stat(join(dir, 'runs/eval/first', file))).size, file).toBeGreaterThan(0);

    const numbers = await numbersOf('first');
    const cosine = numbers.find(
      ({ section, prompt, name }) => section === 'table2' && prompt === 'purple' && name === 'all',
    )!;
    expect(cosine.value).toBeGreaterThan(-1);
    expect(cosine.value).toBeLessThanOrEqual(1);
    expect(cosine.n).toBe(10);
    // A group that is off has no step.
    expect(
      numbers.some(({ section, prompt, name }) => section === 'table2' && prompt === 'face' && name === 'fine'),
    ).toBe(false);
    const hit = numbers.find(({ section, name }) => section === 'measures' && name === 'hit')!;
    expect(hit.low!).toBeLessThanOrEqual(hit.value);
    expect(hit.high!).toBeGreaterThanOrEqual(hit.value);

    const lines: string[] = [];
    const again = await report(config('second'), { root: root(), say: (line) => lines.push(line) });
    expect(again.failed).toBe(0);
    expect(lines).toEqual([expect.stringMatching(/^(\d+) of \1 parts are there from before$/)]);
    expect(await numbersOf('second')).toEqual(numbers);
  });

  it('makes only the sections that are asked for', async () => {
    const { sections } = await report(config('only'), { root: root(), only: ['table2'], say: () => {} });
    expect(sections.map(({ name }) => name)).toEqual(['table2']);
    expect(await readdir(join(dir, 'runs/eval/only/figures')).catch(() => [])).toEqual([]);
    await expect(report(config('only'), { root: root(), only: ['figure7'] })).rejects.toThrow(/figure7.* not among/);
  });

  it('is a report without a method, and says so', async () => {
    const sections = ['table2', 'figure4', 'figure7', 'figure9'];
    const { missing } = await report(config('without', { sections }), { root: root(), say: () => {} });
    expect(missing).toEqual([
      'figure7: the method "directions" takes no part in this report',
      'figure9: the method "directions" takes no part in this report',
    ]);
    expect(await text('without', 'report.md')).toContain('- the method "directions" takes no part in this report');
  });

  it('is a report where something fails, of all that did not', async () => {
    const broken = { mapper: { 'optimizer.lr': 1e30, 'optimizer.warmup': 0 } };
    const { failed, missing } = await report(config('broken', broken), { root: root(), say: () => {} });
    expect(failed).toBe(2);
    expect(missing.join('\n')).toMatch(/table2: table2\/purple: it needs mapper\/purple, which is missing/);
    expect(await text('broken', 'report.html')).toContain('which is missing');
    expect(await numbersOf('broken')).toEqual([]);
  });

  it('puts all methods, baselines and ablations into one report', async () => {
    const everything = config('everything', {
      ...{
        prompts: [join(dir, 'purple.yaml')],
        methods: ['optimize', 'mapper', 'directions'],
        sections: [...SECTION_NAMES],
      },
      ...{ heldOut: 4, curveLatents: 2, optimized: 2, repeats: 1, strengths: [0, 1], labelled: 50 },
      ...{ optimize: { steps: 2 }, directions: { images: 2, statistics: 20 } },
    });
    const { missing, failed, sections } = await report(everything, { root: root(), say: () => {} });
    expect(failed).toBe(0);
    expect(missing.filter((line) => !line.includes('there is no amount'))).toEqual([]);
    expect(sections.map(({ name }) => name)).toEqual([...SECTION_NAMES]);
    const numbers = await numbersOf('everything');
    const methodsIn = (section: string) =>
      new Set(numbers.filter((row) => row.section === section).map(({ method }) => method));
    expect(methodsIn('measures')).toEqual(new Set(['optimize', 'mapper', 'directions']));
    expect(methodsIn('table1')).toEqual(methodsIn('measures'));
    // Every editor has a change, whether it is the one that was wanted or not.
    expect(methodsIn('figure10')).toEqual(new Set(['directions', 'GANSpace', 'InterFaceGAN', 'StyleSpace', 'StyleMC']));
    expect(methodsIn('figure14').size).toBe(3);
    // No edit is no change, whatever the method.
    const still = numbers.filter(
      ({ section, name }) => section === 'strength' && (name === 'leak at x0' || name === 'clipGain at x0'),
    );
    expect(still.length).toBe(6);
    for (const { value } of still) expect(Math.abs(value)).toBeLessThan(1e-4);
    // Networks that mean nothing may have no common change for figure 10; all else is decided.
    const open = sections[0]!.tables[0]!.rows.filter(([, verdict]) => verdict === 'open');
    expect(open.every(([claim]) => claim!.includes('figure 10'))).toBe(true);
  });

  it('stops at Ctrl-C with a report of what there is, and goes on to the same numbers', async () => {
    const settings = config('stopped', { seed: 7 });
    let pressed = false;
    const say = (line: string) => {
      if (pressed || (!line.includes('table2/') && !line.includes("compare the mapper's steps"))) return;
      pressed = true;
      process.emit('SIGINT');
    };
    await expect(report(settings, { root: root(), say })).rejects.toBeInstanceOf(Interrupted);
    expect(await text('stopped', 'report.md')).toContain('the report was stopped before its end');
    const { failed } = await report(settings, { root: root(), say: () => {} });
    expect(failed).toBe(0);
    expect(await text('stopped', 'report.md')).not.toContain('stopped');
    const whole = config('whole', { seed: 7 });
    await report(whole, { root: join(dir, 'other-runs'), say: () => {} });
    const other = JSON.parse(await readFile(join(dir, 'other-runs/eval/whole/numbers.json'), 'utf8')) as {
      numbers: NumberRow[];
    };
    expect(await numbersOf('stopped')).toEqual(other.numbers);
  });
});

describe('a bad configuration', () => {
  it('is refused before any work', async () => {
    await expect(report(config('bad', { bundle: join(dir, 'nowhere') }), { root: root() })).rejects.toThrow(
      /no bundle there/,
    );
    const twice = config('bad', { prompts: [join(dir, 'face.yaml'), join(dir, 'face.yaml')] });
    await expect(report(twice, { root: root() })).rejects.toThrow(/are both called "face"/);
    const gone = config('bad', { prompts: [join(dir, 'gone.yaml')] });
    await expect(report(gone, { root: root() })).rejects.toThrow(/gone\.yaml: no such file/);
    expect(await readdir(join(dir, 'runs/eval'))).not.toContain('bad');
  });
});
