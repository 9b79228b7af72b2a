/**
 * Text files as UTF-8, and one clear line for those that are something else.
 *
 * Read as if it were UTF-8, a file in Latin-1 loses letters without a word and one in UTF-16 ends in errors about its first
 * line that help nobody. So the bytes are checked, and the line says what they look like. A UTF-8 byte order mark is fine.
 */
import { readFile } from 'node:fs/promises';
import { usageError } from '../errors.js';

/**
 * Reads a text file.
 * @throws UserError when it is not UTF-8; the file system's own error when it can't be read
 */
export async function readText(path: string): Promise<string> {
  const bytes = await readFile(path);
  const other = otherEncoding(bytes);
  if (other !== undefined) throw usageError(`${path}: ${other}; save it as UTF-8`);
  return new TextDecoder('utf-8').decode(bytes);
}

/** UTF-16 has at least one zero in so many bytes, even where only a configuration's keys are ASCII. */
const SPARSE = 16;

/** What bytes that are not UTF-8 look like; undefined where they are UTF-8. */
export function otherEncoding(bytes: Uint8Array): string | undefined {
  const begins = (...mark: number[]) => mark.every((byte, i) => bytes[i] === byte);
  if (begins(0xff, 0xfe, 0, 0) || begins(0, 0, 0xfe, 0xff)) return 'is UTF-32, not UTF-8';
  if (begins(0xff, 0xfe) || begins(0xfe, 0xff)) return 'is UTF-16, not UTF-8';
  const zeros = [0, 0]; // at even and at odd places
  for (let i = 0; i < bytes.length; i++) if (bytes[i] === 0) zeros[i % 2]!++;
  const [even, odd] = zeros as [number, number];
  // Keys and spaces are ASCII, of which UTF-16 makes a zero and a byte, the zero always on the same side.
  if (even + odd > 0) {
    const many = even + odd > bytes.length / SPARSE;
    if (many && Math.max(even, odd) > 4 * Math.min(even, odd))
      return 'looks like UTF-16 without a byte order mark, not UTF-8';
    return 'holds zero bytes: it is not a text file in UTF-8';
  }
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return undefined;
  } catch {
    const at = firstBadByte(bytes);
    const line = bytes.subarray(0, at).filter((byte) => byte === 0x0a).length + 1;
    const byte = `0x${bytes[at]!.toString(16).padStart(2, '0')}`;
    return `is not UTF-8: byte ${byte} in line ${line}; it looks like Latin-1 (ISO 8859-1, Windows-1252) or another encoding of one byte a letter`;
  }
}

/** Where the longest beginning that is UTF-8 ends; a character that is cut off counts as bad. */
function firstBadByte(bytes: Uint8Array): number {
  const stream = new TextDecoder('utf-8', { fatal: true });
  let begun = 0; // where the character that is being read began
  for (let i = 0; i < bytes.length; i++) {
    try {
      if (stream.decode(bytes.subarray(i, i + 1), { stream: true }) !== '') begun = i + 1;
    } catch {
      return begun;
    }
  }
  return Math.min(begun, bytes.length - 1);
}
