/**
 * Arguments and results of compiled functions are nested records and arrays of tensors. This file takes such a
 * structure apart into a flat list of tensors and a description of the rest, and puts it together again.
 *
 * Numbers, strings, booleans, null and undefined are static: they belong to the description, so that another value
 * means another trace. Record keys are visited in sorted order; their order at the caller does not matter.
 */
import { tf } from '#tf';

export type Structure =
  | tf.Tensor
  | number
  | string
  | boolean
  | null
  | undefined
  | readonly Structure[]
  | { readonly [key: string]: Structure };

/** What remains of a structure when its tensors are numbered off. */
export type Skeleton =
  | { readonly kind: 'tensor'; readonly index: number }
  | { readonly kind: 'static'; readonly value: number | string | boolean | null | undefined }
  | { readonly kind: 'array'; readonly items: readonly Skeleton[] }
  | { readonly kind: 'record'; readonly entries: readonly (readonly [string, Skeleton])[] };

export interface Flattened {
  readonly tensors: tf.Tensor[];
  readonly skeleton: Skeleton;
}

/** @param name what the structure is, for messages */
export function flatten(structure: unknown, name: string): Flattened {
  const tensors: tf.Tensor[] = [];
  const visit = (part: unknown, path: string, around: readonly unknown[]): Skeleton => {
    if (part instanceof tf.Tensor) {
      const tensor = part as tf.Tensor;
      if (tensor.isDisposed) throw new Error(`${path} is a tensor that was disposed`);
      return { kind: 'tensor', index: tensors.push(tensor) - 1 };
    }
    if (around.includes(part)) throw new Error(`${path} is a part of itself`);
    const within = [...around, part];
    if (Array.isArray(part)) {
      const named = Object.keys(part).find((key) => !(Number(key) < part.length));
      if (named !== undefined) throw new Error(`${path} is an array with the property "${named}"; use a record`);
      const items = Array.from(part, (item, i) => visit(item, `${path}[${i}]`, within)); // holes as well
      return { kind: 'array', items };
    }
    if (part === null || part === undefined || ['number', 'string', 'boolean'].includes(typeof part))
      return { kind: 'static', value: part as number | string | boolean | null | undefined };
    if (typeof part === 'object' && [Object.prototype, null].includes(Object.getPrototypeOf(part) as object | null)) {
      const keys = Object.keys(part).sort();
      const [symbol] = Object.getOwnPropertySymbols(part);
      if (symbol) throw new Error(`${path} has the key ${String(symbol)}; the keys of records are strings`);
      return {
        kind: 'record',
        entries: keys.map((key) => [key, visit((part as Record<string, unknown>)[key], `${path}.${key}`, within)]),
      };
    }
    const what = typeof part === 'function' ? 'a function' : `a ${(part as object).constructor?.name ?? typeof part}`;
    throw new Error(
      `${path} is ${what}; arguments and results are tensors, plain values, and records and arrays of them`,
    );
  };
  return { skeleton: visit(structure, name, []), tensors };
}

export function unflatten(skeleton: Skeleton, tensors: readonly tf.Tensor[]): unknown {
  switch (skeleton.kind) {
    case 'tensor':
      return tensors[skeleton.index];
    case 'static':
      return skeleton.value;
    case 'array':
      return skeleton.items.map((item) => unflatten(item, tensors));
    case 'record':
      return Object.fromEntries(skeleton.entries.map(([key, item]) => [key, unflatten(item, tensors)]));
  }
}

/**
 * One text per combination of structure, static values, shapes and types: the key of the session cache. No two
 * combinations share one: every kind of part is written in a form of its own, strings and keys in quotes.
 */
export function signatureOf({ skeleton, tensors }: Flattened): string {
  const visit = (part: Skeleton): string => {
    switch (part.kind) {
      case 'tensor':
        return `${tensors[part.index]!.dtype}<${tensors[part.index]!.shape}>`;
      case 'static':
        // JSON has no -0, NaN, infinities or undefined; `String` tells them apart but for the sign of zero.
        if (typeof part.value === 'string') return JSON.stringify(part.value);
        return Object.is(part.value, -0) ? '-0' : String(part.value);
      case 'array':
        return `[${part.items.map(visit).join(',')}]`;
      case 'record':
        return `{${part.entries.map(([key, item]) => `${JSON.stringify(key)}:${visit(item)}`).join(',')}}`;
    }
  };
  return visit(skeleton);
}
