/**
 * Zip archives as named byte sources: what torch.save and numpy.savez write.
 *
 * yauzl reads the central directory and the local headers; the checks that untrusted archives need are here. Every
 * entry must lie before the directory and end before the next one begins (overlapping entries are how a small archive
 * becomes a petabyte: D. Fifield, "A better zip bomb", 2019), names are plain and unique, nothing is encrypted. A
 * stored entry is read in place, as often and as little of it as is wanted; a deflated one is inflated into memory,
 * within limits, and held against its checksum. Nothing is ever extracted to disk. Archives in several parts are
 * refused.
 */
import { promisify } from 'node:util';
import zlib from 'node:zlib';
import yauzl from 'yauzl';
import { failure, fits, fromBytes, MAX_READ_BYTES, partOf, quoted, type ByteSource } from '@styleclip/core';

export interface ZipEntry {
  readonly name: string;
  /** In bytes, inflated. */
  readonly size: number;
  /**
   * The entry's bytes. A stored entry's source reads from the archive; a deflated entry is inflated now.
   *
   * @throws UserError when the entry is damaged or larger than the limits
   */
  open(): Promise<ByteSource>;
}

/** Files by name, in the order of the directory; folders are left out. */
export type ZipArchive = ReadonlyMap<string, ZipEntry>;

/** A hundred times the tensors of the largest checkpoint in use. */
export const MAX_ENTRIES = 100_000;

/** The directory with room for long names: about 640 bytes an entry. */
const MAX_DIRECTORY_BYTES = 1 << 26;

/** Up to here an entry may be inflated at any ratio: arrays of zeros shrink a thousandfold. */
export const FREE_INFLATED_BYTES = 1 << 24;

/** Past that, real numbers shrink to a half or a third; text and masks to a few percent. */
export const MAX_RATIO = 200;

const LOCAL_HEADER_BYTES = 30;

const inflate = promisify<Uint8Array, zlib.ZlibOptions, Buffer>(zlib.inflateRaw);

/** Node has it since 20.15; before that, inflated entries are held against their size only. */
const crc32 = zlib.crc32 as typeof zlib.crc32 | undefined;

/** Whether a file's first bytes are those of a zip archive (an empty one included). */
export function isZip(head: Uint8Array): boolean {
  const [p, k, a, b] = head;
  return p === 0x50 && k === 0x4b && ((a === 3 && b === 4) || (a === 5 && b === 6));
}

/**
 * Reads an archive's directory. The source must stay open while entries are read.
 *
 * @throws UserError when the archive is damaged or breaks a rule above
 */
export async function openZip(source: ByteSource): Promise<ZipArchive> {
  const reader = new SourceReader(source);
  const bad = (what: string) => failure(`${source.name}: not a valid zip archive: ${what}`);
  let zip: yauzl.ZipFile;
  const found: yauzl.Entry[] = [];
  let directory: number;
  try {
    zip = await yauzl.fromRandomAccessReaderPromise(reader, source.size, { autoClose: false });
    zip.on('error', () => undefined); // each failed step rejects; without a listener it would end the process as well
    directory = zip.readEntryCursor as unknown as number;
    if (!fits(source.size, directory, 0)) throw bad(`its directory lies at byte ${directory}, beyond the end`);
    const tail = source.size - directory;
    if (zip.entryCount > MAX_ENTRIES) throw bad(`${zip.entryCount} entries are more than ${MAX_ENTRIES}`);
    if (tail > MAX_DIRECTORY_BYTES) throw bad(`a directory of ${tail} bytes is more than ${MAX_DIRECTORY_BYTES}`);
    await reader.hold(directory, tail);
    for await (const entry of zip.eachEntry()) found.push(entry);
  } catch (error) {
    throw asFailure(error, bad);
  } finally {
    reader.release();
  }
  return checked(source, zip, found, directory, bad);
}

type Bad = (what: string) => Error;

/** The rules that hold for all entries together, and where each must end. */
function checked(
  source: ByteSource,
  zip: yauzl.ZipFile,
  found: yauzl.Entry[],
  directory: number,
  bad: Bad,
): ZipArchive {
  const archive = new Map<string, ZipEntry>();
  const byOffset = [...found].sort((a, b) => a.relativeOffsetOfLocalHeader - b.relativeOffsetOfLocalHeader);
  const ends = new Map<yauzl.Entry, number>();
  byOffset.forEach((entry, i) => {
    const end = Math.min(byOffset[i + 1]?.relativeOffsetOfLocalHeader ?? directory, directory);
    const { relativeOffsetOfLocalHeader: start, fileNameLength, compressedSize } = entry;
    if (!fits(end, start, LOCAL_HEADER_BYTES + fileNameLength + compressedSize))
      throw bad(`the entry ${quoted(entry.fileName)} (${compressedSize} bytes at ${start}) runs past byte ${end}`);
    ends.set(entry, end);
  });
  for (const entry of found) {
    const { fileName: name, compressionMethod: method } = entry;
    if (name.endsWith('/')) continue;
    if (archive.has(name)) throw bad(`the name ${quoted(name)} appears twice`);
    if (entry.isEncrypted()) throw bad(`the entry ${quoted(name)} is encrypted`);
    if (method !== 0 && method !== 8)
      throw bad(`the entry ${quoted(name)} is compressed by method ${method}, which is not read`);
    if (!Number.isSafeInteger(entry.uncompressedSize)) throw bad(`the entry ${quoted(name)} has an impossible size`);
    const end = ends.get(entry) as number;
    archive.set(name, { name, size: entry.uncompressedSize, open: () => openEntry(source, zip, entry, end) });
  }
  return archive;
}

async function openEntry(source: ByteSource, zip: yauzl.ZipFile, entry: yauzl.Entry, end: number): Promise<ByteSource> {
  const name = `${source.name}: ${plain(entry.fileName)}`;
  const bad = (what: string) => failure(`${name}: damaged in the archive: ${what}`);
  const { compressedSize, uncompressedSize: size } = entry;
  let header: yauzl.LocalFileHeader;
  try {
    header = await zip.readLocalFileHeaderPromise(entry, {});
  } catch (error) {
    throw asFailure(error, bad);
  }
  // Programs differ in which of the two they believe, so a disagreement is never harmless.
  if (header.compressionMethod !== entry.compressionMethod || !header.fileName.equals(entry.fileNameRaw))
    throw bad('its own header disagrees with the directory');
  if (!fits(end, header.fileDataStart, compressedSize)) throw bad(`it runs past byte ${end}`);
  const packed = partOf(source, name, header.fileDataStart, compressedSize);
  if (entry.compressionMethod === 0) return packed;

  if (size > MAX_READ_BYTES) throw bad(`it inflates to ${size} bytes, more than ${MAX_READ_BYTES}`);
  if (size > FREE_INFLATED_BYTES && size > MAX_RATIO * compressedSize)
    throw bad(`it inflates from ${compressedSize} to ${size} bytes, which looks like a zip bomb`);
  let bytes: Uint8Array;
  try {
    const input = await packed.read(0, compressedSize);
    // One byte more than promised, because zlib refuses a limit of none.
    bytes = await inflate(input, { maxOutputLength: size + 1 });
  } catch (error) {
    throw asFailure(error, bad);
  }
  if (bytes.byteLength !== size) throw bad(`it inflates to ${bytes.byteLength} bytes, not to ${size}`);
  if (crc32 !== undefined && crc32(bytes) !== entry.crc32) throw bad('its checksum does not fit');
  return fromBytes(name, bytes);
}

/** yauzl's view of a source. The directory is held in memory while its many small pieces are read. */
class SourceReader extends yauzl.RandomAccessReader {
  private readonly source: ByteSource;
  private held = new Uint8Array(0);
  private from = 0;

  constructor(source: ByteSource) {
    super();
    this.source = source;
  }

  async hold(from: number, length: number): Promise<void> {
    this.held = new Uint8Array(await this.source.read(from, length));
    this.from = from;
  }

  release(): void {
    this.held = new Uint8Array(0);
  }

  override read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
    callback: (error: Error | null, bytesRead?: number) => void,
  ): void {
    this.bytes(position, length).then(
      (bytes) => {
        buffer.set(bytes, offset);
        callback(null, bytes.byteLength);
      },
      (error: unknown) => callback(error as Error),
    );
  }

  private async bytes(position: number, length: number): Promise<Uint8Array> {
    const start = position - this.from;
    if (fits(this.held.byteLength, start, length)) return this.held.subarray(start, start + length);
    return this.source.read(position, length);
  }

  override _readStreamForRange(): never {
    throw new Error('entries are read by range, never as streams');
  }
}

/** An error of yauzl or zlib as one line about this archive. */
function asFailure(error: unknown, bad: Bad): Error {
  if (error instanceof Error && error.name === 'UserError') return error;
  const message = error instanceof Error ? error.message : String(error);
  return bad(
    message.startsWith('End of central') ? 'its directory is missing; is the file cut short?' : plain(message),
  );
}

function plain(text: string): string {
  return quoted(text).slice(1, -1);
}
