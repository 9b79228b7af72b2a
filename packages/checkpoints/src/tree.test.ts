import { describe, expect, it } from 'vitest';
import { PyDict, PyGlobal, PyList, PyObject, PyTensor, PyTuple, type PyValue } from './pickle/values.js';
import { lazyOf } from './tensor.js';
import { lookup, tensorsOf } from './tree.js';

const tensor = () => new PyTensor(lazyOf({ dtype: 'F32', shape: [1], data: Float32Array.of(1) }));
const dict = (entries: Record<string, PyValue>) => new PyDict(Object.entries(entries));

/** A pickled module of torch. */
function module(parameters: Record<string, PyValue>, buffers = {}, modules = {}): PyObject {
  const object = new PyObject(new PyGlobal('torch.nn.modules', 'Linear'));
  object.state = dict({
    training: true,
    _parameters: dict(parameters),
    _buffers: dict(buffers),
    _modules: dict(modules),
  });
  return object;
}

describe('tensors of a tree', () => {
  it('are called by their path', () => {
    const tree = dict({
      step: 12,
      a: tensor(),
      b: new PyList([tensor(), 'text', new PyTuple([tensor()])]),
      c: dict({ 'x.weight': tensor(), none: null }),
    });
    expect([...tensorsOf(tree).keys()]).toEqual(['a', 'b.0', 'b.2.0', 'c.x.weight']);
    expect([...tensorsOf(tensor()).keys()]).toEqual(['']);
    expect(tensorsOf(null).size).toBe(0);
  });

  it('of modules are called as in a state dict', () => {
    const tree = module({ w: tensor(), none: null }, { mean: tensor() }, { fc: module({ bias: tensor() }) });
    expect([...tensorsOf(tree).keys()]).toEqual(['w', 'mean', 'fc.bias']);
  });

  it('can be those of a prefix, which is taken off', () => {
    const tree = dict({ 'g.a': tensor(), g: dict({ b: tensor() }), h: tensor() });
    expect([...tensorsOf(tree, { prefix: 'g.' }).keys()]).toEqual(['a', 'b']);
  });

  it('have names of their own', () => {
    const tree = dict({ 'a.b': tensor(), a: dict({ b: tensor() }) });
    expect(() => tensorsOf(tree, { name: 'x.pt' })).toThrow('x.pt: two tensors are called "a.b"');
  });

  it('are bounded where shared parts expand without end', () => {
    let bomb: PyValue = tensor();
    for (let i = 0; i < 60; i++) bomb = new PyList([bomb, bomb]);
    expect(() => tensorsOf(bomb, { name: 'x.pt' })).toThrow(/^x\.pt: refused: it/);
  });

  it('are bounded where one long key names them all', () => {
    const key = 'k'.repeat(1_000_000);
    const many = dict({ [key]: new PyList(new Array<PyValue>(500_000).fill(tensor())) });
    expect(() => tensorsOf(many, { name: 'x.pt' })).toThrow(/^x\.pt: refused: its tensors' names have more than/);
    let deep: PyValue = tensor();
    for (let i = 0; i < 900; i++) deep = dict({ [key]: deep });
    expect(() => tensorsOf(deep, { name: 'x.pt' })).toThrow(/^x\.pt: refused: its tensors' names have more than/);
  });
});

describe('looking up', () => {
  const tree = dict({ state_dict: dict({ 'a.b': 1 }), net: module({ w: 2 }, {}, { fc: module({ bias: 3 }) }) });

  it('follows keys, attributes and sub-modules', () => {
    expect(lookup(tree, 'state_dict', 'a.b')).toBe(1);
    expect(lookup(tree, 'net', 'training')).toBe(true);
    expect(lookup(tree, 'net', 'w')).toBe(2);
    expect(lookup(tree, 'net', 'fc', 'bias')).toBe(3);
    expect(lookup(tree)).toBe(tree);
  });

  it('ends where there is nothing', () => {
    expect(lookup(tree, 'state_dict', 'a', 'b')).toBeUndefined();
    expect(lookup(tree, 'net', 'toString')).toBeUndefined();
    expect(lookup('text', 'length')).toBeUndefined();
    expect(lookup(undefined, 'x')).toBeUndefined();
  });
});
