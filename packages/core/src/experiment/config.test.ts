import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { loadConfig, parseOverrides } from './config.js';
import { UserError } from '../errors.js';
import { configHelp, describeConfig } from './schema-walk.js';

const schema = z.object({
  prompt: z.string().min(1).describe('the text'),
  steps: z.number().int().positive().default(300).describe('optimizer steps'),
  lr: z.number().min(0).max(1).default(0.1),
  losses: z
    .strictObject({
      clip: z.number().min(0).default(1).describe('weight of the CLIP loss'),
      id: z.number().default(0.1),
    })
    .prefault({}),
  optimizer: z.enum(['adam', 'ranger']).default('adam'),
  mean: z.tuple([z.number(), z.number(), z.number()]).optional(),
  layers: z.array(z.number().int()).optional(),
  source: z
    .discriminatedUnion('kind', [
      z.object({ kind: z.literal('sample'), psi: z.number() }),
      z.object({ kind: z.literal('file'), file: z.string() }),
    ])
    .optional(),
  resume: z.boolean().default(false),
});

let folder: string;
let file: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'config-'));
  file = join(folder, 'x.yaml');
});
afterAll(async () => rm(folder, { recursive: true }));

const load = async (text: string, overrides = {}) => {
  await writeFile(file, text);
  return loadConfig(schema, file, overrides);
};

/** The error's lines with the folder cut away. */
async function errorsOf(promise: Promise<unknown>): Promise<string[]> {
  const error = await promise.then(
    () => expect.fail('it did not throw'),
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(UserError);
  expect((error as UserError).exitCode).toBe(2);
  return (error as UserError).message.replaceAll(`${folder}/`, '').split('\n');
}

describe('loadConfig', () => {
  it('fills in defaults, and an empty group is one too', async () => {
    const config = await load('prompt: hair\nlosses:\n  id: 0\n');
    expect(config).toEqual({
      prompt: 'hair',
      steps: 300,
      lr: 0.1,
      losses: { clip: 1, id: 0 },
      optimizer: 'adam',
      resume: false,
    });
    expect(await loadConfig(schema, undefined, { prompt: 'x' })).toMatchObject({ prompt: 'x', steps: 300 });
  });

  it('tells every error with file, line and key', async () => {
    const text = [
      '# comment',
      'prompt: a',
      'steps: many',
      'stepz: 3',
      'losses:',
      '  clip: -1',
      '  klip: 2',
      'optimizer: sgd',
      'lr: 2',
    ].join('\n');
    expect(await errorsOf(load(text))).toEqual([
      'x.yaml:3: steps must be a positive integer, got "many"',
      'x.yaml:4: unknown key "stepz" (known: prompt, steps, lr, losses, optimizer, mean, layers, source, resume)',
      'x.yaml:6: losses.clip must be a number of at least 0, got -1',
      'x.yaml:7: unknown key "losses.klip" (known: clip, id)',
      'x.yaml:8: optimizer must be one of adam, ranger, got "sgd"',
      'x.yaml:9: lr must be a number from 0 to 1, got 2',
    ]);
  });

  it.each([
    ['steps: 3', 'x.yaml: prompt is missing (it must be text that is not empty)'],
    ['', 'x.yaml: prompt is missing (it must be text that is not empty)'],
    ['prompt: ""', 'x.yaml:1: prompt must be text that is not empty, got ""'],
    ['prompt: 3', 'x.yaml:1: prompt must be text that is not empty, got 3'],
    ['prompt: a\nsteps: 1.5', 'x.yaml:2: steps must be a positive integer, got 1.5'],
    ['prompt: a\nsteps: .nan', 'x.yaml:2: steps must be a positive integer, got NaN'],
    ['prompt: a\nsteps:', 'x.yaml:2: steps must be a positive integer, got null'],
    ['prompt: a\nlosses: 3', 'x.yaml:2: losses must be a group of keys, got 3'],
    ['prompt: a\nresume: yes', 'x.yaml:2: resume must be true or false, got "yes"'],
    ['prompt: a\nlayers:\n  - 1\n  - x', 'x.yaml:4: layers[1] must be an integer, got "x"'],
    ['prompt: a\nmean: [1, 2]', 'x.yaml:2: mean must be a list of 3 values, got [1,2]'],
    ['prompt: a\nsource:\n  kind: sample', 'x.yaml:2: source.psi is missing (it must be a number)'],
    ['prompt: a\nsource:\n  kind: web', 'x.yaml:3: source.kind must be sample or file, got "web"'],
    [
      'prompt: a\nsource:\n  kind: sample\n  psi: 1\n  foo: 1',
      'x.yaml:5: unknown key "source.foo" (known: kind, psi, file)',
    ],
    ['- a\n- b', 'x.yaml: must hold keys and values, such as "steps: 100"'],
  ])('%j', async (text, message) => {
    expect(await errorsOf(load(text))).toEqual([message]);
  });

  it('tells YAML errors and missing files in one line', async () => {
    expect((await errorsOf(load('prompt: a\nprompt: b')))[0]).toMatch(
      /^x\.yaml:2: not valid YAML: Map keys must be unique/,
    );
    expect((await errorsOf(load('prompt: "a\nb: [')))[0]).toMatch(/^x\.yaml:\d: not valid YAML: /);
    expect(await errorsOf(load('a: b: c: d: e'))).toHaveLength(1); // one fault, found over and over in its line
    expect(await errorsOf(loadConfig(schema, join(folder, 'none.yaml')))).toEqual(['none.yaml: no such file']);
    expect((await errorsOf(loadConfig(schema, folder)))[0]).toContain('is a folder, not a file');
  });

  it('reads lines whatever ends them', async () => {
    for (const end of ['\n', '\r\n', '\r']) {
      expect(await load(['prompt: a b', 'steps: 7', ''].join(end))).toMatchObject({ prompt: 'a b', steps: 7 });
    }
  });

  it('keeps the parser\u2019s own warnings to itself', async () => {
    const warnings: Error[] = [];
    const listen = (warning: Error) => void warnings.push(warning);
    process.on('warning', listen);
    expect(await errorsOf(load('prompt: a\n? [a, b]\n: 1'))).toEqual([expect.stringContaining('unknown key')]);
    await new Promise((resolve) => setImmediate(resolve));
    process.off('warning', listen);
    expect(warnings).toEqual([]);
  });

  it('reads UTF-8 with or without a byte order mark, and says in one line what anything else looks like', async () => {
    expect(await load('\ufeffprompt: frisés\n')).toMatchObject({ prompt: 'frisés' });
    for (const encoding of ['latin1', 'utf16le'] as const) {
      await writeFile(file, 'prompt: frisés\n', encoding);
      expect(await errorsOf(loadConfig(schema, file))).toEqual([
        expect.stringMatching(/^x\.yaml: .*(byte 0xe9 in line 1|UTF-16).*; save it as UTF-8$/),
      ]);
    }
  });

  it('lets the command line win, by dotted keys', async () => {
    const config = await load('prompt: a\nlosses:\n  id: 0.5', {
      steps: '7',
      'losses.clip': 2,
      'source.kind': 'sample',
      'source.psi': '0.5',
      layers: '[1, 2]',
      lr: undefined,
    });
    expect(config).toMatchObject({
      steps: 7,
      losses: { clip: 2, id: 0.5 },
      source: { kind: 'sample', psi: 0.5 },
      layers: [1, 2],
      lr: 0.1,
    });
    expect(await load('steps: 2', { prompt: '123: yes' })).toMatchObject({ prompt: '123: yes' });
  });

  it('names the option where the value came from there', async () => {
    expect(await errorsOf(load('prompt: a\nsteps: 4', { steps: 'many', 'losses.klip': 1 }))).toEqual([
      '--losses.klip: unknown key "losses.klip" (known: clip, id)',
      '--steps: steps must be a positive integer, got "many"',
    ]);
    expect(await errorsOf(load('prompt: a', { 'prompt.x': 1 }))).toEqual([
      '--prompt.x: "prompt" is not a group of keys (it must be text that is not empty)',
    ]);
    expect(parseOverrides(['a.b=1=2', 'c='], { d: 'x', e: undefined })).toEqual({ 'a.b': '1=2', c: '', d: 'x' });
    expect(() => parseOverrides(['c=1', 'c=1'])).toThrow('"c" is given twice by --set; give it once');
    expect(() => parseOverrides(['c=1'], { c: '1' })).toThrow('"c" is given twice, by --c and by --set; give it once');
    expect(parseOverrides(['constructor=1'])).toEqual({ constructor: '1' });
    expect(() => parseOverrides(['steps'])).toThrow('an override is written key=value, got "steps"');
  });

  it('does not let __proto__ in', async () => {
    expect((await errorsOf(load('prompt: a', { '__proto__.polluted': true })))[0]).toContain('unknown key "__proto__"');
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});

describe('describeConfig', () => {
  it('lists every key with default, expectation and description', () => {
    const fields = describeConfig(schema);
    expect(fields.find(({ key }) => key === 'losses.clip')).toEqual({
      key: 'losses.clip',
      expects: 'a number of at least 0',
      default: 1,
      required: false,
      description: 'weight of the CLIP loss',
    });
    expect(fields.find(({ key }) => key === 'prompt')).toMatchObject({ required: true, description: 'the text' });
    expect(configHelp(schema)).toContain('  steps        optimizer steps; a positive integer (default 300)');
  });
});
