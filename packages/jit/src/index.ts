/** Compiles TensorFlow.js functions to ONNX graphs and runs them in ONNX Runtime. */
export { compile, exportOnnx, type Compiled, type CompileOptions } from './compile.js';
export { uncompiled } from './uncompiled.js';
export {
  providers,
  type Port,
  type Provider,
  type Runtime,
  type Session,
  type SessionOptions,
} from './runtime/runtime.js';
export type { Elements, ElementType } from './graph.js';
export type { ModelData, SessionModel } from './onnx-model.js';
export { TraceError } from './trace-error.js';
