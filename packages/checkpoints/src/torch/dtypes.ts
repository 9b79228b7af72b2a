/**
 * torch's names of number types: the old storage classes, one a type, and the dtypes themselves.
 *
 * An untyped storage has no type of its own; whoever uses it says which. Complex, quantized and 8-bit floating types
 * have no place in this project's files and are refused by name.
 */
import { failure, quoted, type SafetensorsDtype } from '@styleclip/core';
import { kindOf, PyGlobal, type PyValue } from '../pickle/values.js';

const STORAGES: Readonly<Record<string, SafetensorsDtype | 'untyped'>> = {
  FloatStorage: 'F32',
  DoubleStorage: 'F64',
  HalfStorage: 'F16',
  BFloat16Storage: 'BF16',
  LongStorage: 'I64',
  IntStorage: 'I32',
  ShortStorage: 'I16',
  CharStorage: 'I8',
  ByteStorage: 'U8',
  BoolStorage: 'BOOL',
  UntypedStorage: 'untyped',
  _UntypedStorage: 'untyped',
};

const DTYPES: Readonly<Record<string, SafetensorsDtype>> = {
  float64: 'F64',
  double: 'F64',
  float32: 'F32',
  float: 'F32',
  float16: 'F16',
  half: 'F16',
  bfloat16: 'BF16',
  int64: 'I64',
  long: 'I64',
  int32: 'I32',
  int: 'I32',
  int16: 'I16',
  short: 'I16',
  int8: 'I8',
  uint8: 'U8',
  uint16: 'U16',
  uint32: 'U32',
  uint64: 'U64',
  bool: 'BOOL',
};

/** Classes moved from the first to the second with torch 1.11. */
const STORAGE_MODULES = ['torch', 'torch.storage', 'torch.cuda'];

/**
 * The number type of a storage class such as `torch.FloatStorage`; `untyped` for a storage of plain bytes.
 *
 * @param name the file's name, for messages
 * @throws UserError for every other class
 */
export function storageType(type: PyValue | undefined, name: string): SafetensorsDtype | 'untyped' {
  const found =
    type instanceof PyGlobal && STORAGE_MODULES.includes(type.module) && Object.hasOwn(STORAGES, type.name)
      ? STORAGES[type.name]
      : undefined;
  if (found === undefined) throw failure(`${name}: numbers stored as ${described(type)} are not read`);
  return found;
}

/**
 * The number type of a dtype such as `torch.float32`.
 *
 * @param name the file's name, for messages
 * @throws UserError for a type that is not read
 */
export function dtypeOf(dtype: PyValue | undefined, name: string): SafetensorsDtype {
  const found =
    dtype instanceof PyGlobal && dtype.module === 'torch' && Object.hasOwn(DTYPES, dtype.name)
      ? DTYPES[dtype.name]
      : undefined;
  if (found === undefined) throw failure(`${name}: tensors of the type ${described(dtype)} are not read`);
  return found;
}

function described(value: PyValue | undefined): string {
  return value instanceof PyGlobal ? quoted(value.qualified) : kindOf(value);
}
