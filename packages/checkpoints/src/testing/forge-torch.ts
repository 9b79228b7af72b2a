/**
 * Torch files with any mistake on purpose, for tests: pickles of tensor calls, and the two formats around them.
 *
 * Each function gives the instructions that push one value; `pickle` makes a file of them.
 */
import { assemble, join, u32 } from '../pickle/testing/assembler.js';
import { forgeZip, type ForgedEntry } from './forge-zip.js';

/** The instructions that push one value. */
export type Pushed = Uint8Array;

export type Plain = null | boolean | number | bigint | string | Uint8Array | readonly Plain[];

/** A plain value; arrays become tuples, and a Uint8Array is taken for instructions. */
export function push(value: Plain): Pushed {
  if (value instanceof Uint8Array) return value;
  if (value === null) return assemble('NONE');
  if (typeof value === 'boolean') return assemble(value ? 'NEWTRUE' : 'NEWFALSE');
  if (typeof value === 'string') return assemble(['BINUNICODE', u32(Buffer.byteLength(value)), value]);
  if (typeof value === 'object') return join(assemble('MARK'), ...value.map(push), assemble('TUPLE'));
  if (typeof value === 'number' && !Number.isInteger(value)) {
    const bytes = Buffer.alloc(8);
    bytes.writeDoubleBE(value);
    return assemble(['BINFLOAT', bytes]);
  }
  const bytes = Buffer.alloc(16);
  bytes.writeBigInt64LE(BigInt.asIntN(64, BigInt(value)), 0);
  bytes.writeBigInt64LE(BigInt(value) >> 64n, 8);
  return assemble(['LONG1', [16], bytes]);
}

export function global(module: string, name: string): Pushed {
  return assemble(['GLOBAL', `${module}\n${name}\n`]);
}

export function call(module: string, name: string, ...args: Plain[]): Pushed {
  return join(global(module, name), push(args), assemble('REDUCE'));
}

export function bytes(content: Uint8Array): Pushed {
  return assemble(['BINBYTES', u32(content.length), content]);
}

export function list(...items: Plain[]): Pushed {
  return join(assemble('EMPTY_LIST', 'MARK'), ...items.map(push), assemble('APPENDS'));
}

export function dict(entries: Readonly<Record<string, Plain>>): Pushed {
  const items = Object.entries(entries).flatMap(([key, value]) => [push(key), push(value)]);
  return join(assemble('EMPTY_DICT', 'MARK'), ...items, assemble('SETITEMS'));
}

export interface ForgedStorage {
  readonly type?: string;
  readonly key?: Plain;
  readonly count?: Plain;
  readonly view?: Plain;
  readonly kind?: string;
}

/** A storage by its persistent id; four floats called `0` unless told. */
export function storage({
  type = 'FloatStorage',
  key = '0',
  count = 4,
  view,
  kind = 'storage',
}: ForgedStorage = {}): Pushed {
  const id = [kind, global('torch', type), key, 'cpu', count, ...(view === undefined ? [] : [view])];
  return join(push(id), assemble('BINPERSID'));
}

export interface ForgedTensor extends ForgedStorage {
  readonly offset?: Plain;
  readonly shape?: Plain;
  readonly strides?: Plain;
}

/** A tensor of the four floats of storage `0` unless told. */
export function tensor({ offset = 0, shape = [4], strides = [1], ...rest }: ForgedTensor = {}): Pushed {
  return call('torch._utils', '_rebuild_tensor_v2', storage(rest), offset, shape, strides, false, list());
}

/** One pickle. */
export function pickle(value: Plain): Uint8Array {
  return join(assemble(['PROTO', [2]]), push(value), assemble('STOP'));
}

/** Four floats: 1, 2, 3, 4. */
export const FOUR_FLOATS = new Uint8Array(Float32Array.of(1, 2, 3, 4).buffer);

/** An archive of torch.save with one storage, `0`, of four floats, and further entries. */
export function torchZip(value: Plain, ...more: ForgedEntry[]): Uint8Array {
  const data = { name: 'x/data/0', data: FOUR_FLOATS };
  return forgeZip([{ name: 'x/data.pkl', data: pickle(value) }, ...(more.length > 0 ? more : [data])]);
}

export interface ForgedLegacy {
  readonly magic?: bigint;
  readonly protocol?: number;
  readonly keys?: Plain;
  /** What follows the pickles: for each storage its count and numbers. */
  readonly data?: Uint8Array;
}

/** A count and four floats, as the older format has them. */
export const COUNTED_FLOATS = join(new Uint8Array(BigInt64Array.of(4n).buffer), FOUR_FLOATS);

/** A file in the older format with one storage, `0`, of four floats. */
export function torchLegacy(
  value: Plain,
  { magic = 0x1950a86a20f9469cfc6cn, protocol = 1001, keys = list('0'), data = COUNTED_FLOATS }: ForgedLegacy = {},
): Uint8Array {
  const first =
    magic === 0x1950a86a20f9469cfc6cn
      ? assemble(['LONG1', [10], Buffer.from('6cfc9c46f9206aa85019', 'hex')])
      : push(magic);
  return join(...[first, protocol, dict({ little_endian: true }), value, keys].map(pickle), data);
}
