/**
 * A pickle's value in the JSON form of oracle/pickles.py, to be compared with what Python says it pickled.
 */
import { PyDict, PyGlobal, PyList, PySet, PyTensor, PyTuple, type PyValue } from '../values.js';

const NUMPY: Readonly<Record<string, string>> = {
  F64: 'f8',
  F32: 'f4',
  F16: 'f2',
  I64: 'i8',
  I32: 'i4',
  I16: 'i2',
  I8: 'i1',
  U64: 'u8',
  U32: 'u4',
  U16: 'u2',
  U8: 'u1',
  BOOL: 'b1',
};

export async function describeValue(value: PyValue): Promise<unknown> {
  const all = (items: readonly PyValue[]) => Promise.all(items.map(describeValue));
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value;
  if (typeof value === 'bigint') return { int: value.toString() };
  if (typeof value === 'number') {
    // Python tells 1 from 1.0; here they are one number, and the comparison (sameDescription) knows it.
    return { number: Object.is(value, -0) ? '-0' : String(value) };
  }
  if (value instanceof Uint8Array) return { bytes: Buffer.from(value).toString('hex') };
  if (value instanceof PyTuple) return { tuple: await all(value.items) };
  if (value instanceof PyList) return { list: await all(value.items) };
  if (value instanceof PySet) return { set: await all(value.items) };
  if (value instanceof PyGlobal) return { global: value.qualified };
  if (value instanceof PyDict) {
    const entries = await Promise.all([...value.entries].map((entry) => all(entry)));
    return { dict: entries, type: value.type?.qualified ?? '' };
  }
  if (value instanceof PyTensor) {
    const { dtype, shape, data } = await value.tensor.read();
    const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
    return { array: NUMPY[dtype], shape, data: bytes.toString('hex') };
  }
  const object = { object: value.type.qualified };
  if (value.state !== undefined) return { ...object, state: await describeValue(value.state) };
  return { ...object, args: value.args instanceof PyTuple ? await all(value.args.items) : [] };
}

/** Python's description with its two kinds of numbers made one, as `describeValue` has them. */
export function withNumbers(described: unknown): unknown {
  if (Array.isArray(described)) return described.map(withNumbers);
  if (typeof described !== 'object' || described === null) return described;
  if ('int' in described) {
    const number = Number(described.int);
    return Number.isSafeInteger(number) ? { number: String(number) } : described;
  }
  if ('float' in described) {
    const number = fromHexFloat(String(described.float));
    return { number: Object.is(number, -0) ? '-0' : String(number) };
  }
  return Object.fromEntries(Object.entries(described).map(([key, item]) => [key, withNumbers(item)]));
}

/** Python's `float.hex()`: `-0x1.8p+3`, `inf`, `nan`. */
function fromHexFloat(text: string): number {
  const parts = /^(-?)0x([01])\.?([0-9a-f]*)p([+-]\d+)$/.exec(text);
  if (parts === null) return text === 'inf' ? Infinity : text === '-inf' ? -Infinity : NaN;
  const [, sign, whole, fraction, exponent] = parts as unknown as [string, string, string, string, string];
  const mantissa = parseInt(whole + fraction, 16);
  // In two steps, since 2 to the power of −1074 − 52 is zero.
  const scaled = mantissa * 2 ** (-4 * fraction.length) * 2 ** Number(exponent);
  return sign === '-' ? -scaled : scaled;
}
