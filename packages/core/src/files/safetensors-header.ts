/**
 * The header of a safetensors file, checked before a byte of data is trusted.
 *
 * A file is: header length (8 bytes, unsigned, little-endian), header (JSON, padded with spaces), data. Every
 * size in the header comes from outside, so it is proved to fit the file before any memory is taken: known dtypes,
 * whole non-negative sizes, byte ranges that are as long as shape × dtype says and that cover the data exactly, without
 * gap or overlap, as the format asks (https://huggingface.co/docs/safetensors).
 */
import { failure } from '../errors.js';
import { DTYPE_BYTES, type SafetensorsDtype } from '../tensors/raw-tensor.js';

/** Where one tensor lies: `begin` and `end` are byte offsets into the data that follows the header. */
export interface TensorEntry {
  readonly name: string;
  readonly dtype: SafetensorsDtype;
  readonly shape: number[];
  readonly begin: number;
  readonly end: number;
}

export interface SafetensorsHeader {
  /** In the order of the data. */
  readonly entries: TensorEntry[];
  readonly metadata: Record<string, string>;
}

/** The format's own limit; the largest headers in use are below one megabyte. */
export const MAX_HEADER_BYTES = 100_000_000;

/**
 * Parses and checks a header.
 *
 * @param text the header's JSON
 * @param dataBytes how many bytes follow it in the file
 * @param where the file's name, for messages
 * @throws UserError for anything that does not fit
 */
export function parseHeader(text: string, dataBytes: number, where: string): SafetensorsHeader {
  const bad = (what: string) => failure(`${where}: not a valid safetensors file: ${what}`);
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw bad('its header is not JSON');
  }
  if (!isRecord(parsed)) throw bad('its header is not a JSON object');
  const twice = firstDuplicateKey(text);
  if (twice !== undefined) throw bad(`the name ${short(twice)} appears twice`);

  const metadata: Record<string, string> = {};
  const entries: TensorEntry[] = [];
  for (const [name, value] of Object.entries(parsed)) {
    if (name === '__metadata__') {
      if (!isRecord(value)) throw bad('__metadata__ is not an object');
      for (const [key, item] of Object.entries(value)) {
        if (typeof item !== 'string') throw bad(`__metadata__ ${short(key)} is not text`);
        metadata[key] = item;
      }
    } else {
      entries.push(parseEntry(name, value, dataBytes, bad));
    }
  }

  entries.sort((a, b) => a.begin - b.begin || a.end - b.end);
  let end = 0;
  for (const entry of entries) {
    if (entry.begin !== end) {
      throw bad(
        `the data of ${short(entry.name)} starts at byte ${entry.begin}, ${entry.begin < end ? 'inside the tensor before it' : 'after a gap'} (expected ${end})`,
      );
    }
    end = entry.end;
  }
  if (end !== dataBytes) throw bad(`its tensors take ${end} bytes but ${dataBytes} bytes of data are there`);
  return { entries, metadata };
}

function parseEntry(name: string, value: unknown, dataBytes: number, bad: (what: string) => Error): TensorEntry {
  if (!isRecord(value)) throw bad(`the entry of ${short(name)} is not an object`);
  const { dtype, shape, data_offsets: offsets } = value;
  if (typeof dtype !== 'string' || !Object.hasOwn(DTYPE_BYTES, dtype)) {
    throw bad(`${short(name)} has the dtype ${short(dtype)} (known: ${Object.keys(DTYPE_BYTES).join(', ')})`);
  }
  if (!isSizes(shape)) throw bad(`${short(name)} has the shape ${short(shape)}, not a list of whole numbers ≥ 0`);
  if (!isSizes(offsets) || offsets.length !== 2)
    throw bad(`${short(name)} has the offsets ${short(offsets)}, not two whole numbers ≥ 0`);
  const [begin, end] = offsets as [number, number];
  if (begin > end || end > dataBytes) {
    throw bad(
      `${short(name)} lies at bytes ${begin}–${end}, but ${dataBytes} bytes of data are there (is the file cut short?)`,
    );
  }
  const expected = shape.reduce((product, size) => product * size, DTYPE_BYTES[dtype as SafetensorsDtype]);
  if (expected !== end - begin) {
    throw bad(`${short(name)} takes ${end - begin} bytes, but ${dtype} ${short(shape)} needs ${expected}`);
  }
  return { name, dtype: dtype as SafetensorsDtype, shape, begin, end };
}

/**
 * JSON.parse keeps the last of two equal keys in silence, so the top level's keys are read from the text once more.
 * `text` is known to be valid JSON.
 */
function firstDuplicateKey(text: string): string | undefined {
  const seen = new Set<string>();
  let depth = 0;
  let expectKey = false;
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (c === '"') {
      const start = i;
      for (i++; text[i] !== '"'; i++) if (text[i] === '\\') i++;
      if (depth === 1 && expectKey) {
        const key = JSON.parse(text.slice(start, i + 1)) as string;
        if (seen.has(key)) return key;
        seen.add(key);
        expectKey = false;
      }
    } else if (c === '{' || c === '[') {
      depth++;
      expectKey = depth === 1;
    } else if (c === '}' || c === ']') {
      depth--;
    } else if (c === ',') {
      expectKey = depth === 1;
    }
  }
  return undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((item) => Number.isSafeInteger(item) && (item as number) >= 0);
}

/** A value of the header for a message. What nests is only named: writing out a million brackets would end the stack. */
function short(value: unknown): string {
  if (Array.isArray(value) && value.some((item) => typeof item === 'object')) return 'a list of lists or objects';
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return 'an object';
  const text = JSON.stringify(value) ?? 'undefined';
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
