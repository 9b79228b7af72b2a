/**
 * The graph under construction: an ordered list of ONNX nodes over named values.
 *
 * A `Value` is what a traced tensor holds instead of numbers: the name of an ONNX value, its shape and its type.
 * Broadcasting is lazy: `shape` is what TensorFlow.js sees, `stored` is what the named ONNX value really has, and it
 * broadcasts to `shape`. Gradients are full of `dy · ones(shape)`; kept lazy, those cost
 * nothing, since ONNX's elementwise operators broadcast by themselves. `full` inserts the Expand where an operator
 * needs every element.
 *
 * Operator set 18 (axes of reductions are inputs). Nothing here knows TensorFlow.js kernels: see kernels/.
 */

/**
 * Element types a traced value can have. Inside a lowering there are two more: int64 for index and shape operands, and
 * float64 where TensorFlow.js's double precision decides the result.
 */
export type ElementType = 'float32' | 'int32' | 'bool' | 'int64' | 'float64';
export type Elements = Float32Array | Int32Array | Uint8Array | BigInt64Array | Float64Array;

export interface Value {
  readonly name: string;
  readonly shape: readonly number[];
  readonly stored: readonly number[];
  readonly dtype: ElementType;
  /** The number every element has, when that is known at trace time. */
  readonly splat?: number;
  /** The elements, when known at trace time (captured or literal tensors). */
  readonly elements?: Elements;
}

export type Attribute = number | string | readonly number[] | { readonly float: number };

export interface Node {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, Attribute>>;
}

export interface Initializer {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: ElementType;
  readonly elements: Elements;
}

export interface OutputType {
  readonly shape: readonly number[];
  readonly dtype: ElementType;
}

export const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);
export const sameShape = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((n, i) => n === b[i]);

/** The shape of an elementwise result (NumPy's rule); an error names both shapes. */
export function broadcastShape(a: readonly number[], b: readonly number[]): number[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, i) => {
    const m = a[a.length - rank + i] ?? 1;
    const n = b[b.length - rank + i] ?? 1;
    if (m !== n && m !== 1 && n !== 1) throw new Error(`shapes [${a}] and [${b}] do not broadcast`);
    return m === 1 ? n : m;
  });
}

export class Graph {
  readonly nodes: Node[] = [];
  readonly initializers: Initializer[] = [];
  readonly inputs: Value[] = [];
  readonly outputs: Value[] = [];
  readonly #small = new Map<string, Value>();
  #count = 0;

  #fresh(prefix: string): string {
    return `${prefix}_${this.#count++}`;
  }

  input(shape: readonly number[], dtype: ElementType): Value {
    const value: Value = { name: `arg_${this.inputs.length}`, shape, stored: shape, dtype };
    this.inputs.push(value);
    return value;
  }

  /** Marks `value` as the next output; an Identity gives it a name of its own, so that one value can be returned twice. */
  output(value: Value): void {
    const whole = this.full(value);
    const name = `result_${this.outputs.length}`;
    this.nodes.push({ op: 'Identity', inputs: [whole.name], outputs: [name], attributes: {} });
    this.outputs.push({ name, shape: value.shape, stored: value.shape, dtype: value.dtype });
  }

  /** A node with one output; inputs are taken as stored, so pass `full(x)` where the operator does not broadcast. */
  emit(
    op: string,
    inputs: readonly (Value | undefined)[],
    out: OutputType,
    attributes: Node['attributes'] = {},
  ): Value {
    return this.emitMany(op, inputs, [out], attributes)[0]!;
  }

  emitMany(
    op: string,
    inputs: readonly (Value | undefined)[],
    outs: readonly OutputType[],
    attributes: Node['attributes'] = {},
  ): Value[] {
    // A tensor without elements is a constant, whatever it was to be computed from; ONNX Runtime fails on some.
    const values = outs.map(({ shape, dtype }) =>
      sizeOf(shape) === 0 ? this.#nothing(shape, dtype) : { name: this.#fresh(op), shape, stored: shape, dtype },
    );
    if (outs.every(({ shape }) => sizeOf(shape) === 0)) return values;
    this.nodes.push({ op, inputs: inputs.map((v) => v?.name ?? ''), outputs: values.map((v) => v.name), attributes });
    return values;
  }

  /** An elementwise node over any number of operands, computed on what is stored. */
  elementwise(op: string, inputs: readonly Value[], dtype: ElementType, attributes: Node['attributes'] = {}): Value {
    const shape = inputs.map((v) => v.shape).reduce(broadcastShape);
    const stored = inputs.map((v) => v.stored).reduce(broadcastShape);
    return { ...this.emit(op, inputs, { shape: stored, dtype }, attributes), shape, stored };
  }

  /** The value seen with another logical shape that it broadcasts to; costs nothing. */
  broadcastTo(value: Value, shape: readonly number[]): Value {
    return { ...value, shape };
  }

  /** The value with every element in memory. */
  full(value: Value): Value {
    if (sameShape(value.stored, value.shape)) return value;
    return this.emit('Expand', [value, this.int64s(value.shape)], { shape: value.shape, dtype: value.dtype });
  }

  constant(elements: Elements, shape: readonly number[], dtype: ElementType): Value {
    const first = elements[0];
    const uniform = elements.length > 0 && sizeOf(shape) > 1 && elements.every((x) => Object.is(x, first));
    if (uniform) return this.broadcastTo(this.scalar(Number(first), dtype), shape);
    if (elements.length === 1) return this.broadcastTo(this.scalar(Number(first), dtype), shape);
    const name = this.#fresh('const');
    this.initializers.push({ name, shape, dtype, elements });
    return { name, shape, stored: shape, dtype, elements };
  }

  scalar(x: number, dtype: ElementType = 'float32'): Value {
    const elements =
      dtype === 'float32'
        ? Float32Array.of(x)
        : dtype === 'int32'
          ? Int32Array.of(x)
          : dtype === 'bool'
            ? Uint8Array.of(x)
            : dtype === 'float64'
              ? Float64Array.of(x)
              : BigInt64Array.of(BigInt(x));
    return this.#shared(`${dtype} ${Object.is(x, -0) ? '-0' : x}`, () => ({
      ...this.#raw(elements, [], dtype),
      splat: x,
    }));
  }

  /** A one-dimensional int64 operand: a shape, axes, pads. */
  int64s(list: readonly number[]): Value {
    return this.#shared(`int64s ${list}`, () => this.#raw(BigInt64Array.from(list, BigInt), [list.length], 'int64'));
  }

  #nothing(shape: readonly number[], dtype: ElementType): Value {
    const none = {
      float32: Float32Array,
      int32: Int32Array,
      bool: Uint8Array,
      int64: BigInt64Array,
      float64: Float64Array,
    };
    return this.#shared(`${dtype} [${shape}]`, () => this.#raw(new none[dtype](0), shape, dtype));
  }

  #raw(elements: Elements, shape: readonly number[], dtype: ElementType): Value {
    const name = this.#fresh('const');
    this.initializers.push({ name, shape, dtype, elements });
    return { name, shape, stored: shape, dtype, elements };
  }

  #shared(key: string, make: () => Value): Value {
    const known = this.#small.get(key);
    if (known) return known;
    const made = make();
    this.#small.set(key, made);
    return made;
  }
}
