/**
 * Networks inside wrappers: one rule for all layouts, whatever the wrapper is called, and an error where it does not decide.
 */
import { openFile, type RawTensor, UserError } from '@styleclip/core';
import { beforeAll, describe, expect, it } from 'vitest';
import { fixture } from '../import/testing-golden.js';
import { openCheckpoint } from '../open-checkpoint.js';
import { PyDict, PyList, PyTensor, type PyValue } from '../pickle/values.js';
import { lazyOf, type StateDict } from '../tensor.js';
import { lookup } from '../tree.js';
import { arcFace } from './arcface.js';
import type { FoundNetwork, NetworkKind } from './layout.js';
import { findPlaces } from './places.js';
import { LAYOUTS, recognise, type RecogniseOptions } from './recognise.js';

const dict = (entries: Readonly<Record<string, PyValue>>): PyDict => new PyDict(Object.entries(entries));
const tensor = (...shape: number[]): PyTensor =>
  new PyTensor(lazyOf({ dtype: 'F32', shape, data: new Float32Array(shape.reduce((a, b) => a * b, 1)) }));

/** A state dict with a prefix to its names; new tensors each time, as another network would have. */
function state(of: StateDict, prefix = ''): PyDict {
  return new PyDict([...of].map(([name, lazy]) => [prefix + name, new PyTensor({ ...lazy })] as const));
}

const find = (tree: PyValue, kind: NetworkKind, options?: RecogniseOptions): FoundNetwork[] =>
  recognise({ format: 'torch-zip', tree }, kind, 'x.pt', options);

/** One of each layout, from real files. */
const networks: Record<string, { kind: NetworkKind; state: StateDict; told: RecogniseOptions }> = {};

beforeAll(async () => {
  for (const [name, file, kind, told] of [
    ['rosinality', 'stylegan2-training.pt', 'generator', {}],
    ['NVIDIA', 'nvidia-ada-state.pth', 'generator', { convClamp: 'none' }],
    ['OpenAI', 'clip-tiny-jit.pt', 'clip', {}],
    ['Hugging Face', 'clip-tiny-hf/model.safetensors', 'clip', {}],
    ['ArcFace', 'identity-small.pth', 'identity', {}],
  ] as const) {
    const checkpoint = await openCheckpoint(await openFile(fixture(file)));
    const [found] = recognise(checkpoint, kind, file, told);
    networks[name] = { kind, state: found!.state, told };
  }
});

/** Each wrapper with what the place is then called. */
const WRAPPERS: [string, (of: StateDict) => PyValue, string][] = [
  ...['state_dict', 'model_state_dict', 'model', 'params_ema', 'params', 'ema', 'g', 'g_ema', 'generator', 'net'].map(
    (key): [string, (of: StateDict) => PyValue, string] => [
      `{${key}: …}`,
      (of) => dict({ epoch: 3, [key]: state(of) }),
      key,
    ],
  ),
  ...['module.', '_orig_mod.', 'model.', 'module._orig_mod.', 'backbone.', 'a.b.c.'].map(
    (prefix): [string, (of: StateDict) => PyValue, string] => [
      `${prefix}…`,
      (of) => state(of, prefix),
      prefix.slice(0, -1),
    ],
  ),
  ['{state_dict: module.…}', (of) => dict({ state_dict: state(of, 'module.') }), 'state_dict.module'],
  [
    'a list of dicts',
    (of) => dict({ networks: new PyList([dict({ x: 1 }), dict({ net: state(of) })]) }),
    'networks.1.net',
  ],
  ['modules in modules', (of) => dict({ model: nested(of) }), 'model'],
  ['nothing', (of) => state(of), 'the whole file'],
  [
    'an optimizer beside it',
    (of) => {
      const whole = state(of);
      whole.entries.set('optimizer', dict({ state: dict({ '0': dict({ exp_avg: tensor(4) }) }) }));
      return whole;
    },
    'the whole file',
  ],
];

/** A state dict as a tree of dicts, as TorchScript's modules are. */
function nested(of: StateDict): PyDict {
  const root = new PyDict();
  for (const [name, lazy] of of) {
    const steps = name.split('.');
    let at = root;
    for (const step of steps.slice(0, -1)) {
      if (!at.has(step)) at.entries.set(step, new PyDict());
      at = at.get(step) as PyDict;
    }
    at.entries.set(steps.at(-1) as string, new PyTensor(lazy));
  }
  return root;
}

describe.each(['rosinality', 'NVIDIA', 'OpenAI', 'Hugging Face', 'ArcFace'])('%s', (name) => {
  it.each(WRAPPERS)('inside %s', (_, wrap, source) => {
    const { kind, state: of, told } = networks[name]!;
    const found = find(wrap(of), kind, told);
    expect(found).toHaveLength(1);
    expect([...found[0]!.state.keys()].sort()).toEqual([...of.keys()].sort());
    expect(found[0]!.notes?.['source']).toBe(source);
  });

  it('is known beside parts of other networks', () => {
    const { kind, state: of, told } = networks[name]!;
    const whole = state(of, 'inner.');
    for (const other of ['head.weight', 'encoder.input_layer.0.weight', 'discriminator.convs.0.weight', 'epoch']) {
      whole.entries.set(other, tensor(2, 2));
    }
    expect([...find(whole, kind, told)[0]!.state.keys()].sort()).toEqual([...of.keys()].sort());
  });

  it('is not guessed where there are two', () => {
    const { kind, state: of, told } = networks[name]!;
    const two = dict({ teacher: state(of), student: state(of, 'module.') });
    expect(() => find(two, kind, told)).toThrow(UserError);
    expect(() => find(two, kind, told)).toThrow(
      /^x\.pt: holds 2 networks that may be meant: "teacher" \(.*\), "student\.module" \(.*\); choose one by --key$/,
    );
    const source = (key: string): unknown => find(two, kind, { ...told, key })[0]!.notes?.['source'];
    expect(source('teacher')).toBe('teacher');
    expect(source('student')).toBe('student.module');
    expect(source('student.module.')).toBe('student.module');
    expect(() => source('nobody')).toThrow('x.pt: no ' + kind + ' at --key nobody; there is "teacher" (');
  });

  it('is the average where there are one and the raw weights', () => {
    const { kind, state: of, told } = networks[name]!;
    for (const [raw, average] of [
      ['g', 'g_ema'],
      ['params', 'params_ema'],
      ['model', 'ema'],
      ['state_dict', 'state_dict_ema'],
      ['net', 'ema_model'],
    ] as const) {
      const both = dict({ [raw]: state(of), [average]: state(of) });
      expect(find(both, kind, told)[0]!.notes?.['source']).toBe(average);
      expect(find(both, kind, { ...told, key: raw })[0]!.notes?.['source']).toBe(raw);
    }
    const averages = dict({ a: dict({ ema: state(of) }), b: dict({ ema: state(of) }), raw: state(of) });
    expect(() => find(averages, kind, told)).toThrow('holds 2 networks that may be meant: "a.ema"');
  });

  it('is one where it hangs in the tree twice', () => {
    const { kind, state: of, told } = networks[name]!;
    const shared = state(of);
    expect(find(dict({ model: shared, state_dict: shared }), kind, told)[0]!.notes?.['source']).toBe('model');
  });

  it('is chosen at the top by a dot', () => {
    const { kind, state: of, told } = networks[name]!;
    const whole = state(of);
    whole.entries.set('copy', state(of));
    expect(() => find(whole, kind, told)).toThrow('"." (');
    expect([...find(whole, kind, { ...told, key: '.' })[0]!.state.keys()].sort()).toEqual([...of.keys()].sort());
  });
});

describe('the average w of rosinality', () => {
  it.each([
    ['beside the dict', (g: PyDict, avg: PyTensor) => dict({ g_ema: g, latent_avg: avg })],
    ['in it', (g: PyDict, avg: PyTensor) => (g.entries.set('latent_avg', avg), g)],
    ['two levels up', (g: PyDict, avg: PyTensor) => dict({ latent_avg: avg, model: dict({ g_ema: g }) })],
    ['a row a layer', (g: PyDict) => dict({ g_ema: g, latent_avg: tensor(6, 16) })],
    ['a row a layer, as a batch of one', (g: PyDict) => dict({ g_ema: g, latent_avg: tensor(1, 6, 16) })],
  ])('is found %s', (_, wrap) => {
    const wDim = networks['rosinality']!.state.get('style.1.weight')!.shape[0]!;
    const [found] = find(wrap(state(networks['rosinality']!.state), tensor(wDim)), 'generator');
    expect(found!.table.some(({ to }) => to === 'wAvg')).toBe(true);
    expect(found!.state.get('latent_avg')!.shape).toEqual([wDim]);
  });
});

describe('a mapper', () => {
  it('comes with the decoder beside it, wherever both stand', async () => {
    const { tree } = await openCheckpoint(await openFile(fixture('official-mapper.pt')));
    const all = lookup(tree, 'state_dict') as PyDict;
    const prefixed = new PyDict([...all.entries].map(([key, value]) => [`net.${key as string}`, value] as const));
    for (const wrapped of [
      tree,
      all,
      dict({ checkpoint: dict({ state_dict: all }) }),
      dict({ state_dict: prefixed }),
    ]) {
      const [decoder, mapper] = find(wrapped, 'mapper');
      expect(decoder).toMatchObject({ kind: 'generator', layout: 'rosinality StyleGAN2' });
      expect(mapper).toMatchObject({ kind: 'mapper', layout: 'StyleCLIP mapper' });
    }
    const alone = new PyDict([...all.entries].filter(([key]) => (key as string).startsWith('mapper.')));
    expect(() => find(alone, 'mapper')).toThrow("this mapper's checkpoint has no decoder");
  });
});

describe('single numbers', () => {
  const reshape = (of: StateDict, name: string, shape: number[]): PyDict => {
    const whole = state(of);
    whole.entries.set(name, tensor(...shape));
    return whole;
  };

  it.each([
    ['OpenAI', 'logit_scale', [[1], [1, 1], []]],
    ['Hugging Face', 'logit_scale', [[1], []]],
    ['rosinality', 'conv1.noise.weight', [[], [1], [1, 1]]],
    ['NVIDIA', 'synthesis.b4.conv1.noise_strength', [[1], []]],
  ] as const)('%s: %s may be a scalar or a vector', async (network, name, shapes) => {
    const { kind, state: of, told } = networks[network]!;
    for (const shape of shapes) {
      const [found] = find(reshape(of, name, [...shape]), kind, told);
      const row = found!.table.find(({ from }) => from === name)!;
      expect(found!.state.get(name)!.shape).toEqual(row.shape);
      expect((await found!.state.get(name)!.read()).shape).toEqual(row.shape);
    }
    const [two] = find(reshape(of, name, [2]), kind, told);
    expect(two!.state.get(name)!.shape).toEqual([2]); // which the table then refuses
  });
});

describe('a file made to waste time', () => {
  it('may not hold more networks than anybody saves', () => {
    const of = networks['ArcFace']!.state;
    const many = dict(Object.fromEntries(Array.from({ length: 65 }, (_, i) => [`n${i}`, state(of)])));
    expect(() => find(many, 'identity')).toThrow('x.pt: refused: it holds more than 64 networks');
  });

  it('may not hide names at the bottom of a deep tree, a million times', () => {
    const weight = dict({ weight: tensor(1) });
    let bottom: PyValue = new PyList(new Array<PyValue>(400_000).fill(weight));
    for (let depth = 0; depth < 500; depth++) bottom = dict({ input_layer: bottom });
    const start = performance.now();
    expect(findPlaces(bottom, 'x.pt', arcFace.marks).get(arcFace.marks[0]!)).toHaveLength(1);
    expect(performance.now() - start).toBeLessThan(5000);
  });

  it('may name one network many times: it is read once', () => {
    const shared = state(networks['ArcFace']!.state);
    const often = dict(Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`n${i}`, shared])));
    expect(find(often, 'identity')).toHaveLength(1);
  });
});

it('passes by long lists of plain values', () => {
  const losses = new PyList(Array.from({ length: 1_000_001 }, () => 0.5));
  expect(find(dict({ losses, net: state(networks['ArcFace']!.state) }), 'identity')).toHaveLength(1);
});

it('asks for --conv-clamp where a state dict can not say it, and for nothing else', () => {
  const { state: of } = networks['NVIDIA']!;
  expect(() => find(state(of), 'generator')).toThrow('say --conv-clamp N or --conv-clamp none');
  const raw = (value: number): RawTensor => ({ dtype: 'F32', shape: [], data: Float32Array.of(value) });
  const [clamped] = find(state(of), 'generator', { convClamp: 256 });
  expect(clamped!.constants).toEqual({ convClamp: raw(256) });
  expect(String(clamped!.notes?.['conv_clamp'])).toContain('256, as --conv-clamp says');
  const [free] = find(state(of), 'generator', { convClamp: 'none' });
  expect(free!.constants).toBeUndefined();
  expect(String(free!.notes?.['conv_clamp'])).toContain('none, as --conv-clamp says');
});

it('knows each layout by a mark, but for the one that has no names', () => {
  expect(LAYOUTS.filter(({ marks }) => marks.length === 0).map(({ layout }) => layout)).toEqual([
    'NVIDIA StyleGAN2 (TensorFlow)',
  ]);
});
