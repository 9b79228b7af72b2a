/**
 * The numbers of a report as an Arrow file (IPC, uncompressed: pyarrow, polars and DuckDB read it), one row a number:
 *
 *     section, method, prompt, name, job  utf8        value, low, high, std, paper  float64, NaN where there is none
 *     n                                   int32, -1 where it does not say
 */
import { Field, Float64, Int32, makeData, RecordBatch, Schema, Struct, Table, tableToIPC, Utf8 } from 'apache-arrow';
import type { NumberRow } from './section.js';

const TEXTS = ['section', 'method', 'prompt', 'name', 'job'] as const;
const FLOATS = ['value', 'low', 'high', 'std', 'paper'] as const;

/** The file's bytes. @param metadata notes in the schema, such as hashes */
export function numbersToArrow(rows: readonly NumberRow[], metadata: Readonly<Record<string, string>>): Uint8Array {
  const columns = {
    ...Object.fromEntries(TEXTS.map((name) => [name, utf8(rows.map((row) => row[name]))])),
    ...Object.fromEntries(
      FLOATS.map((name) => [
        name,
        makeData({ type: new Float64(), data: Float64Array.from(rows, (row) => row[name] ?? NaN) }),
      ]),
    ),
    n: makeData({ type: new Int32(), data: Int32Array.from(rows, (row) => row.n ?? -1) }),
  };
  const fields = Object.entries(columns).map(([name, { type }]) => new Field(name, type, false));
  const schema = new Schema(fields, new Map(Object.entries(metadata)));
  const children = Object.values(columns);
  const batch = new RecordBatch(schema, makeData({ type: new Struct(fields), length: rows.length, children }));
  return tableToIPC(new Table(schema, batch), 'file');
}

function utf8(texts: readonly string[]) {
  const encoded = texts.map((text) => new TextEncoder().encode(text));
  const valueOffsets = new Int32Array(texts.length + 1);
  for (const [i, { length }] of encoded.entries()) valueOffsets[i + 1] = valueOffsets[i]! + length;
  return makeData({ type: new Utf8(), length: texts.length, valueOffsets, data: Buffer.concat(encoded) });
}
