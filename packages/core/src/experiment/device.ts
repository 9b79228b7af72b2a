/**
 * Where the numbers are computed: one face for compiled graphs and for TensorFlow.js's own backends.
 *
 * `cpu`, `webgpu` and `cuda` compile a function to a graph and run it in ONNX Runtime (package jit). `wasm`, `tensorflow`
 * (the native engine, where its optional package could be installed) and `plain` (TensorFlow.js's JavaScript backend,
 * slow, a reference) run the same function as it stands. What was chosen, and why, is in `name` and `why` for one line of the log.
 */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { tf } from '../tensors/tf.js';
import { failure, oneLine, usageError } from '../errors.js';
import { loadTensorflow } from './tensorflow.js';

export const DEVICES = ['auto', 'cpu', 'webgpu', 'cuda', 'tensorflow', 'wasm', 'plain'] as const;
export type DeviceChoice = (typeof DEVICES)[number];

export interface CompileOptions {
  /** Threads of ONNX Runtime's CPU provider; all cores by default. Not used by other devices. */
  threads?: number;
  /** A name for messages. */
  name?: string;
}

/** A function made ready for a device. Arguments may be disposed once it is called; results belong to the caller. */
export interface Compiled<Args extends readonly unknown[], Result> {
  (...args: Args): Promise<Result>;
  /** Frees what was compiled, after the calls in flight. */
  dispose(): Promise<void>;
  /** Frees the memory, the copies of the networks it captured too; the next call compiles again. */
  release(): Promise<void>;
}

export interface Device {
  readonly name: Exclude<DeviceChoice, 'auto'>;
  /** Why this one, for the log. */
  readonly why: string;
  /** Makes a synchronous function of nested records and arrays of tensors run here; see jit's `compile`. */
  compile<Args extends readonly unknown[], Result>(
    fn: (...args: Args) => Result,
    options?: CompileOptions,
  ): Compiled<Args, Result>;
}

/**
 * Opens a device. `auto` takes CUDA where ONNX Runtime can use it, and the CPU otherwise.
 *
 * @param defaults options of every `compile` on this device
 * @throws UserError when the device is not known, or does not work here
 */
export async function openDevice(choice: string = 'auto', defaults: CompileOptions = {}): Promise<Device> {
  if (!isChoice(choice)) throw usageError(`unknown device "${choice}" (known: ${DEVICES.join(', ')})`);
  switch (choice) {
    case 'auto': {
      // Asking ONNX Runtime for a library that is not there makes it write to stderr, so the file is looked for first.
      const problem = hasCudaLibrary() ? await tryProvider('cuda') : 'ONNX Runtime has no CUDA library here';
      if (problem === undefined) return openCompiler('cuda', 'auto: CUDA works here', defaults);
      return openCompiler('cpu', `auto: ${problem}`, defaults);
    }
    case 'cpu':
      return openCompiler('cpu', 'asked for', defaults);
    case 'webgpu':
    case 'cuda': {
      const problem = await tryProvider(choice);
      if (problem !== undefined) throw failure(`device "${choice}" does not work here: ${problem}; use device cpu`);
      return openCompiler(choice, 'asked for', defaults);
    }
    case 'tensorflow':
    case 'wasm':
    case 'plain':
      return openBackend(choice);
  }
}

async function openCompiler(
  provider: 'cpu' | 'webgpu' | 'cuda',
  why: string,
  defaults: CompileOptions,
): Promise<Device> {
  const { compile } = await import('@styleclip/jit');
  await tf.setBackend('cpu');
  return {
    name: provider,
    why,
    compile: (fn, options) => compile(fn, { provider, ...defaults, ...options }),
  };
}

/** Runs a tiny graph on a provider. @returns what went wrong, undefined when it works */
async function tryProvider(provider: 'webgpu' | 'cuda'): Promise<string | undefined> {
  const { compile } = await import('@styleclip/jit');
  const addOne = compile((x: tf.Tensor) => x.add(1), { provider, name: 'probe' });
  const one = tf.tensor1d([1]);
  try {
    const two = await addOne(one);
    const right = (await two.data())[0] === 2;
    two.dispose();
    return right ? undefined : 'it computes wrong numbers';
  } catch (error) {
    return oneLine(error).slice(0, 300);
  } finally {
    one.dispose();
    await addOne.dispose();
  }
}

/** Runs functions as they are on a TensorFlow.js backend, which becomes the current one. */
async function openBackend(name: 'tensorflow' | 'wasm' | 'plain'): Promise<Device> {
  const backend = name === 'plain' ? 'cpu' : name;
  let why = 'asked for';
  try {
    // Names that are not literals: an optional package that is absent is an error here, not at the type check.
    if (name === 'tensorflow') why += `: ${await loadTensorflow()}`;
    if (name === 'wasm') await import(wasmPackage());
    if (!(await tf.setBackend(backend))) throw new Error('its backend does not start');
  } catch (error) {
    throw failure(`device "${name}" is not there: ${oneLine(error)}; use device cpu`, error);
  }
  const { uncompiled } = await import('@styleclip/jit');
  return { name, why, compile: uncompiled };
}

/** Whether ONNX Runtime's CUDA library lies beside its own. */
function hasCudaLibrary(): boolean {
  const file = process.platform === 'win32' ? 'onnxruntime_providers_cuda.dll' : 'libonnxruntime_providers_cuda.so';
  try {
    const entry = createRequire(import.meta.url).resolve('onnxruntime-node'); // …/dist/index.js
    return existsSync(join(dirname(entry), '..', 'bin', 'napi-v6', process.platform, process.arch, file));
  } catch {
    return false;
  }
}

function isChoice(choice: string): choice is DeviceChoice {
  return (DEVICES as readonly string[]).includes(choice);
}

function wasmPackage(): string {
  return '@tensorflow/tfjs-backend-wasm';
}
