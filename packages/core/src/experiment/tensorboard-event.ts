/**
 * TensorBoard's events as bytes: the few messages of `event.proto` and `summary.proto` that a training needs, written in
 * protobuf's wire format by hand. As protobuf does, a field that is zero is left out, except within a `oneof`.
 */

/** What an event says. */
export type EventContent =
  /** The first event of every file. */
  | { readonly kind: 'version' }
  /** A training begins or goes on here: whatever was seen of this step and later ones is void. */
  | { readonly kind: 'start' }
  | { readonly kind: 'scalars'; readonly values: Readonly<Record<string, number>> }
  | { readonly kind: 'picture'; readonly tag: string; readonly png: Uint8Array; readonly size: PictureSize }
  /** Markdown. */
  | { readonly kind: 'text'; readonly tag: string; readonly text: string };

export interface PictureSize {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
}

const DT_STRING = 7;
const SESSION_START = 1;

/**
 * The bytes of an event.
 *
 * @param wallTime seconds since 1970
 * @param step a whole number ≥ 0
 */
export function encodeEvent(wallTime: number, step: number, content: EventContent): Buffer {
  return message(double(1, wallTime), integer(2, step), encodeContent(content));
}

function encodeContent(content: EventContent): Buffer {
  switch (content.kind) {
    case 'version':
      return bytes(3, 'brain.Event:2');
    case 'start':
      return bytes(7, integer(1, SESSION_START)); // session_log
    case 'scalars':
      return bytes(5, ...Object.entries(content.values).map(([tag, x]) => bytes(1, bytes(1, tag), float(2, x))));
    case 'picture': {
      const { height, width, channels } = content.size;
      const image = [integer(1, height), integer(2, width), integer(3, channels), bytes(4, content.png)];
      return bytes(5, bytes(1, bytes(1, content.tag), bytes(4, ...image)));
    }
    case 'text': {
      const tensor = [integer(1, DT_STRING), bytes(2), bytes(8, content.text)]; // no dimensions
      const metadata = bytes(1, bytes(1, 'text')); // the plugin that shows it
      return bytes(5, bytes(1, bytes(1, content.tag), bytes(8, ...tensor), bytes(9, metadata)));
    }
  }
}

// Protobuf's wire format: each field is its number and kind, then its value.

function message(...fields: readonly Buffer[]): Buffer {
  return Buffer.concat(fields);
}

/** A field of bytes: a string, a file, or a message of fields. */
function bytes(field: number, ...parts: readonly (string | Uint8Array)[]): Buffer {
  const data = Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : part)));
  return Buffer.concat([key(field, 2), varint(data.length), data]);
}

function integer(field: number, value: number): Buffer {
  return value === 0 ? Buffer.alloc(0) : Buffer.concat([key(field, 0), varint(value)]);
}

function double(field: number, value: number): Buffer {
  if (value === 0) return Buffer.alloc(0);
  const data = Buffer.alloc(8);
  data.writeDoubleLE(value);
  return Buffer.concat([key(field, 1), data]);
}

/** A float of a `oneof`, which is written even when it is zero. */
function float(field: number, value: number): Buffer {
  const data = Buffer.alloc(4);
  data.writeFloatLE(value);
  return Buffer.concat([key(field, 5), data]);
}

function key(field: number, wireType: number): Buffer {
  return varint((field << 3) | wireType);
}

/** Seven bits a byte, the lowest first. */
function varint(value: number): Buffer {
  if (!Number.isSafeInteger(value) || value < 0) throw new Error(`expected a whole number ≥ 0, got ${value}`);
  const digits: number[] = [];
  for (; value >= 0x80; value = Math.floor(value / 0x80)) digits.push((value % 0x80) | 0x80);
  return Buffer.from([...digits, value]);
}
