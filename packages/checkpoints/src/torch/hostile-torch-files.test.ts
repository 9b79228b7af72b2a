import { describe, expect, it } from 'vitest';
import { type ByteSource, fromBytes } from '@styleclip/core';
import { type PyTensor } from '../pickle/values.js';
import { forgeZip } from '../testing/forge-zip.js';
import {
  bytes,
  call,
  COUNTED_FLOATS,
  dict,
  FOUR_FLOATS,
  list,
  pickle,
  type Plain,
  storage,
  tensor,
  torchLegacy,
  torchZip,
} from '../testing/forge-torch.js';
import { tensorsOf } from '../tree.js';
import { MAX_BLOBS, reducePlain } from './nested-blobs.js';
import { readTorchFile } from './read-torch-file.js';
import { MAX_REPEATED_ELEMENTS } from './rebuild-tensor.js';
import { readPickle } from '../pickle/read-pickle.js';
import { allowList } from '../pickle/allow-list.js';

const formats = { zip: torchZip, legacy: (value: Plain) => torchLegacy(value) };

const open = (file: Uint8Array) => readTorchFile(fromBytes('x.pt', file));

async function refused(opened: Promise<unknown>, message: string | RegExp): Promise<void> {
  await expect(opened).rejects.toMatchObject({ name: 'UserError', exitCode: 1 });
  await expect(opened).rejects.toThrow(message);
  await expect(opened).rejects.toThrow(/^x\.(pt|pkl): [^\n]*$/);
}

async function numbers(file: Uint8Array): Promise<number[][]> {
  const tree = await open(file);
  return Promise.all([...tensorsOf(tree).values()].map(async (t) => [...(await t.read()).data].map(Number)));
}

describe.each(Object.entries(formats))('tensors in the %s format', (_, file) => {
  it('may be any view that lies in its storage', async () => {
    const views = list(
      tensor(),
      tensor({ offset: 3, shape: [], strides: [] }),
      tensor({ offset: 4, shape: [0, 9], strides: [1, 1] }),
      tensor({ shape: [2, 2], strides: [1, 2] }),
      tensor({ shape: [3, 2], strides: [1, 1] }),
      tensor({ offset: 1, shape: [2, 3], strides: [0, 1] }),
    );
    expect(await numbers(file(views))).toEqual([
      [1, 2, 3, 4],
      [4],
      [],
      [1, 3, 2, 4],
      [1, 2, 2, 3, 3, 4],
      [2, 3, 4, 2, 3, 4],
    ]);
  });

  it.each<[string, Uint8Array, string | RegExp]>([
    [
      'past the end',
      tensor({ shape: [5] }),
      'a tensor of shape [5], strides [1], offset 0, leaves its storage of 4 numbers',
    ],
    ['with an offset past it', tensor({ offset: 1 }), 'leaves its storage'],
    ['with an offset alone past it', tensor({ offset: 5, shape: [0] }), 'leaves its storage'],
    ['by strides', tensor({ shape: [2, 2], strides: [3, 1] }), 'leaves its storage'],
    ['by huge strides', tensor({ shape: [2], strides: [2 ** 52] }), 'leaves its storage'],
    [
      'by strides that overflow',
      tensor({ shape: [2 ** 26, 2 ** 26], strides: [2 ** 52, 2 ** 52] }),
      'leaves its storage',
    ],
    ['by a product past 2^53', tensor({ shape: [2 ** 40, 2 ** 40], strides: [0, 0] }), 'is too large'],
    ['with a negative offset', tensor({ offset: -1 }), 'offset -1, leaves its storage'],
    ['with a negative size', tensor({ shape: [-4] }), 'holds -4, which is not a whole number'],
    ['with a negative stride', tensor({ strides: [-1] }), 'holds -1, which is not a whole number'],
    ['with a fraction', tensor({ shape: [1.5] }), 'holds 1.5'],
    ['with an integer of 70 bits', tensor({ shape: [2n ** 70n] }), 'holds 1180591620717411303424'],
    ['with text as its shape', tensor({ shape: 'abc' }), "a tensor's sizes are a str"],
    ['with text as its offset', tensor({ offset: 'abc' }), 'offset a str, leaves its storage'],
    ['with too few strides', tensor({ shape: [2, 2], strides: [1] }), 'has 1 strides'],
    ['of 65 dimensions', tensor({ shape: Array.from({ length: 65 }, () => 1) }), '65 dimensions'],
    [
      'that repeats without end',
      tensor({ shape: [2 ** 45], strides: [0] }),
      'repeats the 4 numbers of its storage too often',
    ],
    ['that repeats too often', tensor({ shape: [MAX_REPEATED_ELEMENTS + 1], strides: [0] }), 'too often'],
    [
      'of no storage',
      call('torch._utils', '_rebuild_tensor_v2', 1, 0, [1], [1]),
      'is made of an int, not of a storage',
    ],
    ['of nothing', call('torch._utils', '_rebuild_tensor_v2'), 'is made of nothing'],
    ['of bytes of no type', tensor({ type: 'UntypedStorage', count: 16 }), 'does not say what numbers it holds'],
    [
      'as a parameter of nothing',
      call('torch._utils', '_rebuild_parameter', 'x', true, null),
      'made of a str, not of a tensor',
    ],
    [
      'of a foreign type',
      call('torch._utils', '_rebuild_tensor_v3', storage(), 0, [4], [1], false, null, 'x'),
      'the type a str',
    ],
    ['in a storage of a negative count', tensor({ count: -4 }), 'the storage "0" claims an int as its size'],
    ['in a storage of a fraction', tensor({ count: 1.5 }), 'the storage "0" claims a float as its size'],
    ['in a storage of 2^62', tensor({ count: 2 ** 62 }), 'the storage "0" claims an int as its size'],
    ['in a storage called by a number', tensor({ key: 0 }), 'a persistent id is a tuple, not that of a storage'],
    ['in something else', tensor({ kind: 'module' }), /is a tuple|of the name torch\.FloatStorage/],
    ['in a storage that is larger', tensor({ count: 5 }), /claims 20 bytes|needs 20 bytes/],
  ])('%s are refused', async (_name, value, message) => refused(open(file(value)), message));

  it('may repeat a little', async () => {
    const [values] = await numbers(file(list(tensor({ shape: [MAX_REPEATED_ELEMENTS], strides: [0] }))));
    expect(values?.length).toBe(MAX_REPEATED_ELEMENTS);
  });

  it('cost nothing until they are read, and then their own bytes once', async () => {
    const whole = file(list(tensor()));
    let read = 0;
    const counting: ByteSource = {
      ...fromBytes('x.pt', whole),
      read: async (offset, length) => {
        read += length;
        return whole.slice(offset, offset + length);
      },
    };
    const tree = await readTorchFile(counting);
    const [found] = tensorsOf(tree).values();
    read = 0;
    const { data } = await found!.read();
    expect([...data]).toEqual([1, 2, 3, 4]);
    expect(data.buffer.byteLength).toBe(16);
    // A zip entry's own header is read again: 30 bytes and its name, twice.
    expect(read).toBeLessThan(16 + 128);
  });

  it('cut short at any byte, the file is refused', async () => {
    const whole = file(dict({ a: tensor(), b: list(1, 'text') }));
    for (let size = 0; size < whole.length; size++) await refused(open(whole.subarray(0, size)), /^x\.pt: /);
  });
});

describe('archives of torch.save', () => {
  it('without their parts are refused', async () => {
    await refused(open(forgeZip([{ name: 'a.txt', data: 'hello' }])), 'it holds no <folder>/data.pkl');
    await refused(
      open(torchZip(tensor(), { name: 'x/data/1', data: FOUR_FLOATS })),
      'numbers of storage "0" are missing',
    );
    await refused(
      open(torchZip(tensor(), { name: 'x/data/0', data: new Uint8Array(15) })),
      'claims 16 bytes, but the archive holds 15',
    );
    await refused(open(torchZip(tensor({ key: '../../0' }))), 'numbers of storage "../../0" are missing');
  });

  it('may be packed again', async () => {
    const file = torchZip(tensor(), { name: 'x/data/0', data: FOUR_FLOATS, deflate: true });
    expect(await numbers(file)).toEqual([[1, 2, 3, 4]]);
  });

  it('that were damaged in the storage are noticed when it is read', async () => {
    const tree = await open(torchZip(tensor(), { name: 'x/data/0', data: FOUR_FLOATS, localName: 'y/data/0' }));
    await refused((tree as PyTensor).tensor.read(), 'its own header disagrees');
  });

  it('of TorchScript may not keep their tensors elsewhere', async () => {
    const script = (value: Plain) =>
      forgeZip([
        { name: 'x/data.pkl', data: pickle(value) },
        { name: 'x/constants.pkl', data: pickle([]) },
        { name: 'x/data/0', data: FOUR_FLOATS },
      ]);
    expect(await numbers(script(call('torch.jit._pickle', 'build_tensorlist', list(tensor()))))).toEqual([
      [1, 2, 3, 4],
    ]);
    await refused(open(script(call('torch.jit._pickle', 'build_tensor_from_id', 0))), 'kept outside of the archive');
    await refused(open(script(call('os', 'system', 'ls'))), 'os.system');
  });
});

describe("files of torch's older format", () => {
  it.each<[string, Uint8Array, string]>([
    ['another magic number', torchLegacy(tensor(), { magic: 1n }), 'not a torch file'],
    ['another protocol', torchLegacy(tensor(), { protocol: 1002 }), 'another protocol of torch than 1001'],
    ['no list of keys', torchLegacy(tensor(), { keys: 7 }), 'the list of its storages is missing'],
    ['a list of other things', torchLegacy(tensor(), { keys: list(7) }), 'or holds other things'],
    ['a key too few', torchLegacy(tensor(), { keys: list() }), 'does not list the storage "0"'],
    ['a key too many', torchLegacy(tensor(), { keys: list('0', '1') }), 'lists the storage "1", which no tensor uses'],
    ['a key twice', torchLegacy(tensor(), { keys: list('0', '0') }), 'lists the storage "0"'],
    [
      'another count',
      torchLegacy(tensor({ count: 3, shape: [3] })),
      'a storage of 12 bytes says that it holds 4 numbers',
    ],
    ['no numbers', torchLegacy(tensor(), { data: new Uint8Array(0) }), 'cut short: the storage "0" needs 16 bytes'],
    ['two descriptions', torchLegacy(list(tensor(), tensor({ count: 3 }))), '"0" is described twice, and differently'],
    [
      'a part past the end',
      torchLegacy(tensor({ view: ['v', 2, 3], shape: [3] })),
      'a part of the storage "0" leaves it',
    ],
    ['a negative part', torchLegacy(tensor({ view: ['v', -2, 3], shape: [3] })), 'a part of the storage "0" leaves it'],
    ['a part of text', torchLegacy(tensor({ view: 'all of it' })), 'a part of the storage "0" leaves it'],
    [
      'a tensor past its part',
      torchLegacy(tensor({ view: ['v', 1, 2], shape: [3] })),
      'leaves its storage of 2 numbers',
    ],
  ])('with %s are refused', async (_, file, message) => refused(open(file), message));

  it('may hold parts of storages', async () => {
    expect(await numbers(torchLegacy(tensor({ view: ['v', 1, 3], offset: 1, shape: [2] })))).toEqual([[3, 4]]);
  });

  it('that are large are read through a window', async () => {
    const padding = new Uint8Array(3 << 20).fill(1);
    const whole = torchLegacy(dict({ padding: bytes(padding), x: tensor() }));
    let most = 0;
    const source = fromBytes('x.pt', new Uint8Array(Buffer.concat([whole, new Uint8Array(20 << 20)])));
    const tree = await readTorchFile({
      ...source,
      read: (offset, length) => {
        most = Math.max(most, length);
        return source.read(offset, length);
      },
    });
    expect([...(await [...tensorsOf(tree).values()][0]!.read()).data]).toEqual([1, 2, 3, 4]);
    expect(most).toBe(4 << 20);
  });
});

describe('torch files within pickles', () => {
  const blob = torchLegacy(storage());
  const load = (content: Uint8Array) => call('torch.storage', '_load_from_bytes', bytes(content));
  const rebuilt = (content: Uint8Array) =>
    call('torch._utils', '_rebuild_tensor_v2', load(content), 0, [2, 2], [2, 1], false, list());
  const read = (value: Uint8Array) =>
    readPickle(pickle(value), { name: 'x.pkl', allow: allowList('base', 'torch'), reduce: reducePlain('x.pkl') }).value;
  const refusing = (value: Uint8Array) => new Promise((resolve) => resolve(read(value)));

  it('are read where they lie', async () => {
    const raw = await (read(rebuilt(blob)) as PyTensor).tensor.read();
    expect(raw).toEqual({ dtype: 'F32', shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) });
  });

  it('are refused where they are damaged, nested or too many', async () => {
    for (let size = 0; size < blob.length; size++)
      await refused(refusing(rebuilt(blob.subarray(0, size))), /^x\.pkl: /);
    await refused(
      refusing(load(torchLegacy(load(blob), { keys: list(), data: new Uint8Array(0) })).slice()),
      'a torch file within a torch file',
    );
    await refused(refusing(call('torch.storage', '_load_from_bytes', 'text')), 'read from a str, not from bytes');
    const empty = torchLegacy(null, { keys: list(), data: new Uint8Array(0) });
    const many = list(...Array.from({ length: MAX_BLOBS + 1 }, () => load(empty)));
    await refused(refusing(many), `holds more than ${MAX_BLOBS} storages`);
  });
});

it('counts as it is written: eight bytes, then the numbers', () => {
  expect([...COUNTED_FLOATS.subarray(0, 8)]).toEqual([4, 0, 0, 0, 0, 0, 0, 0]);
});

describe.each(Object.entries(formats))('whole modules in the %s format', (_, file) => {
  const advice =
    'a file of torch.save(model) needs the program that wrote it: load it there and save its state_dict() instead';

  it.each([
    ['models.stylegan2.model', 'Generator'],
    ['__main__', 'Net'],
    ['clip.model', 'CLIP'],
    ['transformers.models.clip.modeling_clip', 'CLIPModel'],
    ['training.networks', '_Hidden'],
  ])('of a class that is not data (%s.%s): what to do', async (module, name) => {
    await refused(open(file(call(module, name))), `it wants to import "${module}.${name}", which is not data`);
    await refused(open(file(call(module, name))), advice);
  });

  it.each([
    ['os', 'system'],
    ['builtins', 'eval'],
    ['subprocess', 'Popen'],
    ['multiprocessing.pool', 'Pool'],
    ['torch', 'load'],
  ])('no such advice where a program wants to run: %s.%s', async (module, name) => {
    await refused(open(file(call(module, name, 'id'))), `it wants to import "${module}.${name}", which is not data`);
    await expect(open(file(call(module, name, 'id')))).rejects.not.toThrow(advice);
  });

  it('of NVIDIA, with their source text, are data', async () => {
    const meta = dict({
      type: 'class',
      version: 6,
      module_src: 'import os; os.system("id")',
      class_name: 'Generator',
      state: dict({ _parameters: dict({ w: tensor() }) }),
    });
    const made = call('torch_utils.persistence', '_reconstruct_persistent_obj', meta);
    expect(await numbers(file(made))).toEqual([[1, 2, 3, 4]]);
    const none = call('torch_utils.persistence', '_reconstruct_persistent_obj', dict({ type: 'class' }));
    await refused(open(file(none)), 'a persistent object of NVIDIA has no class name');
  });

  it('inside DataParallel are data', async () => {
    const wrapped = call('torch.nn.parallel.data_parallel', 'DataParallel', list(tensor()));
    await expect(open(file(wrapped))).resolves.toBeDefined();
  });
});
