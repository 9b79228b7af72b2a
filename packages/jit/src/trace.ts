/**
 * Tracing: runs a TensorFlow.js function once on a backend whose tensors hold names instead of numbers, and collects
 * the kernels it calls (those of the backward pass too, since TensorFlow.js differentiates by calling kernels) as an
 * ONNX graph.
 */
import { tf } from '#tf';
import { enter, type Entry } from './call-site.js';
import type { Graph } from './graph.js';
import { purely } from './purity.js';
import { flatten, unflatten, type Flattened, type Skeleton } from './structure.js';
import { backendName, elementType, openBackend } from './trace-backend.js';
import { traceError } from './trace-error.js';

export interface Traced {
  readonly graph: Graph;
  /** How the results are put together again from the graph's outputs. */
  readonly results: Skeleton;
}

/** @throws TraceError inside a trace, whose tensors have no values to compute with. */
export function refuseInsideTrace(entry: Entry): void {
  if (tf.getBackend() !== backendName) return;
  throw traceError(
    'a compiled function was called while another is being traced; call the plain function there',
    entry,
  );
}

/** A function that chooses another backend leaves the trace, and what it does then is of no use. */
function refuseAnotherBackend(): void {
  const current = tf.getBackend();
  if (current !== backendName)
    throw traceError(`the function chooses the backend "${current}"; choose it outside`, refuseAnotherBackend);
}

/**
 * Runs `fn` once on symbolic tensors with the shapes and types of `args`; returns its graph.
 *
 * @param outermost the engine's function that the user has called, for messages
 */
export function trace(fn: (...args: never[]) => unknown, args: Flattened, outermost: Entry): Traced {
  refuseInsideTrace(outermost);
  tf.backend(); // there must be one to come back to; TensorFlow.js says what to do where it has to be awaited
  const previous = tf.getBackend();
  const opened = openBackend();
  const graph = opened.begin();
  let results: Skeleton | undefined;
  const run = () => {
    const inputs = args.tensors.map((t) => opened.tensor(graph.input(t.shape, elementType(t.dtype, outermost))));
    let returned: unknown;
    try {
      returned = fn(...(unflatten(args.skeleton, inputs) as never[])); // called from here: see call-site.ts
    } finally {
      refuseAnotherBackend(); // before any other error, of which it is the likely cause
    }
    if (returned instanceof Promise) {
      returned.catch(() => undefined); // it failed for want of values, most likely; the message below is the cause
      throw traceError('the function is asynchronous; a function that is compiled must return at once', trace);
    }
    const flat = flatten(returned, 'the result');
    for (const tensor of flat.tensors) graph.output(opened.valueBehind(tensor, trace));
    results = flat.skeleton;
  };
  void tf.setBackend(backendName); // synchronous for a backend that is already made
  try {
    purely(() => enter((inside) => tf.tidy(inside), run, outermost));
    return { graph, results: results! };
  } finally {
    void tf.setBackend(previous);
    opened.begin();
  }
}
