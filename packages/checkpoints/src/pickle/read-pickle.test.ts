import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { allowList } from './allow-list.js';
import { readPickle } from './read-pickle.js';
import { assemble, type Instruction, join, name, text, u32 } from './testing/assembler.js';
import { describeValue, withNumbers } from './testing/description.js';
import { isObjectOf, PyDict, type PyGlobal, type PyObject, type PyTuple, type PyValue } from './values.js';
import { walk } from './walk.js';

const fixture = (file: string) => readFileSync(new URL(`../../fixtures/${file}`, import.meta.url));
const everything = allowList('base', 'numpy', 'torch', 'nvidia');

function read(...instructions: readonly Instruction[]): PyValue {
  return readPickle(assemble(...instructions, 'STOP'), { name: 'x.pkl', allow: everything }).value;
}

describe('values that Python pickled', () => {
  interface Entry {
    name: string;
    value: unknown;
    pickles: [protocol: number, offset: number, length: number][];
  }
  const bytes = fixture('pickles.bin');
  const entries = JSON.parse(fixture('pickles.json').toString()) as Entry[];

  it.each(entries)('$name, in every protocol', async ({ value, pickles }) => {
    for (const [protocol, offset, length] of pickles) {
      const { value: ours, end } = readPickle(bytes, { name: 'pickles.bin', allow: everything, offset });
      expect(end).toBe(offset + length);
      expect(await describeValue(ours), `protocol ${protocol}`).toEqual(withNumbers(value));
    }
  });

  it('follow each other in one file', () => {
    let offset = 0;
    let count = 0;
    while (offset < bytes.length) {
      offset = readPickle(bytes, { name: 'pickles.bin', allow: everything, offset }).end;
      count++;
    }
    expect(count).toBe(entries.flatMap(({ pickles }) => pickles).length);
  });
});

describe("NVIDIA's network of stylegan2-ada-pytorch", () => {
  const bytes = fixture('nvidia-ada-small.pkl');
  const blobs: Uint8Array[] = [];
  const { value, end } = readPickle(bytes, {
    name: 'nvidia-ada-small.pkl',
    allow: everything,
    reduce: (callable, { items: [blob] }) => {
      if (callable.qualified !== 'torch.storage._load_from_bytes') return undefined;
      blobs.push(blob as Uint8Array);
      return blob;
    },
  });

  it('is objects with the names of their classes', () => {
    expect(end).toBe(bytes.length);
    const network = (value as PyDict).get('G_ema');
    expect(isObjectOf(network, 'torch_utils.persistence.Generator')).toBe(true);
    const modules = (network as PyObject).attribute('_modules') as PyDict;
    expect([...modules.entries.keys()]).toEqual(['synthesis', 'mapping']);
    expect((modules.get('mapping') as PyObject).attribute('num_layers')).toBe(4);
  });

  it('keeps source text as text', () => {
    const network = (value as PyDict).get('G_ema') as PyObject;
    const meta = (network.args as PyTuple).items[0] as PyDict;
    expect(meta.get('module_src')).toMatch(/left out of this fixture/);
  });

  it('shows its storages as views of the file', () => {
    expect(blobs).toHaveLength(79);
    for (const blob of blobs) expect(blob.buffer).toBe(bytes.buffer);
  });

  it('is walked to the weights', () => {
    const weights = [...walk(value, { name: 'x' })].filter(({ value: item }) =>
      isObjectOf(item, 'torch._utils._rebuild_parameter'),
    );
    expect(weights.length).toBeGreaterThan(40);
  });
});

describe('what Python 3 does not write', () => {
  it('Python 2 strings: text where they are ASCII, else bytes', () => {
    const value = read(
      'MARK',
      ['STRING', "'a\\x41\\n\\'\\101\\\\'\n"],
      ['STRING', '"\\xff"\n'],
      ['SHORT_BINSTRING', [2], 'hi'],
      ['BINSTRING', u32(2), [0x80, 0x81]],
      'TUPLE',
    ) as PyTuple;
    expect(value.items).toEqual(["aA\n'A\\", Uint8Array.of(255), 'hi', Uint8Array.of(0x80, 0x81)]);
  });

  it('instances by INST and OBJ', () => {
    const inst = read('MARK', text('a'), ['INST', 'argparse\nNamespace\n']) as PyObject;
    expect(inst.type.qualified).toBe('argparse.Namespace');
    expect((inst.args as PyTuple).items).toEqual(['a']);
    const object = read(
      'MARK',
      name('argparse', 'Namespace'),
      ['BININT1', [7]],
      'OBJ',
      'EMPTY_DICT',
      'BUILD',
    ) as PyObject;
    expect((object.args as PyTuple).items).toEqual([7]);
    expect(object.state).toBeInstanceOf(PyDict);
  });

  it('DUP, POP, POP_MARK, GET and PUT', () => {
    const value = read(
      'EMPTY_LIST',
      ['PUT', '0\n'],
      'DUP',
      'POP',
      'MARK',
      'NONE',
      'POP_MARK',
      ['GET', '0\n'],
      'TUPLE2',
    ) as PyTuple;
    expect(value.items[0]).toBe(value.items[1]);
  });

  it('keyword arguments', () => {
    const instructions = [
      name('argparse', 'Namespace'),
      'EMPTY_TUPLE',
      'EMPTY_DICT',
      text('k'),
      'NONE',
      'SETITEM',
    ] as const;
    const value = read(...instructions, 'NEWOBJ_EX') as PyObject;
    expect((value.kwargs as PyDict).get('k')).toBe(null);
  });

  it('lists and dicts with attributes, objects with items', () => {
    const dict = read(name('collections', 'OrderedDict'), 'EMPTY_TUPLE', 'REDUCE', text('state'), 'BUILD') as PyDict;
    expect(dict.state).toBe('state');
    const list = read(name('torch', 'Tensor'), 'EMPTY_TUPLE', 'NEWOBJ', 'NONE', 'APPEND', text('k'), 'NONE', 'SETITEM');
    expect((list as PyObject).items).toEqual([null]);
    expect([...(list as PyObject).entries]).toEqual([['k', null]]);
  });
});

describe('hooks', () => {
  it('give persistent ids a meaning', () => {
    const ids: PyValue[] = [];
    const persistentLoad = (id: PyValue) => {
      ids.push(id);
      return 'loaded';
    };
    const bytes = assemble(['PERSID', 'one\n'], text('two'), 'BINPERSID', 'TUPLE2', 'STOP');
    const { value } = readPickle(bytes, { name: 'x', allow: everything, persistentLoad });
    expect((value as PyTuple).items).toEqual(['loaded', 'loaded']);
    expect(ids).toEqual(['one', 'two']);
  });

  it('interpret calls before the reader does', () => {
    const bytes = assemble(name('collections', 'OrderedDict'), ['BININT1', [3]], 'TUPLE1', 'REDUCE', 'STOP');
    const reduce = (callable: PyGlobal, args: PyTuple) => `${callable.qualified} ${args.items.length}`;
    expect(readPickle(bytes, { name: 'x', allow: everything, reduce }).value).toBe('collections.OrderedDict 1');
  });

  it('errors of hooks pass through', () => {
    const bytes = assemble(['PERSID', 'one\n'], 'STOP');
    const persistentLoad = () => {
      throw new Error('from the hook');
    };
    expect(() => readPickle(bytes, { name: 'x', allow: everything, persistentLoad })).toThrow('from the hook');
  });
});

describe('the names of TorchScript', () => {
  it('are allowed only when asked for', () => {
    const bytes = assemble(
      name('__torch__.clip.model', 'CLIP'),
      'EMPTY_TUPLE',
      'NEWOBJ',
      'EMPTY_DICT',
      'BUILD',
      'STOP',
    );
    const { value } = readPickle(bytes, { name: 'x', allow: allowList('base', 'torchscript') });
    expect((value as PyObject).type.qualified).toBe('__torch__.clip.model.CLIP');
    expect(() => readPickle(bytes, { name: 'x', allow: everything })).toThrow(
      'x: refused: it wants to import "__torch__.clip.model.CLIP", which is not data',
    );
  });
});

describe('large byte strings', () => {
  it('stay where they are', () => {
    const content = new Uint8Array(1 << 20).fill(5);
    const bytes = join(assemble(['BINBYTES', u32(content.length)]), content, assemble('STOP'));
    const value = readPickle(bytes, { name: 'x', allow: everything }).value as Uint8Array;
    expect(value.buffer).toBe(bytes.buffer);
    expect(value.length).toBe(content.length);
  });
});
