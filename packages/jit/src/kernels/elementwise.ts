/**
 * Elementwise kernels. They run on what is stored (see graph.ts), so broadcasting costs nothing here.
 *
 * Where the two worlds differ: TensorFlow's Mod and FloorDiv round towards minus infinity; comparisons of booleans and
 * Where on booleans go through int32, since ONNX Runtime has no such kernels; Step gives `alpha` at 0 and below.
 */
import type { Graph, Value, ElementType } from '../graph.js';
import { broadcastShape } from '../graph.js';
import type { Lowering, Lowerings } from './lowering.js';

export const cast = (g: Graph, x: Value, dtype: ElementType): Value => {
  if (x.dtype === dtype) return x;
  const to = { float32: 1, int32: 6, int64: 7, bool: 9 } satisfies Record<ElementType, number>;
  return g.elementwise('Cast', [x], dtype, { to: to[dtype] });
};

const unary =
  (op: string): Lowering =>
  (g, { x }) =>
    g.elementwise(op, [x!], x!.dtype);

/** The operand alone when the other one is the operation's neutral element; saves most of a gradient's bookkeeping. */
function withoutNeutral(g: Graph, op: string, a: Value, b: Value): Value | undefined {
  const neutral = { Add: 0, Sub: 0, Mul: 1, Div: 1 }[op];
  if (neutral === undefined || a.dtype !== 'float32') return undefined;
  const shape = broadcastShape(a.shape, b.shape);
  if (b.splat === neutral) return g.broadcastTo(a, shape);
  if (a.splat === neutral && (op === 'Add' || op === 'Mul')) return g.broadcastTo(b, shape);
  return undefined;
}

export const binary = (g: Graph, op: string, a: Value, b: Value): Value =>
  withoutNeutral(g, op, a, b) ?? g.elementwise(op, [a, b], a.dtype);

const arithmetic =
  (op: string): Lowering =>
  (g, { a, b }) =>
    binary(g, op, a!, b!);

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

const not = (g: Graph, x: Value): Value => g.elementwise('Not', [x], 'bool');

export function where(g: Graph, condition: Value, t: Value, e: Value): Value {
  const test = cast(g, condition, 'bool');
  if (t.dtype !== 'bool') return g.elementwise('Where', [test, t, e], t.dtype);
  return cast(g, g.elementwise('Where', [test, cast(g, t, 'int32'), cast(g, e, 'int32')], 'int32'), 'bool');
}

/** ⌊a / b⌋, still in float32. */
const floorDivide = (g: Graph, a: Value, b: Value): Value =>
  g.elementwise('Floor', [g.elementwise('Div', [cast(g, a, 'float32'), cast(g, b, 'float32')], 'float32')], 'float32');

/** Powers with an exponent known to be simple avoid the general, slow Pow. */
function power(g: Graph, a: Value, b: Value): Value {
  const shape = broadcastShape(a.shape, b.shape);
  const base = g.broadcastTo(a, shape);
  if (a.dtype === 'float32') {
    if (b.splat === 1) return base;
    if (b.splat === 2) return g.elementwise('Mul', [base, base], a.dtype);
    if (b.splat === 3) return g.elementwise('Mul', [base, g.elementwise('Mul', [base, base], a.dtype)], a.dtype);
    if (b.splat === 0.5) return g.elementwise('Sqrt', [base], a.dtype);
    if (b.splat === -1) return g.elementwise('Reciprocal', [base], a.dtype);
  }
  return g.elementwise('Pow', [a, b], a.dtype);
}

const one = (g: Graph): Value => g.scalar(1);
const zero = (g: Graph): Value => g.scalar(0);

export const elementwise: Lowerings = {
  Abs: unary('Abs'),
  Acos: unary('Acos'),
  Acosh: unary('Acosh'),
  Asin: unary('Asin'),
  Asinh: unary('Asinh'),
  Atan: unary('Atan'),
  Atanh: unary('Atanh'),
  Ceil: unary('Ceil'),
  Cos: unary('Cos'),
  Cosh: unary('Cosh'),
  Elu: unary('Elu'),
  Erf: unary('Erf'),
  Exp: unary('Exp'),
  Floor: unary('Floor'),
  Identity: (_, { x }) => x!,
  Log: unary('Log'),
  Neg: unary('Neg'),
  Reciprocal: unary('Reciprocal'),
  Relu: unary('Relu'),
  Round: unary('Round'),
  Selu: unary('Selu'),
  Sigmoid: unary('Sigmoid'),
  Sign: unary('Sign'),
  Sin: unary('Sin'),
  Sinh: unary('Sinh'),
  Softplus: unary('Softplus'),
  Sqrt: unary('Sqrt'),
  Tan: unary('Tan'),
  Tanh: unary('Tanh'),
  Square: (g, { x }) => g.elementwise('Mul', [x!, x!], x!.dtype),
  Rsqrt: (g, { x }) => g.elementwise('Reciprocal', [g.elementwise('Sqrt', [x!], 'float32')], 'float32'),
  Expm1: (g, { x }) => binary(g, 'Sub', g.elementwise('Exp', [x!], 'float32'), one(g)),
  Log1p: (g, { x }) => g.elementwise('Log', [binary(g, 'Add', x!, one(g))], 'float32'),
  LeakyRelu: (g, { x }, { alpha }) =>
    g.elementwise('LeakyRelu', [x!], 'float32', { alpha: { float: alpha as number } }),
  Prelu: (g, { x, alpha }) =>
    where(g, g.elementwise('GreaterOrEqual', [x!, zero(g)], 'bool'), x!, binary(g, 'Mul', x!, alpha!)),
  EluGrad: (g, { dy, y }) =>
    where(
      g,
      g.elementwise('GreaterOrEqual', [y!, zero(g)], 'bool'),
      dy!,
      binary(g, 'Mul', dy!, binary(g, 'Add', y!, one(g))),
    ),
  Step: (g, { x }, { alpha }) => {
    const positive = g.elementwise('Greater', [x!, g.scalar(0, x!.dtype)], 'bool');
    return alpha
      ? where(g, positive, g.scalar(1, x!.dtype), g.scalar(alpha as number, x!.dtype))
      : cast(g, positive, x!.dtype);
  },
  Relu6: (g, { x }) => g.elementwise('Min', [g.elementwise('Relu', [x!], x!.dtype), g.scalar(6, x!.dtype)], x!.dtype),
  ClipByValue: (g, { x }, { clipValueMin, clipValueMax }) =>
    g.elementwise(
      'Min',
      [
        g.elementwise('Max', [x!, g.scalar(clipValueMin as number, x!.dtype)], x!.dtype),
        g.scalar(clipValueMax as number, x!.dtype),
      ],
      x!.dtype,
    ),
  Cast: (g, { x }, { dtype }) => cast(g, x!, dtype as ElementType),
  IsNan: (g, { x }) => g.elementwise('IsNaN', [x!], 'bool'),
  IsInf: (g, { x }) => g.elementwise('IsInf', [x!], 'bool'),
  IsFinite: (g, { x }) =>
    not(g, g.elementwise('Or', [g.elementwise('IsNaN', [x!], 'bool'), g.elementwise('IsInf', [x!], 'bool')], 'bool')),

  Add: arithmetic('Add'),
  Sub: arithmetic('Sub'),
  Multiply: arithmetic('Mul'),
  RealDiv: arithmetic('Div'),
  Maximum: arithmetic('Max'),
  Minimum: arithmetic('Min'),
  AddN: (g, inputs) => Object.values(inputs).reduce((a, b) => binary(g, 'Add', a, b)),
  FloorDiv: (g, { a, b }) => cast(g, floorDivide(g, a!, b!), 'int32'),
  Mod: (g, { a, b }) => binary(g, 'Sub', a!, binary(g, 'Mul', b!, cast(g, floorDivide(g, a!, b!), a!.dtype))),
  Pow: (g, { a, b }) => power(g, a!, b!),
  SquaredDifference: (g, { a, b }) => {
    const difference = binary(g, 'Sub', a!, b!);
    return g.elementwise('Mul', [difference, difference], a!.dtype);
  },
  FusedBatchNorm: (g, { x, scale, offset, mean, variance }, { varianceEpsilon }) => {
    const deviation = g.elementwise(
      'Sqrt',
      [binary(g, 'Add', variance!, g.scalar(varianceEpsilon as number))],
      'float32',
    );
    const normal = binary(g, 'Div', binary(g, 'Sub', x!, mean!), deviation);
    const scaled = scale ? binary(g, 'Mul', normal, scale) : normal;
    return offset ? binary(g, 'Add', scaled, offset) : scaled;
  },
  Atan2: (g, { a, b }) => {
    // atan(a / b) is right for b > 0; elsewhere add or take away half a turn.
    const angle = g.elementwise('Atan', [binary(g, 'Div', a!, b!)], 'float32');
    const below = g.elementwise('Less', [a!, zero(g)], 'bool');
    const turn = where(g, below, g.scalar(-Math.PI), g.scalar(Math.PI));
    return where(g, g.elementwise('Less', [b!, zero(g)], 'bool'), binary(g, 'Add', angle, turn), angle);
  },

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
    return where(g, test, t!, e!);
  },
};
