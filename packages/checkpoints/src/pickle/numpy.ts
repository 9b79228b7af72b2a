/**
 * Numpy arrays and scalars as pickles hold them.
 *
 * An array is written in two steps: `numpy.core.multiarray._reconstruct(numpy.ndarray, (0,), b'b')` makes an empty
 * one, and BUILD gives it (version, shape, dtype, is_fortran, data). Protocol 5 uses `_frombuffer(data, dtype, shape,
 * order)` instead. A dtype is `numpy.dtype('f4', False, True)` with a BUILD that holds its byte order. The names are
 * those of numpy/core/src/multiarray; numpy 2 moved them to `numpy._core` (allow-list.ts knows both).
 *
 * Arrays become tensors over the file's own bytes. Arrays of Python objects become lists, as far as they have one
 * dimension: that is how lists of arrays of unequal shape are saved. Text, dates, complex numbers and records are refused.
 */
import { elementBytes, elementCount, type LazyTensor, rawTensor, requireShape } from '../tensor.js';
import { exact, fromLatin1 } from './literals.js';
import type { Machine } from './machine.js';
import { fromFortranOrder, type NumpyDtype, numpyDtype } from './numpy-dtype.js';
import { decodeHalf, quoted } from '@styleclip/core';
import {
  isGlobal,
  isObjectOf,
  kindOf,
  PyDict,
  PyList,
  type PyObject,
  PyTensor,
  PyTuple,
  type PyValue,
} from './values.js';

/** The result of a call of one of numpy's names; undefined for other names and for those that stay objects. */
export function callNumpy(machine: Machine, qualified: string, args: PyTuple): PyValue | undefined {
  switch (qualified) {
    case 'numpy.core.multiarray.scalar':
      return scalar(machine, args.items);
    case 'numpy.core.numeric._frombuffer': {
      const [data, dtype, shape, order] = args.items;
      if (order !== 'C' && order !== 'F') throw machine.refused(`a numpy array has the order ${kindOf(order)}`);
      return array(machine, { shape, dtype, fortran: order === 'F', data });
    }
    default:
      return undefined;
  }
}

/** Whether a call makes an empty array, which BUILD will fill. */
export function isUnfilledArray(machine: Machine, qualified: string, args: PyTuple): boolean {
  if (qualified !== 'numpy.core.multiarray._reconstruct') return false;
  if (!isGlobal(args.items[0], 'numpy.ndarray'))
    throw machine.refused(`a numpy array is of another class than numpy.ndarray: ${kindOf(args.items[0])}`);
  return true;
}

/** What the state of an array makes of it. */
export function fillArray(machine: Machine, state: PyValue): PyValue {
  if (!(state instanceof PyTuple)) throw machine.refused(`the state of a numpy array is ${kindOf(state)}, not a tuple`);
  // The version came with numpy 1.0; it has been 1 ever since.
  const items = state.items.length === 5 ? state.items.slice(1) : state.items;
  if (items.length !== 4) throw machine.refused(`the state of a numpy array has ${state.items.length} parts, not 5`);
  const [shape, dtype, fortran, data] = items;
  return array(machine, { shape, dtype, fortran: fortran === true || fortran === 1, data });
}

interface ArrayParts {
  readonly shape: PyValue | undefined;
  readonly dtype: PyValue | undefined;
  readonly fortran: boolean;
  readonly data: PyValue | undefined;
}

function array(machine: Machine, { shape: sizes, dtype: type, fortran, data }: ArrayParts): PyValue {
  if (!(sizes instanceof PyTuple)) throw machine.refused(`the shape of a numpy array is ${kindOf(sizes)}, not a tuple`);
  const shape = requireShape(sizes.items, `${machine.input.name}: a numpy array`);
  const descr = descrOf(machine, type);
  if (/^[|=<>]?O\d*$/.test(descr)) return objects(machine, shape, data);
  const { dtype, bigEndian } = knownDtype(machine, descr);
  const bytes = bytesOf(machine, data);
  const needed = elementCount(shape) * elementBytes(dtype);
  if (bytes.length !== needed) {
    throw machine.refused(
      `a numpy array of ${dtype} [${shape.join(', ')}] needs ${needed} bytes, and ${bytes.length} are there`,
    );
  }
  const transposed = fortran && shape.length > 1;
  const tensor: LazyTensor = {
    dtype,
    shape,
    read: async () => {
      const ordered = transposed ? fromFortranOrder(bytes, shape, elementBytes(dtype)) : bytes;
      return rawTensor(dtype, shape, ordered, { bigEndian });
    },
  };
  return new PyTensor(tensor);
}

/** An array of Python objects: its one object where it has no dimension, a list where it has one. */
function objects(machine: Machine, shape: readonly number[], data: PyValue | undefined): PyValue {
  if (!(data instanceof PyList) || data.items.length !== elementCount(shape))
    throw machine.refused(`a numpy array of objects [${shape.join(', ')}] holds ${kindOf(data)}`);
  if (shape.length === 0) return data.items[0] as PyValue;
  if (shape.length > 1)
    throw machine.refused(`it holds a numpy array of Python objects with ${shape.length} dimensions`);
  machine.countContainer();
  return new PyList(data.items);
}

/** A number or text out of an array. */
function scalar(machine: Machine, [type, data]: readonly PyValue[]): PyValue {
  const descr = descrOf(machine, type);
  const text = /^[|=<]?([US])(\d+)$/.exec(descr);
  if (text !== null && (typeof data === 'string' || data instanceof Uint8Array)) {
    const bytes = bytesOf(machine, data);
    return text[1] === 'S' ? bytes : utf32(machine, bytes);
  }
  const { dtype, bigEndian } = knownDtype(machine, descr);
  const bytes = bytesOf(machine, data);
  if (bytes.length !== elementBytes(dtype))
    throw machine.refused(
      `a numpy scalar of ${dtype} needs ${elementBytes(dtype)} bytes, and ${bytes.length} are there`,
    );
  const [value] = rawTensor(dtype, [], bytes, { bigEndian }).data;
  if (value === undefined) throw machine.refused('a numpy scalar is empty');
  if (typeof value === 'bigint') return exact(value);
  if (dtype === 'BOOL') return value !== 0;
  return dtype === 'F16' ? decodeHalf(value) : value;
}

function utf32(machine: Machine, bytes: Uint8Array): string {
  if (bytes.length % 4 !== 0) throw machine.refused(`numpy text takes ${bytes.length} bytes, not a multiple of 4`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  machine.countCopy(bytes.length);
  const characters: string[] = [];
  for (let i = 0; i < bytes.length; i += 4) {
    const code = view.getUint32(i, true);
    if (code > 0x10ffff) throw machine.refused(`numpy text holds the character ${code}, which does not exist`);
    characters.push(String.fromCodePoint(code));
  }
  return characters.join('');
}

function knownDtype(machine: Machine, descr: string): NumpyDtype {
  const known = numpyDtype(descr);
  if (known === undefined)
    throw machine.refused(
      `it holds numpy data of the type ${quoted(descr)}, which is not numbers (known: f2 f4 f8, i1…i8, u1…u8, b1)`,
    );
  return known;
}

/** The name of a dtype object, byte order first. */
function descrOf(machine: Machine, type: PyValue | undefined): string {
  if (!isObjectOf(type, 'numpy.dtype') || type instanceof PyDict)
    throw machine.refused(`the dtype of a numpy array is ${kindOf(type)}`);
  const name = type.args instanceof PyTuple ? type.args.items[0] : undefined;
  if (typeof name !== 'string') throw machine.refused(`a numpy dtype is called ${kindOf(name)}`);
  if (!(type.state instanceof PyTuple)) return name;
  const [, order, subarray, names] = type.state.items;
  if (subarray != null || names != null) throw machine.refused('it holds a numpy array of records');
  const bare = name.replace(/^[<>=|]/, '');
  return typeof order === 'string' && /^[<>=|]$/.test(order) ? order + bare : name;
}

/** The bytes of an array; protocols 0 to 2 may have them as text of the same codes. */
function bytesOf(machine: Machine, data: PyValue | undefined): Uint8Array {
  if (data instanceof Uint8Array) return data;
  if (typeof data !== 'string') throw machine.refused(`the data of a numpy array is ${kindOf(data)}`);
  machine.countCopy(data.length);
  const bytes = fromLatin1(data);
  if (bytes === undefined) throw machine.refused('the data of a numpy array is text');
  return bytes;
}

/** Whether an object is an array that was made and never filled. */
export function isEmptyArray(value: PyObject): boolean {
  return value.type.qualified === 'numpy.ndarray';
}
