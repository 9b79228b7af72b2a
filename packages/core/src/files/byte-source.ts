/**
 * Where the bytes of a foreign file come from: a file on the disk, bytes in memory, or a part of either.
 *
 * Readers ask for ranges and never for "the file", so a checkpoint of several gigabytes is read tensor by tensor.
 * Every range is held against the source's size before memory is taken, which makes this the last line of defence:
 * whatever a damaged file claims, no reader gets more bytes than there are. Nothing is written, and only regular
 * files are opened: a pipe or a device could block for ever.
 */
import { type FileHandle, open, stat } from 'node:fs/promises';
import { constants } from 'node:fs';
import { failure } from '../errors.js';

/** Bytes that can be read in any order. */
export interface ByteSource {
  /** The file's name, as messages show it. */
  readonly name: string;
  /** In bytes. */
  readonly size: number;
  /**
   * `length` bytes from `offset`: memory of their own, or a view that nobody may change.
   *
   * @throws UserError when the range leaves the source or the file can't be read
   */
  read(offset: number, length: number): Promise<Uint8Array>;
  close(): Promise<void>;
}

/**
 * The most that one read gives: the largest tensors in use have a tenth of it, and Node's own reads end there as
 * well.
 */
export const MAX_READ_BYTES = 2 ** 31 - 1;

/** One call to the operating system takes at most this much. */
const STEP_BYTES = 1 << 28;

/**
 * Opens a regular file.
 *
 * @throws UserError when it is missing, not a regular file, or can't be opened
 */
export async function openFile(path: string): Promise<ByteSource> {
  let file: FileHandle | undefined;
  try {
    if (!(await stat(path)).isFile()) throw failure(`${path}: is not a file`);
    // Without O_NONBLOCK a pipe put in the file's place since then would make `open` wait for a writer.
    file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const opened = await file.stat();
    if (!opened.isFile()) throw failure(`${path}: is not a file`);
    return new FileSource(path, opened.size, file);
  } catch (error) {
    await file?.close();
    throw asFailure(path, error);
  }
}

/** Bytes in memory as a source; `read` gives views of them. */
export function fromBytes(name: string, bytes: Uint8Array): ByteSource {
  // A Buffer's parts would be Buffers, whose slice() gives a view where Uint8Array's gives a copy.
  const plain = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return {
    name,
    size: plain.byteLength,
    read: async (offset, length) => {
      requireRange(name, plain.byteLength, offset, length);
      return plain.subarray(offset, offset + length);
    },
    close: async () => undefined,
  };
}

/**
 * A part of another source. Closing it leaves the other one open.
 *
 * @throws UserError when the part leaves the source
 */
export function partOf(source: ByteSource, name: string, offset: number, size: number): ByteSource {
  if (!fits(source.size, offset, size)) throw cutShort(name, source.size, offset, size);
  return {
    name,
    size,
    read: async (from, length) => {
      requireRange(name, size, from, length);
      return source.read(offset + from, length);
    },
    close: async () => undefined,
  };
}

class FileSource implements ByteSource {
  readonly name: string;
  readonly size: number;
  private readonly file: FileHandle;

  constructor(name: string, size: number, file: FileHandle) {
    this.name = name;
    this.size = size;
    this.file = file;
  }

  async read(offset: number, length: number): Promise<Uint8Array> {
    requireRange(this.name, this.size, offset, length);
    try {
      const bytes = new Uint8Array(length);
      let done = 0;
      while (done < length) {
        const { bytesRead } = await this.file.read(bytes, done, Math.min(STEP_BYTES, length - done), offset + done);
        if (bytesRead === 0)
          throw failure(`${this.name}: cut short: it shrank to ${offset + done} bytes while it was read`);
        done += bytesRead;
      }
      return bytes;
    } catch (error) {
      throw asFailure(this.name, error);
    }
  }

  async close(): Promise<void> {
    await this.file.close();
  }
}

/** Whether a range lies in a source of `size` bytes; false for anything but whole numbers ≥ 0. */
export function fits(size: number, offset: number, length: number): boolean {
  return (
    Number.isSafeInteger(offset) &&
    Number.isSafeInteger(length) &&
    offset >= 0 &&
    length >= 0 &&
    offset <= size - length
  );
}

function requireRange(name: string, size: number, offset: number, length: number): void {
  if (!fits(size, offset, length)) throw cutShort(name, size, offset, length);
  if (length > MAX_READ_BYTES)
    throw failure(`${name}: ${length} bytes in one piece are more than can be read (at most ${MAX_READ_BYTES})`);
}

function cutShort(name: string, size: number, offset: number, length: number): Error {
  return failure(`${name}: cut short: ${length} bytes from byte ${offset} are needed, but it has ${size} bytes`);
}

/** What the file system threw, as one line for the user; an error that is one already stays. */
function asFailure(path: string, error: unknown): Error {
  if (!(error instanceof Error)) return failure(`${path}: can't be read: ${String(error)}`, error);
  if (error.name === 'UserError') return error;
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT' || code === 'ENOTDIR') return failure(`${path}: no such file`, error);
  if (code === 'EACCES' || code === 'EPERM') return failure(`${path}: can't be read: permission denied`, error);
  if (error instanceof RangeError) return failure(`${path}: can't be read: not enough memory`, error);
  return failure(`${path}: can't be read: ${error.message}`, error);
}
