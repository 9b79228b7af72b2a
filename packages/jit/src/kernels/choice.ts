/**
 * Comparisons, logic and choices, elementwise. ONNX Runtime does not compare booleans or choose between them, so they go
 * through int32.
 */
import { tf } from '#tf';
import type { ElementType, Graph, Value } from '../graph.js';
import { cast } from './cast.js';
import type { Lowering, Lowerings } from './lowering.js';

export const not = (g: Graph, x: Value): Value => g.elementwise('Not', [x], 'bool');

export function where(g: Graph, condition: Value, t: Value, e: Value): Value {
  const test = cast(g, condition, 'bool');
  if (t.dtype !== 'bool') return g.elementwise('Where', [test, t, e], t.dtype);
  return cast(g, g.elementwise('Where', [test, cast(g, t, 'int32'), cast(g, e, 'int32')], 'int32'), 'bool');
}

const comparison =
  (op: string): Lowering =>
  (g, { a, b }) => {
    const [x, y] = a!.dtype === 'bool' ? [cast(g, a!, 'int32'), cast(g, b!, 'int32')] : [a!, b!];
    return g.elementwise(op, [x, y], 'bool');
  };

const logical =
  (op: string): Lowering =>
  (g, { a, b }) =>
    g.elementwise(op, [cast(g, a!, 'bool'), cast(g, b!, 'bool')], 'bool');

/** A property of float32 numbers that all numbers of the other types have, or none. */
const property =
  (ofOthers: boolean, ofFloats: (g: Graph, x: Value) => Value): Lowering =>
  (g, { x }) =>
    x!.dtype === 'float32' ? ofFloats(g, x!) : g.broadcastTo(g.scalar(Number(ofOthers), 'bool'), x!.shape);

export const isNaN = (g: Graph, x: Value): Value => g.elementwise('IsNaN', [x], 'bool');
const isInf = (g: Graph, x: Value): Value => g.elementwise('IsInf', [x], 'bool');

export const choice: Lowerings = {
  IsNan: property(false, isNaN),
  IsInf: property(false, isInf),
  IsFinite: property(true, (g, x) => not(g, g.elementwise('Or', [isNaN(g, x), isInf(g, x)], 'bool'))),
  Equal: comparison('Equal'),
  NotEqual: (g, inputs, attributes) => not(g, comparison('Equal')(g, inputs, attributes) as Value),
  Greater: comparison('Greater'),
  GreaterEqual: comparison('GreaterOrEqual'),
  Less: comparison('Less'),
  LessEqual: comparison('LessOrEqual'),
  LogicalAnd: logical('And'),
  LogicalOr: logical('Or'),
  LogicalNot: (g, { x }) => not(g, cast(g, x!, 'bool')),
  Select: (g, { condition, t, e }) => {
    // A condition of rank 1 picks whole rows of t and e.
    const rank = t!.shape.length;
    const rows = condition!.shape.length === 1 && rank > 1;
    const shape = rows ? [...condition!.shape, ...Array.from({ length: rank - 1 }, () => 1)] : condition!.shape;
    const test = rows ? g.emit('Reshape', [g.full(condition!), g.int64s(shape)], { shape, dtype: 'bool' }) : condition!;
    const type = tf.backend_util.upcastType(t!.dtype as tf.DataType, e!.dtype as tf.DataType) as ElementType;
    return where(g, test, cast(g, t!, type), cast(g, e!, type));
  },
};
