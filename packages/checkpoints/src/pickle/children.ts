/**
 * The values inside a value, whatever holds them.
 *
 * Keys count as children too: a crafted dict may have a tuple of tuples for a key.
 */
import { PyDict, PyList, PyObject, PySet, PyTuple, type PyValue } from './values.js';

/** A value that holds others. */
export type PyContainer = PyTuple | PyList | PySet | PyDict | PyObject;

export function isContainer(value: PyValue | undefined): value is PyContainer {
  return (
    value instanceof PyTuple ||
    value instanceof PyList ||
    value instanceof PySet ||
    value instanceof PyDict ||
    value instanceof PyObject
  );
}

/** The children in order, one at a time, so that a large container is not copied. */
export function* children(value: PyContainer): Generator<PyValue, undefined> {
  if (value instanceof PyDict || value instanceof PyObject) {
    if (value instanceof PyObject) {
      yield value.args;
      if (value.kwargs !== undefined) yield value.kwargs;
      yield* value.items;
    }
    for (const [key, item] of value.entries) {
      yield key;
      yield item;
    }
    if (value.state !== undefined) yield value.state;
  } else {
    yield* value.items;
  }
  return undefined;
}
