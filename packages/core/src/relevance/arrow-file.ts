/**
 * Arrow IPC files, as far as relevance files need them: uncompressed record batches of a schema that is known before.
 *
 *     "ARROW1" 0 0 | messages, each: FFFFFFFF, length, description, body | footer | its length | "ARROW1"
 *
 * (https://arrow.apache.org/docs/format/Columnar.html.) Written with the apache-arrow package; read here by hand, since that
 * package believes every length in the file, and a damaged one makes it loop or allocate without end. Each offset and
 * length is proved to lie in the file, and batches must not overlap, so no more memory is taken than the file has bytes.
 * Dictionaries, compression, other endianness and missing values are refused by name.
 */
import { failure } from '../errors.js';
import { type ByteSource, fits } from '../files/byte-source.js';
import { quoted } from '../files/quoted.js';
import { FlatbufferError, FlatTable } from './flatbuffer.js';

/** A column of the schema that a caller expects. */
export type ColumnType = 'int16' | 'float32' | 'utf8' | 'float32-list';

export type Columns = Readonly<Record<string, ColumnType>>;

export type ColumnData<T extends ColumnType> = T extends 'int16'
  ? Int16Array
  : T extends 'utf8'
    ? string[]
    : Float32Array;

export interface ArrowFile<C extends Columns, Extra extends Columns = Record<never, never>> {
  readonly rows: number;
  /** Numbers of each list of the `float32-list` column. */
  readonly width: number;
  readonly columns: { readonly [K in keyof C]: ColumnData<C[K]> } & {
    readonly [K in keyof Extra]?: ColumnData<Extra[K]>;
  };
  readonly metadata: Readonly<Record<string, string>>;
}

const MAGIC = 'ARROW1';
/** The schema of seven columns takes 2 kB; a batch adds 24 bytes. */
const MAX_DESCRIPTION_BYTES = 2 ** 20;
/** Columns of a table that is still listed in a message, and notes in its schema. */
const MAX_ENTRIES = 100;
/** Rows that an int16 channel in int16 layers could ever count. */
const MAX_ROWS = 2 ** 26;
/** Longer embeddings than any CLIP's. */
const MAX_WIDTH = 2 ** 20;

/** Numbers of Arrow's type and message unions. */
const TYPE = { int: 2, float: 3, utf8: 5, fixedSizeList: 16 } as const;
const RECORD_BATCH = 3;

/**
 * Reads a file that has exactly `wanted` columns, or those and all of `extra` behind them.
 *
 * @throws UserError when the file is damaged, or has other columns
 */
export async function readArrowFile<C extends Columns, Extra extends Columns = Record<never, never>>(
  source: ByteSource,
  wanted: C,
  extra?: Extra,
): Promise<ArrowFile<C, Extra>> {
  try {
    return (await read(source, wanted, extra ?? {})) as ArrowFile<C, Extra>;
  } catch (error) {
    if (error instanceof FlatbufferError)
      throw failure(`${source.name}: not a valid Arrow file: ${error.message}`, error);
    throw error;
  }
}

async function read(source: ByteSource, least: Columns, extra: Columns): Promise<ArrowFile<Columns>> {
  const { name, size } = source;
  const bad = (what: string) => failure(`${name}: not a valid Arrow file: ${what}`);
  const ends = size < 24 ? ['', ''] : [await textAt(source, 0), await textAt(source, size - MAGIC.length)];
  if (ends[0] !== MAGIC) throw bad(`it doesn't begin with "${MAGIC}"`);
  if (ends[1] !== MAGIC) throw bad(`it doesn't end with "${MAGIC}"; it may be cut short`);

  const footerEnd = size - MAGIC.length - 4;
  const footerLength = viewOf(await source.read(footerEnd, 4)).getInt32(0, true);
  if (footerLength < 8 || footerLength > MAX_DESCRIPTION_BYTES || footerLength > footerEnd - 8)
    throw bad(`a footer of ${footerLength} bytes`);
  const footer = FlatTable.root(await source.read(footerEnd - footerLength, footerLength));
  const schema = footer.table(1);
  if (schema === undefined) throw bad('it has no schema');
  if (schema.int16(0) !== 0) throw bad('it is big-endian');
  if (footer.structs(2, 3, [1]).length > 0) throw bad('it uses dictionaries, which relevance files do not');
  const fields = schema.tables(1, MAX_ENTRIES);
  const wanted = fields.length > Object.keys(least).length ? { ...least, ...extra } : least;
  const width = checkColumns(fields, wanted, name);

  const batches: Batch[] = [];
  let end = 8;
  for (const [offset = 0, described = 0, body = 0] of footer.structs(3, 3, [1])) {
    if (offset < end || described < 8 || described > MAX_DESCRIPTION_BYTES || body < 0)
      throw bad('its batches overlap or have no size');
    end = offset + described + body;
    if (end > footerEnd - footerLength) throw bad('a batch leads out of the file');
    batches.push(await readBatch(source, { offset, described, body }, wanted, width, bad));
  }
  const notes = schema.tables(2, MAX_ENTRIES).map((pair) => [pair.string(0) ?? '', pair.string(1) ?? ''] as const);
  const metadata = Object.fromEntries(notes);
  return { rows: batches.reduce((sum, { rows }) => sum + rows, 0), width, columns: join(batches, wanted), metadata };
}

/** Holds the schema's fields against the wanted ones. @returns the width of the list column, 0 without one */
function checkColumns(fields: readonly FlatTable[], wanted: Columns, name: string): number {
  let width = 0;
  const found = fields.map((field) => {
    const column = field.string(0) ?? '';
    const type = typeOf(field);
    if (type.startsWith('float32-list')) width = field.table(3)?.int32(0) ?? 0;
    return `${column} ${type}`;
  });
  const expected = Object.entries(wanted).map(([column, type]) => `${column} ${type}`);
  if (found.join() !== expected.join()) {
    throw failure(
      `${name}: has other columns: expected ${expected.join(', ')}; got ${found.slice(0, 20).map(quoted).join(', ') || 'none'}`,
    );
  }
  if (Object.values(wanted).includes('float32-list') && (width < 1 || width > MAX_WIDTH))
    throw failure(`${name}: not a valid Arrow file: lists of ${width} numbers`);
  return width;
}

function typeOf(field: FlatTable): string {
  if (field.table(4) !== undefined) return 'dictionary';
  const kind = field.uint8(2);
  const type = field.table(3);
  switch (kind) {
    case TYPE.int:
      return `${type?.uint8(1) ? '' : 'u'}int${type?.int32(0) ?? 0}`;
    case TYPE.float:
      return `float${[16, 32, 64][type?.int16(0) ?? 0] ?? '?'}`;
    case TYPE.utf8:
      return 'utf8';
    case TYPE.fixedSizeList: {
      const [child, ...more] = field.tables(5, MAX_ENTRIES);
      return child !== undefined && more.length === 0 && child.uint8(2) !== TYPE.fixedSizeList
        ? `${typeOf(child)}-list`
        : 'list';
    }
    default:
      return `type ${kind}`;
  }
}

/** The columns of one batch, in the schema's order. */
interface Batch {
  readonly rows: number;
  readonly columns: readonly (Int16Array | Float32Array | string[])[];
}

interface Block {
  readonly offset: number;
  /** Bytes of the description, its prefix and padding included. */
  readonly described: number;
  readonly body: number;
}

async function readBatch(
  source: ByteSource,
  { offset, described, body }: Block,
  wanted: Columns,
  width: number,
  bad: (what: string) => Error,
): Promise<Batch> {
  const bytes = await source.read(offset, described);
  // Files older than Arrow 0.15 have no FFFFFFFF before the length.
  const prefix = viewOf(bytes).getUint32(0, true) === 0xffffffff ? 8 : 4;
  const message = FlatTable.root(bytes.subarray(prefix));
  const batch = message.table(2);
  if (message.uint8(1) !== RECORD_BATCH || batch === undefined) throw bad('a batch is something else');
  if (batch.table(3) !== undefined) throw bad('it is compressed; write it without compression');
  const rows = batch.int64(0);
  if (rows < 0 || rows > MAX_ROWS) throw bad(`a batch of ${rows} rows`);

  const nodes = batch.structs(1, 2);
  const buffers = batch.structs(2, 2);
  let nextNode = 0;
  let nextBuffer = 0;
  const node = (length: number): void => {
    const [found, missing] = nodes[nextNode++] ?? [];
    if (found !== length) throw bad(`a column of ${found ?? 0} values where ${length} should be`);
    if (missing !== 0) throw bad('values are missing');
    nextBuffer++; // the validity bitmap: all is there
  };
  const buffer = async (needed: number): Promise<Uint8Array> => {
    const [from = -1, length = -1] = buffers[nextBuffer++] ?? [];
    if (!fits(body, from, length) || length < needed)
      throw bad(`a column of ${Math.max(length, 0)} bytes where ${needed} should be`);
    // A copy of its own, aligned for any type.
    return new Uint8Array(await source.read(offset + described + from, needed));
  };

  const columns: Batch['columns'][number][] = [];
  for (const type of Object.values(wanted)) {
    node(rows);
    if (type === 'int16') columns.push(new Int16Array((await buffer(2 * rows)).buffer));
    else if (type === 'float32') columns.push(new Float32Array((await buffer(4 * rows)).buffer));
    else if (type === 'utf8') {
      const offsets = new Int32Array((await buffer(rows === 0 ? 0 : 4 * (rows + 1))).buffer);
      columns.push(texts(offsets, await buffer(offsets.at(-1) ?? 0), bad));
    } else {
      node(rows * width);
      columns.push(new Float32Array((await buffer(4 * rows * width)).buffer));
    }
  }
  return { rows, columns };
}

/** Texts from the places where they begin and end. */
function texts(offsets: Int32Array, bytes: Uint8Array, bad: (what: string) => Error): string[] {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  return Array.from({ length: Math.max(0, offsets.length - 1) }, (_, i) => {
    const [from = 0, to = 0] = offsets.subarray(i, i + 2);
    if (from < 0 || to < from || to > bytes.length) throw bad('a text leads out of its column');
    try {
      return decoder.decode(bytes.subarray(from, to));
    } catch {
      throw bad('a text is not UTF-8');
    }
  });
}

/** Batches one after the other. */
function join(batches: readonly Batch[], wanted: Columns): ArrowFile<Columns>['columns'] {
  return Object.fromEntries(
    Object.entries(wanted).map(([name, type], i) => {
      const parts = batches.map(({ columns }) => columns[i]);
      if (type === 'utf8') return [name, (parts as string[][]).flat()];
      const numbers = parts as (Int16Array | Float32Array)[];
      if (numbers.length === 1) return [name, numbers[0]];
      const length = numbers.reduce((sum, part) => sum + part.length, 0);
      const whole = type === 'int16' ? new Int16Array(length) : new Float32Array(length);
      let done = 0;
      for (const part of numbers) {
        whole.set(part, done);
        done += part.length;
      }
      return [name, whole];
    }),
  ) as ArrowFile<Columns>['columns'];
}

async function textAt(source: ByteSource, offset: number): Promise<string> {
  return Buffer.from(await source.read(offset, MAGIC.length)).toString('latin1');
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
