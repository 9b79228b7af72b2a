/**
 * What a lowering is: the function that appends a TensorFlow.js kernel's ONNX nodes to a graph. Each file of this folder
 * holds those of one family, and `table.ts` puts the families together.
 */
import type { Graph, Value } from '../graph.js';

/** A kernel's attributes as TensorFlow.js passes them; each lowering knows those of its kernel. */
export type Attributes = Readonly<Record<string, unknown>>;
/** Inputs by name, as in TensorFlow.js's kernel definitions; kernels over a list get an array. */
export type Inputs = Readonly<Record<string, Value>>;
export type Lowering = (graph: Graph, inputs: Inputs, attributes: Attributes) => Value | Value[];
export type Lowerings = Readonly<Record<string, Lowering>>;
