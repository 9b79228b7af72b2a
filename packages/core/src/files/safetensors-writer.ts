/**
 * Writes a safetensors file tensor by tensor, for networks that need not be in memory as a whole.
 *
 * Names, dtypes and shapes are given first, so the header and every tensor's place are known; then each tensor is written
 * as it is made, in any order. The file appears under its name when all of them are there and `finish` is called, as in
 * atomic-file.ts: until then it has a temporary name, and `discard` removes it.
 */
import { randomBytes } from 'node:crypto';
import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { RawTensor, SafetensorsDtype } from '../tensors/raw-tensor.js';
import { layOutSafetensors } from './safetensors.js';

/** What will be written. */
export type SafetensorsPlan = Readonly<
  Record<string, { readonly dtype: SafetensorsDtype; readonly shape: readonly number[] }>
>;

export interface SafetensorsWriter {
  /** Writes one tensor; its dtype and shape must be those of the plan. */
  write(name: string, tensor: RawTensor): Promise<void>;
  /**
   * Puts the whole file in its place.
   * @throws Error when a tensor was not written
   */
  finish(): Promise<void>;
  /** Closes and removes what was written; harmless after `finish`. */
  discard(): Promise<void>;
}

/** Begins a file; makes its folder. `metadata` is free text that travels in the file's header. */
export async function createSafetensors(
  path: string,
  plan: SafetensorsPlan,
  { metadata = {} }: { metadata?: Readonly<Record<string, string>> } = {},
): Promise<SafetensorsWriter> {
  const { start, places } = layOutSafetensors(plan, metadata);
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}-${randomBytes(4).toString('hex')}.tmp`;
  const left = new Set(places.keys());
  let file: FileHandle | undefined = await open(temporary, 'wx');
  const close = async (): Promise<void> => {
    const open = file;
    file = undefined;
    await open?.close();
  };
  try {
    await writeAll(file, start, 0);
  } catch (error) {
    await close();
    await rm(temporary, { force: true });
    throw error;
  }
  return {
    async write(name, { dtype, shape, data }) {
      const entry = plan[name];
      const place = places.get(name);
      if (!entry || !place || !file || !left.has(name)) throw new Error(`${path}: "${name}" is not to be written`);
      if (dtype !== entry.dtype || shape.join() !== entry.shape.join() || data.byteLength !== place.bytes) {
        throw new Error(
          `${path}: "${name}" was planned as ${entry.dtype} [${entry.shape.join(',')}], got ${dtype} [${shape.join(',')}]`,
        );
      }
      await writeAll(file, new Uint8Array(data.buffer, data.byteOffset, data.byteLength), start.length + place.offset);
      left.delete(name);
    },
    async finish() {
      if (left.size > 0) throw new Error(`${path}: "${[...left][0]}" was not written`);
      await file?.sync();
      await close();
      await rename(temporary, path);
    },
    async discard() {
      await close();
      await rm(temporary, { force: true });
    },
  };
}

async function writeAll(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    done += (await file.write(bytes, done, bytes.length - done, position + done)).bytesWritten;
  }
}
