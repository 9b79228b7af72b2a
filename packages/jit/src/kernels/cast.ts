/**
 * Conversions between element types, and the types that kernels refuse.
 *
 * TensorFlow.js stores numbers into typed arrays: NaN and infinities become the int32 0, and what is out of range wraps
 * around. ONNX leaves both open, so a cast to int32 says it in nodes.
 */
import type { ElementType, Graph, Value } from '../graph.js';

const codes = { float32: 1, int32: 6, int64: 7, bool: 9, float64: 11 } satisfies Record<ElementType, number>;

const plainCast = (g: Graph, x: Value, dtype: ElementType): Value =>
  g.elementwise('Cast', [x], dtype, { to: codes[dtype] });

/** The remainder by 2³², brought into the range of int32; 0 for what is not finite. */
function wrapped(g: Graph, x: Value): Value {
  const number = (n: number) => g.scalar(n, x.dtype);
  const remainder = g.elementwise('Mod', [x, number(2 ** 32)], x.dtype, { fmod: 1 });
  const above = g.elementwise('GreaterOrEqual', [remainder, number(2 ** 31)], 'bool');
  const lowered = g.elementwise('Sub', [remainder, number(2 ** 32)], x.dtype);
  const below = g.elementwise('Less', [remainder, number(-(2 ** 31))], 'bool');
  const raised = g.elementwise('Add', [remainder, number(2 ** 32)], x.dtype);
  const turned = g.elementwise('Where', [below, raised, remainder], x.dtype);
  const inRange = g.elementwise('Where', [above, lowered, turned], x.dtype);
  return g.elementwise('Where', [g.elementwise('IsNaN', [remainder], 'bool'), number(0), inRange], x.dtype);
}

export function cast(g: Graph, x: Value, dtype: ElementType): Value {
  if (x.dtype === dtype) return x;
  if (codes[dtype] === undefined) throw new Error(`tensors of type ${String(dtype)} cannot be traced`);
  const fraction = x.dtype === 'float32' || x.dtype === 'float64';
  return plainCast(g, fraction && dtype === 'int32' ? wrapped(g, x) : x, dtype);
}

/** TensorFlow.js adds and multiplies booleans as bytes that stay booleans; nobody can mean that. */
export function requireNumbers(...values: readonly Value[]): void {
  if (values.some(({ dtype }) => dtype === 'bool'))
    throw new Error('there is no arithmetic of bool tensors in a graph; cast them to int32 or float32 first');
}

/** TensorFlow.js truncates such results to the integers or booleans that the operand has; nobody can mean that either. */
export function requireFloat({ dtype }: Value): void {
  if (dtype !== 'float32') throw new Error(`not lowered for ${dtype} tensors; cast them to float32 first`);
}
