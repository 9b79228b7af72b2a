/**
 * A finished shard as one file that can be carried: `<name>.shard-2-of-8.arrow`.
 *
 *     part utf8       the part's id            array utf8    which of its arrays       shape utf8   such as 12,64
 *     values float32 × width                   the array's numbers, row after row; the last row is filled up with zeros
 *
 * The schema's metadata says which shard it is and carries two hashes: of what it was made from (configuration and networks), so
 * that shards of different work are not joined, and of the numbers, so that a damaged one is noticed.
 */
import { createHash } from 'node:crypto';
import { arrowFile, failure, fromBytes, readArrowFile, shardText, type RunInputs, type Shard } from '@styleclip/core';
import { z } from 'zod';
import type { PrecomputeConfig } from './config.js';
import type { Arrays } from './probe/prober.js';

/** A shard's work, by the ids of its parts. */
export type ShardParts = ReadonlyMap<string, Arrays>;

const COLUMNS = { part: 'utf8', array: 'utf8', shape: 'utf8', values: 'float32-list' } as const;

const metadataSchema = z.object({
  formatVersion: z.literal('1'),
  shard: z.string(),
  inputs: z.string(),
  sha256: z.string(),
  /** summary.json of the shard. */
  summary: z.string(),
});

/** Numbers about the work that a summary adds up. */
const summarySchema = z.looseObject({ generatorPasses: z.number(), naivePasses: z.number(), seconds: z.number() });

/** The name of a shard's file. */
export function shardFileName(name: string, { index, count }: Shard): string {
  return `${name}.shard-${index + 1}-of-${count}.arrow`;
}

/** SHA-256 of what shards must have in common: the configuration, and the networks' hashes, wherever they lie. */
export function inputsHash(config: PrecomputeConfig, inputs: RunInputs): string {
  const { device: _device, threads: _threads, bundle: _bundle, name: _name, ...measured } = config;
  const networks = Object.fromEntries(Object.entries(inputs).map(([kind, { sha256 }]) => [kind, sha256]));
  return createHash('sha256').update(JSON.stringify(sorted({ measured, networks }))).digest('hex'); // prettier-ignore
}

/** The same value with keys in one order. */
function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  );
}

/** The file's bytes. */
export function writeShardFile(
  parts: ShardParts,
  { shard, inputs, summary }: { shard: Shard; inputs: string; summary: object },
): Uint8Array {
  const arrays = [...parts].flatMap(([part, own]) =>
    Object.entries(own).map(([name, array]) => ({ part, name, ...array })),
  );
  const width = Math.max(1, ...arrays.map(({ shape }) => shape.at(-1) ?? 1));
  const rowsOf = (length: number): number => Math.ceil(length / width);
  const values = new Float32Array(width * arrays.reduce((sum, { data }) => sum + rowsOf(data.length), 0));
  const texts: Record<'part' | 'array' | 'shape', string[]> = { part: [], array: [], shape: [] };
  let row = 0;
  for (const { part, name, shape, data } of arrays) {
    values.set(data, row * width);
    for (let i = 0; i < rowsOf(data.length); i++) {
      texts.part.push(part);
      texts.array.push(name);
      texts.shape.push(shape.join());
    }
    row += rowsOf(data.length);
  }
  return arrowFile(
    {
      part: { type: 'utf8', data: texts.part },
      array: { type: 'utf8', data: texts.array },
      shape: { type: 'utf8', data: texts.shape },
      values: { type: 'float32-list', data: values, width },
    },
    { formatVersion: '1', shard: shardText(shard), inputs, sha256: hashOf(values), summary: JSON.stringify(summary) },
  );
}

/**
 * Reads a shard's file back.
 * @param name where it lies, for messages
 * @throws UserError when it is damaged, of another shard, or of other work
 */
export async function readShardFile(
  name: string,
  bytes: Uint8Array,
  { shard, inputs }: { shard: Shard; inputs: string },
): Promise<{ parts: ShardParts; summary: z.infer<typeof summarySchema> }> {
  const { columns, width, rows, metadata } = await readArrowFile(fromBytes(name, bytes), COLUMNS);
  const about = metadataSchema.safeParse(metadata);
  if (!about.success) throw failure(`${name}: not a shard of precompute`);
  if (about.data.inputs !== inputs)
    throw failure(`${name}: a shard of other work: another configuration, or other networks`);
  if (about.data.shard !== shardText(shard))
    throw failure(`${name}: is shard ${about.data.shard.slice(0, 20)}, not ${shardText(shard)}`);
  if (about.data.sha256 !== hashOf(columns.values)) throw failure(`${name}: damaged: its numbers have another hash`);
  const parts = new Map<string, Arrays>();
  for (let row = 0; row < rows;) {
    const [part, array, text] = [columns.part[row]!, columns.array[row]!, columns.shape[row]!];
    const shape = text.split(',').map(Number);
    const size = shape.reduce((product, side) => product * side, 1);
    const taken = Math.ceil(size / width);
    if (!Number.isSafeInteger(size) || size < 1 || row + taken > rows)
      throw failure(`${name}: ${part}: an array of ${text.slice(0, 40)} numbers in ${rows - row} rows of ${width}`);
    const data = columns.values.slice(row * width, row * width + size);
    parts.set(part, { ...parts.get(part), [array]: { shape, data } });
    row += taken;
  }
  return { parts, summary: summaryIn(name, about.data.summary) };
}

function summaryIn(name: string, text: string): z.infer<typeof summarySchema> {
  try {
    return summarySchema.parse(JSON.parse(text));
  } catch (error) {
    throw failure(`${name}: not a shard of precompute: its summary can't be read`, error);
  }
}

function hashOf(values: Float32Array): string {
  return createHash('sha256').update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength)).digest('hex'); // prettier-ignore
}
