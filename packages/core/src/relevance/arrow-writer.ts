/**
 * Tables as Arrow IPC files, of the column types that arrow-file.ts reads back: uncompressed, one record batch, no value
 * missing. pyarrow, polars and DuckDB read them.
 */
import {
  Field,
  FixedSizeList,
  Float32,
  Int16,
  makeData,
  RecordBatch,
  Schema,
  Struct,
  Table,
  tableToIPC,
  Utf8,
} from 'apache-arrow';

/** One column's values; a list column has `width` numbers a row. */
export type ArrowColumn =
  | { readonly type: 'int16'; readonly data: Int16Array }
  | { readonly type: 'float32'; readonly data: Float32Array }
  | { readonly type: 'utf8'; readonly data: readonly string[] }
  | { readonly type: 'float32-list'; readonly data: Float32Array; readonly width: number };

/**
 * The file's bytes.
 * @param columns all of the same number of rows
 * @param metadata of the schema
 */
export function arrowFile(
  columns: Readonly<Record<string, ArrowColumn>>,
  metadata: Readonly<Record<string, string>>,
): Uint8Array {
  const made = Object.entries(columns).map(([name, column]) => [name, dataOf(column)] as const);
  const fields = made.map(([name, { type }]) => new Field(name, type, false));
  const rows = made[0]?.[1].length ?? 0;
  const odd = made.find(([, { length }]) => length !== rows);
  if (odd) throw new Error(`column ${odd[0]} has ${odd[1].length} rows, the first has ${rows}`);
  const schema = new Schema(fields, new Map(Object.entries(metadata)));
  const children = made.map(([, data]) => data);
  const batch = new RecordBatch(schema, makeData({ type: new Struct(fields), length: rows, children }));
  return tableToIPC(new Table(schema, batch), 'file');
}

function dataOf(column: ArrowColumn) {
  switch (column.type) {
    case 'int16':
      return makeData({ type: new Int16(), data: column.data });
    case 'float32':
      return makeData({ type: new Float32(), data: column.data });
    case 'utf8':
      return utf8(column.data);
    case 'float32-list': {
      const { data, width } = column;
      const list = new FixedSizeList(width, new Field('item', new Float32(), false));
      return makeData({ type: list, length: data.length / width, child: makeData({ type: new Float32(), data }) });
    }
  }
}

function utf8(texts: readonly string[]) {
  const encoded = texts.map((text) => new TextEncoder().encode(text));
  const valueOffsets = new Int32Array(texts.length + 1);
  for (const [i, { length }] of encoded.entries()) valueOffsets[i + 1] = (valueOffsets[i] as number) + length;
  return makeData({ type: new Utf8(), length: texts.length, valueOffsets, data: Buffer.concat(encoded) });
}
