/**
 * The text forms of protocols 0 to 2 (numbers as decimal digits, strings as Python writes them in source code), and
 * integers of any length in binary.
 */
import { MAX_INTEGER_DIGITS, MAX_OLD_TEXT_BYTES } from './limits.js';

/** Bytes as characters of the same codes, as Python's latin-1. */
export function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}

/** The other way; undefined where a character is past 255. */
export function fromLatin1(text: string): Uint8Array | undefined {
  if (/[^\x00-\xff]/.test(text)) return undefined;
  const bytes = Buffer.from(text, 'latin1');
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** `123`, `-5`, `123L`; undefined for anything else or for more digits than any checkpoint has. */
export function decimalInteger(line: string): number | bigint | undefined {
  const digits = line.endsWith('L') ? line.slice(0, -1) : line;
  if (digits.length > MAX_INTEGER_DIGITS || !/^[+-]?\d+$/.test(digits)) return undefined;
  return exact(BigInt(digits.startsWith('+') ? digits.slice(1) : digits));
}

/** As Python's `repr` of a float writes it; undefined for anything else. */
export function decimalFloat(line: string): number | undefined {
  if (/^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/.test(line)) return Number(line);
  const word = /^([+-]?)(inf|nan)$/.exec(line);
  if (word === null) return undefined;
  if (word[2] === 'nan') return NaN;
  return word[1] === '-' ? -Infinity : Infinity;
}

/** Two's complement, least significant byte first. */
export function littleEndianInteger(bytes: Uint8Array): number | bigint {
  if (bytes.length === 0) return 0;
  const hex = Buffer.from(bytes).reverse().toString('hex');
  return exact(BigInt.asIntN(bytes.length * 8, BigInt(`0x${hex}`)));
}

/** A bigint as a number, where that loses nothing. */
export function exact(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

/**
 * What stands for a Python 2 `str`, which may be text or bytes: text where it is short and ASCII, as names and keys
 * are; else bytes.
 */
export function oldString(bytes: Uint8Array): string | Uint8Array {
  if (bytes.length > MAX_OLD_TEXT_BYTES || bytes.some((byte) => byte > 0x7f)) return bytes;
  return latin1(bytes);
}

const ESCAPES: Readonly<Record<string, number>> = {
  '\\': 0x5c,
  "'": 0x27,
  '"': 0x22,
  a: 0x07,
  b: 0x08,
  f: 0x0c,
  n: 0x0a,
  r: 0x0d,
  t: 0x09,
  v: 0x0b,
};

/** `'a\x00b'`, quotes included, as the bytes it means; undefined where the quotes or an escape are wrong. */
export function quotedString(line: Uint8Array): Uint8Array | undefined {
  const text = latin1(line).trim();
  const quote = text[0];
  if (text.length < 2 || (quote !== "'" && quote !== '"') || text.at(-1) !== quote) return undefined;
  const bytes = new Uint8Array(text.length - 2);
  let length = 0;
  for (let i = 1; i < text.length - 1; i++) {
    if (text[i] !== '\\') {
      bytes[length++] = text.charCodeAt(i);
      continue;
    }
    const rest = text.slice(i + 1, Math.min(i + 4, text.length - 1));
    const code = /^(?:x([0-9a-fA-F]{2})|([0-7]{1,3}))/.exec(rest);
    if (code !== null) {
      bytes[length++] = code[1] === undefined ? parseInt(code[2] as string, 8) : parseInt(code[1], 16);
      i += code[0].length;
    } else {
      const escape = ESCAPES[rest[0] ?? ''];
      if (escape === undefined) return undefined;
      bytes[length++] = escape;
      i++;
    }
  }
  return bytes.subarray(0, length);
}

/** Python's raw-unicode-escape: latin-1 with \uXXXX and \UXXXXXXXX; undefined where an escape is cut short. */
export function rawUnicode(line: Uint8Array): string | undefined {
  const text = latin1(line);
  if (!text.includes('\\')) return text;
  let wrong = false;
  const decoded = text.replace(
    /\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([^]))/g,
    (whole, short?: string, long?: string, other?: string) => {
      const code = parseInt(short ?? long ?? '0', 16);
      if (other === 'u' || other === 'U' || code > 0x10ffff) wrong = true;
      return other === undefined && !wrong ? String.fromCodePoint(code) : whole;
    },
  );
  return wrong ? undefined : decoded;
}
