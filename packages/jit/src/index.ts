/** Compiles TensorFlow.js functions to ONNX graphs and runs them in ONNX Runtime. */
export { compile, exportOnnx, type Compiled, type CompileOptions } from './compile.js';
export { uncompiled } from './uncompiled.js';
export { providers, type Provider, type Runtime, type Session, type SessionOptions } from './runtime/runtime.js';
export { TraceError } from './trace-error.js';
