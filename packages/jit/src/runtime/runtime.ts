/**
 * What runs a graph. The engine traces functions and hands over ONNX models; a runtime opens sessions for them and
 * knows nothing of TensorFlow.js: typed arrays go in and come out. `node.ts` is the one for Node.
 */
import type { ElementType, Elements } from '../graph.js';
import type { SessionModel } from '../onnx-model.js';

export type Provider = 'cpu' | 'webgpu' | 'cuda';
export const providers: readonly Provider[] = ['cpu', 'webgpu', 'cuda'];

export interface SessionOptions {
  /** Where the graph runs; `cpu` by default. */
  provider?: Provider;
  /** Threads inside an operator; 0, the default, takes one per core. */
  threads?: number;
}

/** The name, shape and type of an input or output of a graph. */
export interface Port {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: ElementType;
}

/** A graph made ready to run. */
export interface Session {
  /** Runs the graph on the elements of `inputs`, in their order; gives those of `outputs`, fresh arrays. */
  run(inputs: readonly Elements[]): Promise<Elements[]>;
  /** Frees the session; no run may be in flight. */
  release(): Promise<void>;
}

export interface Runtime {
  /** @throws Error with one line when the provider is absent or refuses the graph */
  open(
    model: SessionModel,
    ports: { readonly inputs: readonly Port[]; readonly outputs: readonly Port[] },
    options: SessionOptions,
  ): Promise<Session>;
}
