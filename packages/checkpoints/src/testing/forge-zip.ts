/**
 * Zip archives with any mistake on purpose, for tests: every field of the headers may lie.
 */
import { crc32, deflateRawSync } from 'node:zlib';

export interface ForgedEntry {
  readonly name: string;
  readonly data?: Uint8Array | string;
  /** Packs the data (method 8). */
  readonly deflate?: boolean;
  /** What the headers say, where it is not the truth. */
  readonly method?: number;
  readonly flags?: number;
  readonly crc?: number;
  readonly size?: number;
  readonly packedSize?: number;
  readonly offset?: number;
  /** The name in the entry's own header. */
  readonly localName?: string;
  /** The directory's extra field. */
  readonly extra?: Uint8Array;
}

export interface ForgedArchive {
  /** What the archive's end says of the directory. */
  readonly directoryOffset?: number;
  readonly count?: number;
  readonly comment?: string;
  /** Puts in zip64's end, with these numbers. */
  readonly zip64?: { readonly count: bigint; readonly directoryOffset: bigint; readonly endOffset?: bigint };
}

/** An archive of these entries. */
export function forgeZip(entries: readonly ForgedEntry[], archive: ForgedArchive = {}): Uint8Array {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  const put = (...buffers: Buffer[]) => {
    for (const buffer of buffers) {
      parts.push(buffer);
      offset += buffer.length;
    }
  };
  for (const entry of entries) {
    const data = Buffer.from(entry.data ?? '');
    const packed = entry.deflate ? deflateRawSync(data) : data;
    const fields = {
      flags: entry.flags ?? 0x800,
      method: entry.method ?? (entry.deflate ? 8 : 0),
      crc: entry.crc ?? crc32(data),
      packedSize: entry.packedSize ?? packed.length,
      size: entry.size ?? data.length,
    };
    const name = Buffer.from(entry.name);
    const localName = Buffer.from(entry.localName ?? entry.name);
    const extra = Buffer.from(entry.extra ?? []);
    const start = entry.offset ?? offset;
    put(Buffer.concat([words('04034b50'), common(fields, localName.length, 0), localName]), packed);
    directory.push(
      words('02014b50'),
      shorts(20),
      common(fields, name.length, extra.length),
      Buffer.alloc(10),
      long(start),
      name,
      extra,
    );
  }
  const at = offset;
  put(...directory);
  const { zip64, comment = '' } = archive;
  if (zip64 !== undefined) {
    const end = offset;
    put(words('06064b50'), big(44n), shorts(45, 45), long(0), long(0), big(zip64.count), big(zip64.count));
    put(big(BigInt(offset - at)), big(zip64.directoryOffset));
    put(words('07064b50'), long(0), big(zip64.endOffset ?? BigInt(end)), long(1));
  }
  const count = archive.count ?? entries.length;
  put(words('06054b50'), shorts(0, 0, count, count), long(offset - at), long(archive.directoryOffset ?? at));
  put(shorts(comment.length), Buffer.from(comment));
  return new Uint8Array(Buffer.concat(parts));
}

interface CommonFields {
  readonly flags: number;
  readonly method: number;
  readonly crc: number;
  readonly packedSize: number;
  readonly size: number;
}

/** The fields that the directory repeats from the entry's own header. */
function common({ flags, method, crc, packedSize, size }: CommonFields, name: number, extra: number): Buffer {
  return Buffer.concat([shorts(20, flags, method, 0, 0), long(crc), long(packedSize), long(size), shorts(name, extra)]);
}

function words(hex: string): Buffer {
  return Buffer.from(hex, 'hex').reverse();
}

function shorts(...values: number[]): Buffer {
  const buffer = Buffer.alloc(values.length * 2);
  values.forEach((value, i) => buffer.writeUInt16LE(value, i * 2));
  return buffer;
}

function long(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeUInt32LE(value);
  return buffer;
}

function big(value: bigint): Buffer {
  const buffer = Buffer.alloc(8);
  buffer.writeBigUInt64LE(value);
  return buffer;
}
