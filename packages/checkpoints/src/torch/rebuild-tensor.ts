/**
 * Tensors out of storages: what the functions of torch._utils that a checkpoint names would have made.
 *
 * A tensor in a pickle is a call, `_rebuild_tensor_v2(storage, offset, size, stride, …)`. Here the call becomes a
 * LazyTensor, once its bounds are proved: the last element must lie in the storage. A contiguous tensor, as nearly
 * all are, is later read straight; a view with other strides is read as its span of the storage and put in order in
 * memory.
 */
import { failure, type SafetensorsDtype } from '@styleclip/core';
import { kindOf, PyGlobal, PyList, PyTensor, PyTuple, type PyValue } from '../pickle/values.js';
import { gather, isContiguous, spanOf } from '../strided.js';
import { elementBytes, elementCount, type LazyTensor, rawTensor, requireShape, requireWhole } from '../tensor.js';
import { dtypeOf } from './dtypes.js';
import { type StorageBytes, TorchStorage } from './storage.js';

/**
 * Elements that a tensor may have beyond those of its storage. `expand` repeats numbers without storing them, by
 * strides of zero, and torch.save keeps it so; a mask or a row of positions needs that. But a file of 500 bytes can
 * claim 2^50 elements in the same way, so repetition is limited to what costs nothing: 8 MB of the widest type.
 */
export const MAX_REPEATED_ELEMENTS = 1 << 20;

/**
 * Interprets torch's calls, for `readPickle`'s `reduce`.
 *
 * @param name the file's name, for messages
 * @returns undefined for names that are not torch's, and for torch's that carry no numbers
 */
export function reduceTorch(name: string, callable: PyGlobal, args: PyTuple): PyValue | undefined {
  let called = callable.qualified;
  let { items } = args;
  // A subclass of Tensor, or one with attributes: the call that makes the tensor itself is an argument.
  while (
    called === 'torch._tensor._rebuild_from_type_v2' &&
    items[0] instanceof PyGlobal &&
    items[2] instanceof PyTuple
  ) {
    called = items[0].qualified;
    items = items[2].items;
  }
  switch (called) {
    case 'torch._utils._rebuild_tensor':
    case 'torch._utils._rebuild_tensor_v2':
      return rebuild(name, items, undefined);
    case 'torch._utils._rebuild_tensor_v3':
      return rebuild(name, items, dtypeOf(items[6], name));
    case 'torch._utils._rebuild_parameter':
    case 'torch._utils._rebuild_parameter_with_state':
    case 'torch._utils._rebuild_device_tensor_from_numpy':
      return requireTensor(name, items[0]);
    case 'torch.storage._load_from_bytes':
      // Plain pickles have such files (nested-blobs.ts); in a torch file storages have persistent ids.
      throw failure(`${name}: refused: it holds a torch file within a torch file`);
    default:
      return undefined;
  }
}

function requireTensor(name: string, value: PyValue | undefined): PyTensor {
  if (value instanceof PyTensor) return value;
  throw failure(`${name}: a parameter is made of ${kindOf(value)}, not of a tensor`);
}

function rebuild(name: string, items: readonly PyValue[], explicit: SafetensorsDtype | undefined): PyTensor {
  const [storage, offset, size, stride] = items;
  if (!(storage instanceof TorchStorage))
    throw failure(`${name}: a tensor is made of ${kindOf(storage)}, not of a storage`);
  const dtype = explicit ?? storage.dtype;
  if (dtype === 'untyped') throw failure(`${name}: a tensor's storage does not say what numbers it holds`);
  const shape = requireShape(sizes(size, name), `${name}: a tensor`);
  const strides = requireWhole(sizes(stride, name), `${name}: a tensor: the strides`);
  return new PyTensor(lazyView({ name, storage, dtype, offset, shape, strides }));
}

interface View {
  readonly name: string;
  readonly storage: TorchStorage;
  readonly dtype: SafetensorsDtype;
  readonly offset: PyValue | undefined;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
}

/** A checked view of a storage. */
function lazyView({ name, storage, dtype, offset, shape, strides }: View): LazyTensor {
  const what = `${name}: a tensor of shape [${shape.join(', ')}]`;
  if (strides.length !== shape.length) throw failure(`${what} has ${strides.length} strides`);
  const bytes = elementBytes(dtype);
  const room = Math.floor(storage.size / bytes);
  const count = elementCount(shape);
  const span = spanOf(shape, strides);
  const start = typeof offset === 'number' && Number.isSafeInteger(offset) ? offset : -1;
  if (start < 0 || start + span > room) {
    const at = typeof offset === 'number' ? offset : kindOf(offset);
    throw failure(`${what}, strides [${strides.join(', ')}], offset ${at}, leaves its storage of ${room} numbers`);
  }
  if (count > Math.max(room, MAX_REPEATED_ELEMENTS))
    throw failure(`${what} repeats the ${room} numbers of its storage too often (at most ${MAX_REPEATED_ELEMENTS})`);
  const range = { from: start * bytes, length: span * bytes };
  return { dtype, shape, read: () => readView(storage.bytes, range, { dtype, shape, strides }) };
}

async function readView(
  storage: StorageBytes,
  { from, length }: { from: number; length: number },
  { dtype, shape, strides }: { dtype: SafetensorsDtype; shape: readonly number[]; strides: readonly number[] },
) {
  const span = length === 0 ? new Uint8Array(0) : await storage.read(from, length);
  const bytes = isContiguous(shape, strides) ? span : gather(span, elementBytes(dtype), shape, strides);
  return rawTensor(dtype, shape, bytes, { bigEndian: storage.bigEndian });
}

function sizes(value: PyValue | undefined, name: string): readonly PyValue[] {
  if (value instanceof PyTuple || value instanceof PyList) return value.items;
  throw failure(`${name}: a tensor's sizes are ${kindOf(value)}, not a tuple`);
}
