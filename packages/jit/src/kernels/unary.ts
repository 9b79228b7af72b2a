/**
 * Elementwise kernels of one tensor. They run on what is stored (see graph.ts), so broadcasting costs nothing here.
 *
 * Where the two worlds differ: near 0, log(1 + x) and exp(x) − 1 lose their digits in float32, and are mended by the error
 * that the rounding has made; ONNX's Sign of NaN is NaN, TensorFlow.js's is 0; Step gives `alpha` at 0 and below;
 * TensorFlow.js's absolute values of int32 are rounded to float32 on the way, which nobody can mean.
 *
 * ONNX Runtime's sigmoid and tanh are good to 1e-7 of their range, not of their value. TensorFlow.js's erf is a
 * polynomial good to 1e-7, ONNX's is the better one.
 */
import type { Graph, Value } from '../graph.js';
import { binary } from './binary.js';
import { cast, requireFloat, requireNumbers } from './cast.js';
import { isNaN, where } from './choice.js';
import type { Lowering, Lowerings } from './lowering.js';

const unary =
  (op: string): Lowering =>
  (g, { x }) => {
    requireFloat(x!);
    return g.elementwise(op, [x!], x!.dtype);
  };

/** For operators that ONNX has for int32 too. */
const numeric =
  (op: string): Lowering =>
  (g, { x }) => {
    requireNumbers(x!);
    return g.elementwise(op, [x!], x!.dtype);
  };

const one = (g: Graph): Value => g.scalar(1);
const zero = (g: Graph): Value => g.scalar(0);
const isSmall = (g: Graph, x: Value): Value =>
  g.elementwise('Less', [g.elementwise('Abs', [x], 'float32'), g.scalar(0.7)], 'bool');

/** exp(x) − 1: with u = exp(x) as it was rounded, u − 1 is exact near 0, and log(u) tells how far u is from exp(x). */
function expm1(g: Graph, x: Value): Value {
  const u = g.elementwise('Exp', [x], 'float32');
  const less = g.elementwise('Sub', [u, one(g)], 'float32');
  const mended = binary(g, 'Mul', less, binary(g, 'Div', x, g.elementwise('Log', [u], 'float32')));
  const careful = where(g, g.elementwise('Equal', [less, zero(g)], 'bool'), x, mended);
  return where(g, isSmall(g, x), careful, less);
}

/** log(1 + x): with u = 1 + x as it was rounded, u − 1 is what log(u) belongs to. */
function log1p(g: Graph, x: Value): Value {
  const u = g.elementwise('Add', [x, one(g)], 'float32');
  const log = g.elementwise('Log', [u], 'float32');
  const less = g.elementwise('Sub', [u, one(g)], 'float32');
  const mended = binary(g, 'Mul', log, binary(g, 'Div', x, less));
  const careful = where(g, g.elementwise('Equal', [less, zero(g)], 'bool'), x, mended);
  return where(g, isSmall(g, x), careful, log);
}

/** x from 0 up, `scale` (exp(x) − 1) below. */
const exponentialUnit = (g: Graph, x: Value, above: Value, scale: number): Value =>
  where(
    g,
    g.elementwise('GreaterOrEqual', [x, zero(g)], 'bool'),
    above,
    binary(g, 'Mul', expm1(g, x), g.scalar(scale)),
  );

/**
 * 1 above 0, `alpha` elsewhere, NaN for NaN. This is the gradient of ReLUs, so it has a fast form: from the smallest
 * normal number upwards, x·2¹²⁷ is at least 1.
 */
function step(g: Graph, x: Value, alpha: number): Value {
  requireNumbers(x);
  if (x.dtype === 'float32' && alpha >= 0 && alpha <= 1) {
    const steep = g.elementwise('Mul', [x, g.scalar(2 ** 127)], 'float32');
    return g.elementwise('Clip', [steep, g.scalar(alpha), one(g)], 'float32');
  }
  const positive = g.elementwise('Greater', [x, g.scalar(0, x.dtype)], 'bool');
  const chosen = where(g, positive, g.scalar(1, x.dtype), g.scalar(alpha, x.dtype));
  return x.dtype === 'float32' ? where(g, isNaN(g, x), x, chosen) : chosen;
}

function clip(g: Graph, x: Value, low: number, high: number): Value {
  requireNumbers(x);
  const [a, b] = [low, high].map((bound) => (Number.isNaN(bound) ? undefined : bound));
  const bounded = a === undefined || a === -Infinity ? x : bound('Max', x, a);
  return b === undefined || b === Infinity ? bounded : bound('Min', bounded, b);

  function bound(op: 'Max' | 'Min', value: Value, limit: number): Value {
    const inRange = x.dtype === 'int32' ? Math.min(2 ** 31 - 1, Math.max(-(2 ** 31), limit)) : limit;
    return g.elementwise(op, [value, g.scalar(inRange, x.dtype)], x.dtype);
  }
}

const selu = { alpha: 1.6732632423543772, scale: 1.0507009873554805 }; // Klambauer et al., 2017

export const unaries: Lowerings = {
  Abs: numeric('Abs'),
  Acos: unary('Acos'),
  Acosh: unary('Acosh'),
  Asin: unary('Asin'),
  Asinh: unary('Asinh'),
  Atan: unary('Atan'),
  Atanh: unary('Atanh'),
  Ceil: unary('Ceil'),
  Cos: unary('Cos'),
  Cosh: unary('Cosh'),
  Elu: (g, { x }) => {
    requireFloat(x!);
    return exponentialUnit(g, x!, x!, 1);
  },
  Erf: unary('Erf'),
  Exp: unary('Exp'),
  Expm1: (g, { x }) => {
    requireFloat(x!);
    return expm1(g, x!);
  },
  Floor: unary('Floor'),
  Identity: (_, { x }) => x!,
  Log: unary('Log'),
  Log1p: (g, { x }) => {
    requireFloat(x!);
    return log1p(g, x!);
  },
  Neg: numeric('Neg'),
  Reciprocal: unary('Reciprocal'),
  Relu: numeric('Relu'),
  Relu6: (g, { x }) => clip(g, x!, 0, 6),
  Round: (g, { x }) => (x!.dtype === 'float32' ? g.elementwise('Round', [x!], x!.dtype) : x!),
  Rsqrt: (g, { x }) => {
    requireFloat(x!);
    return g.elementwise('Reciprocal', [g.elementwise('Sqrt', [x!], 'float32')], 'float32');
  },
  Selu: (g, { x }) => {
    requireFloat(x!);
    return exponentialUnit(g, x!, binary(g, 'Mul', x!, g.scalar(selu.scale)), selu.scale * selu.alpha);
  },
  Sigmoid: unary('Sigmoid'),
  Sign: (g, { x }) => {
    requireNumbers(x!);
    const sign = g.elementwise('Sign', [x!], x!.dtype);
    return x!.dtype === 'float32' ? where(g, isNaN(g, x!), zero(g), sign) : sign;
  },
  Sin: unary('Sin'),
  Sinh: unary('Sinh'),
  Softplus: unary('Softplus'),
  Sqrt: unary('Sqrt'),
  Square: (g, { x }) => {
    requireNumbers(x!);
    return binary(g, 'Mul', x!, x!);
  },
  Step: (g, { x }, { alpha }) => step(g, x!, (alpha as number | undefined) ?? 0),
  Tan: unary('Tan'),
  Tanh: unary('Tanh'),
  LeakyRelu: (g, { x }, { alpha }) =>
    g.elementwise('LeakyRelu', [cast(g, x!, 'float32')], 'float32', { alpha: { float: alpha as number } }),
  ClipByValue: (g, { x }, { clipValueMin, clipValueMax }) =>
    clip(g, x!, clipValueMin as number, clipValueMax as number),
  Cast: (g, { x }, { dtype }) => cast(g, x!, dtype as Value['dtype']),
};
