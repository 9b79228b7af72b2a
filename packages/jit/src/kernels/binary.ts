/**
 * Elementwise arithmetic of two tensors. It runs on what is stored (see graph.ts), so broadcasting costs nothing here.
 *
 * Where the two worlds differ: TensorFlow's Mod and FloorDiv round towards minus infinity. TensorFlow.js computes them,
 * and products and powers of int32, in double precision and stores the result, so they are computed in float64 here. ONNX has no
 * arc tangent of two arguments; its power takes 1 to any exponent as 1, JavaScript's is NaN for an infinite one.
 */
import { broadcastShape, type Graph, type Value } from '../graph.js';
import { cast, requireFloat, requireNumbers } from './cast.js';
import { isNaN, where } from './choice.js';
import type { Lowering, Lowerings } from './lowering.js';

/**
 * The operand alone when the other one is the operation's neutral element; saves most of a gradient's bookkeeping. Of −0
 * and 0 the sum is −0 then, which only a division can tell.
 */
function withoutNeutral(g: Graph, op: string, a: Value, b: Value): Value | undefined {
  const neutral = { Add: 0, Sub: 0, Mul: 1, Div: 1 }[op];
  if (neutral === undefined || a.dtype !== 'float32') return undefined;
  const shape = broadcastShape(a.shape, b.shape);
  if (b.splat === neutral) return g.broadcastTo(a, shape);
  if (a.splat === neutral && (op === 'Add' || op === 'Mul')) return g.broadcastTo(b, shape);
  return undefined;
}

export function binary(g: Graph, op: string, a: Value, b: Value): Value {
  requireNumbers(a, b);
  if (op === 'Mul' && a.dtype === 'int32')
    return cast(g, g.elementwise(op, [cast(g, a, 'float64'), cast(g, b, 'float64')], 'float64'), 'int32');
  return withoutNeutral(g, op, a, b) ?? g.elementwise(op, [a, b], a.dtype);
}

const arithmetic =
  (op: string): Lowering =>
  (g, { a, b }) =>
    binary(g, op, a!, b!);

const comparison = (g: Graph, op: 'Less' | 'Equal' | 'Greater', a: Value, b: Value): Value =>
  g.elementwise(op, [a, b], 'bool');

/** ⌊a / b⌋ as int32; whatever is divided by 0 gives 0, as an infinity becomes when it is stored. */
function floorDivide(g: Graph, a: Value, b: Value): Value {
  const quotient = g.elementwise('Div', [cast(g, a, 'float64'), cast(g, b, 'float64')], 'float64');
  return cast(g, g.elementwise('Floor', [quotient], 'float64'), 'int32');
}

/** The remainder with the sign of the divisor. */
function modulo(g: Graph, a: Value, b: Value): Value {
  const [x, y] = [cast(g, a, 'float64'), cast(g, b, 'float64')];
  const zero = g.scalar(0, 'float64');
  const remainder = (of: Value) => g.elementwise('Mod', [of, y], 'float64', { fmod: 1 });
  const truncated = remainder(x);
  const signs = [x, y].map((v) => comparison(g, 'Less', v, zero)) as [Value, Value];
  const differ = g.elementwise('Xor', signs, 'bool');
  return cast(g, where(g, differ, remainder(g.elementwise('Add', [truncated, y], 'float64')), truncated), a.dtype);
}

/** Powers with an exponent known to be simple avoid the general, slow Pow. */
function power(g: Graph, a: Value, b: Value): Value {
  requireNumbers(a, b);
  const shape = broadcastShape(a.shape, b.shape);
  const base = g.broadcastTo(a, shape);
  if (a.dtype !== 'float32')
    return cast(g, g.elementwise('Pow', [cast(g, a, 'float64'), cast(g, b, 'float64')], 'float64'), a.dtype);
  if (b.splat === 1) return base;
  if (b.splat === 2) return g.elementwise('Mul', [base, base], a.dtype);
  if (b.splat === 3) return g.elementwise('Mul', [base, g.elementwise('Mul', [base, base], a.dtype)], a.dtype);
  if (b.splat === -1) return g.elementwise('Reciprocal', [base], a.dtype);
  const result = g.elementwise('Pow', [a, b], a.dtype);
  if (Number.isFinite(b.splat)) return result;
  const nothing = g.elementwise('Sub', [b, b], b.dtype); // NaN where the exponent is not finite
  const unit = comparison(g, 'Equal', g.elementwise('Abs', [a], a.dtype), g.scalar(1));
  return where(g, g.elementwise('And', [unit, isNaN(g, nothing)], 'bool'), nothing, result);
}

/** Whether the sign bit is set, that of −0 too. */
function isNegative(g: Graph, x: Value): Value {
  const zero = g.scalar(0);
  const reciprocal = g.elementwise('Reciprocal', [x], 'float32'); // −∞ for −0
  return comparison(g, 'Less', where(g, comparison(g, 'Equal', x, zero), reciprocal, x), zero);
}

/** The angle of the point (x, y): the arc tangent within an octant, mirrored into the point's. */
function atan2(g: Graph, y: Value, x: Value): Value {
  requireFloat(y);
  requireFloat(x);
  const [height, width] = [y, x].map((v) => g.elementwise('Abs', [v], 'float32')) as [Value, Value];
  const low = g.elementwise('Min', [height, width], 'float32');
  const high = g.elementwise('Max', [height, width], 'float32');
  const zero = g.scalar(0);
  // Two infinities are on the diagonal, two zeros on the axis.
  const tangent = where(
    g,
    comparison(g, 'Equal', low, high),
    g.scalar(1),
    g.elementwise('Div', [low, high], 'float32'),
  );
  const ratio = where(g, comparison(g, 'Equal', high, zero), zero, tangent);
  const octant = g.elementwise('Atan', [ratio], 'float32');
  const mirrored = (test: Value, of: Value, from: number) =>
    where(g, test, g.elementwise('Sub', [g.scalar(from), of], 'float32'), of);
  const quadrant = mirrored(comparison(g, 'Greater', height, width), octant, Math.PI / 2);
  const half = mirrored(isNegative(g, x), quadrant, Math.PI);
  return where(g, isNegative(g, y), g.elementwise('Neg', [half], 'float32'), half);
}

export const binaries: Lowerings = {
  Add: arithmetic('Add'),
  Sub: arithmetic('Sub'),
  Multiply: arithmetic('Mul'),
  RealDiv: arithmetic('Div'),
  Maximum: arithmetic('Max'),
  Minimum: arithmetic('Min'),
  AddN: (g, inputs) => Object.values(inputs).reduce((a, b) => binary(g, 'Add', a, b)),
  FloorDiv: (g, { a, b }) => floorDivide(g, a!, b!),
  Mod: (g, { a, b }) => {
    requireNumbers(a!, b!);
    return modulo(g, a!, b!);
  },
  Pow: (g, { a, b }) => power(g, a!, b!),
  Atan2: (g, { a, b }) => atan2(g, a!, b!),
  SquaredDifference: (g, { a, b }) => {
    const [x, y] = a!.dtype === 'int32' ? [cast(g, a!, 'float64'), cast(g, b!, 'float64')] : [a!, b!];
    const difference = binary(g, 'Sub', x, y);
    return cast(g, g.elementwise('Mul', [difference, difference], x.dtype), a!.dtype);
  },
  Prelu: (g, { x, alpha }) => {
    const [value, slope] = [cast(g, x!, 'float32'), cast(g, alpha!, 'float32')];
    return where(g, comparison(g, 'Less', value, g.scalar(0)), binary(g, 'Mul', value, slope), value);
  },
  EluGrad: (g, { dy, y }) =>
    where(
      g,
      g.elementwise('GreaterOrEqual', [y!, g.scalar(0)], 'bool'),
      dy!,
      binary(g, 'Mul', dy!, binary(g, 'Add', y!, g.scalar(1))),
    ),
  FusedBatchNorm: (g, inputs, { varianceEpsilon }) => {
    Object.values(inputs).forEach(requireFloat);
    const { x, scale, offset, mean, variance } = inputs;
    const deviation = g.elementwise(
      'Sqrt',
      [binary(g, 'Add', variance!, g.scalar(varianceEpsilon as number))],
      'float32',
    );
    const normal = binary(g, 'Div', binary(g, 'Sub', x!, mean!), deviation);
    const scaled = scale ? binary(g, 'Mul', normal, scale) : normal;
    return offset ? binary(g, 'Add', scaled, offset) : scaled;
  },
};
