/**
 * Sound torch files of any shape, for tests: dicts, lists, plain values and tensors, saved as torch.save would in its zip
 * format. For files with mistakes see forge-torch.ts.
 */
import type { RawTensor, SafetensorsDtype } from '@styleclip/core';
import { dict, list, type Plain, pickle, push, tensor } from './forge-torch.js';
import { forgeZip, type ForgedEntry } from './forge-zip.js';

export type Saved = null | boolean | number | string | RawTensor | readonly Saved[] | { readonly [key: string]: Saved };

const STORAGES: Partial<Record<SafetensorsDtype, string>> = {
  F32: 'FloatStorage',
  F64: 'DoubleStorage',
  F16: 'HalfStorage',
  BF16: 'BFloat16Storage',
  I64: 'LongStorage',
};

/** The bytes of `torch.save(value)`. */
export function forgeCheckpoint(value: Saved): Uint8Array {
  const storages: ForgedEntry[] = [];
  const content = pickle(pushed(value, storages));
  return forgeZip([{ name: 'archive/data.pkl', data: content }, ...storages]);
}

function pushed(value: Saved, storages: ForgedEntry[]): Plain {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return list(...(value as readonly Saved[]).map((item) => pushed(item, storages)));
  if (isTensor(value)) {
    const key = String(storages.length);
    const { dtype, shape, data } = value;
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    storages.push({ name: `archive/data/${key}`, data: bytes });
    const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, size) => product * size, 1));
    return tensor({ type: STORAGES[dtype] ?? 'FloatStorage', key, count: data.length, shape: [...shape], strides });
  }
  const entries = Object.entries(value as { readonly [key: string]: Saved });
  return push(dict(Object.fromEntries(entries.map(([key, item]) => [key, pushed(item, storages)]))));
}

function isTensor(value: object): value is RawTensor {
  return 'dtype' in value && 'data' in value;
}

/** The same tensors under other names. */
export function renamed(
  tensors: Readonly<Record<string, RawTensor>>,
  rename: (name: string) => string,
): Record<string, RawTensor> {
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [rename(name), tensor]));
}
