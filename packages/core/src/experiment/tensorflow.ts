/**
 * TensorFlow's native engine, as `@tensorflow/tfjs-node-gpu` brings it: an optional package, whose binding has to be
 * built (tools/build-tfjs-native.sh) before it works.
 */
import { createRequire } from 'node:module';
import { hasCode, oneLine } from '../errors.js';
import { tf } from '../tensors/tf.js';

const BUILD = 'tools/build-tfjs-native.sh';

/** What the backend tells about itself; TensorFlow.js has no types for it. */
type NativeBackend = { readonly isUsingGpuDevice: boolean; readonly binding: { readonly TF_Version: string } };

/**
 * Loads the engine and makes it TensorFlow.js's backend.
 *
 * @returns what was loaded, such as `TensorFlow 2.15.1 on the CPU`
 * @throws an error that says what is missing and what to do about it
 */
export async function loadTensorflow(): Promise<string> {
  // TensorFlow tells stderr about the processor; 1 leaves its warnings and errors. It is read when the library is loaded.
  process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '1';
  restoreUtil(createRequire(import.meta.url)('node:util') as Record<string, unknown>);
  // A name that is not literal: an optional package that is absent is an error here, not at the type check.
  const name: string = '@tensorflow/tfjs-node-gpu';
  try {
    await import(name);
  } catch (error) {
    throw new Error(adviceFor(error, name), { cause: error });
  }
  if (!(await tf.setBackend('tensorflow'))) throw new Error('its backend does not start');
  const { binding, isUsingGpuDevice } = tf.backend() as unknown as NativeBackend;
  return `TensorFlow ${binding.TF_Version} on ${isUsingGpuDevice ? 'a GPU' : 'the CPU'}`;
}

/** What to do about a failed import. The package's own advice is an install script, which this project leaves off. */
export function adviceFor(error: unknown, name: string): string {
  if (hasCode(error, 'ERR_MODULE_NOT_FOUND'))
    return `the optional package ${name} is not installed, "npm ci" brings it`;
  const message = oneLine(error);
  if (message.includes('can not be found at path')) return `its native binding is not built, ${BUILD} builds it`;
  return `its native binding does not load (${message}), ${BUILD} builds it anew`;
}

/** Gives back two functions of `node:util` that tfjs-node 4.22 calls and Node 23 took away. */
export function restoreUtil(util: Record<string, unknown>): void {
  util['isNullOrUndefined'] ??= (x: unknown) => x === null || x === undefined;
  util['isArray'] ??= Array.isArray;
}
