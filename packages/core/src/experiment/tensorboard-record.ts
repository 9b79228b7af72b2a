/**
 * One record of a TensorBoard event file: TensorFlow's TFRecord framing.
 *
 *     length   uint64, little-endian
 *     crc      uint32, of the length's eight bytes
 *     data
 *     crc      uint32, of the data
 *
 * Both are CRC-32C (Castagnoli), masked: turned right by 15 bits, plus a constant. A reader that meets a record that is
 * cut off stops before it.
 */

/** CRC-32C of each byte: the polynomial 0x1EDC6F41, with the bits in reverse. */
const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  return crc;
});

/** CRC-32C of some bytes, as a number of 32 bits without sign. */
export function crc32c(data: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of data) crc = (TABLE[(crc ^ byte) & 0xff] as number) ^ (crc >>> 8);
  return ~crc >>> 0;
}

function masked(crc: number): number {
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}

/** The record that holds `data`. */
export function frameRecord(data: Uint8Array): Buffer {
  const record = Buffer.alloc(12 + data.length + 4);
  record.writeBigUInt64LE(BigInt(data.length), 0);
  record.writeUInt32LE(masked(crc32c(record.subarray(0, 8))), 8);
  record.set(data, 12);
  record.writeUInt32LE(masked(crc32c(data)), 12 + data.length);
  return record;
}
