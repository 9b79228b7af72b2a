/** Compiles TensorFlow.js functions to ONNX graphs and runs them in ONNX Runtime. */
export { compile, exportOnnx, type Compiled, type CompileOptions } from './compile.js';
export { providers, type Provider, type SessionOptions } from './session.js';
export { TraceError } from './trace.js';
