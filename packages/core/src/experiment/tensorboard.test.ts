/**
 * TensorBoard's event files: byte for byte what PyPI's tensorboard writes (oracle/tensorboard_golden.py), and what runs
 * leave, read back by a small reader that shares nothing with the writer. oracle/read_tensorboard.py reads whole runs
 * with the Python package.
 */
import { appendFile, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, describe, expect, it } from 'vitest';
import { disposeAll } from '../tensors/weights.js';
import { tf } from '../tensors/tf.js';
import { createRun, type RunOptions } from './run.js';
import { encodeEvent, type EventContent } from './tensorboard-event.js';
import { crc32c, frameRecord } from './tensorboard-record.js';

const root = await mkdtemp(join(tmpdir(), 'tensorboard-'));
afterAll(() => rm(root, { recursive: true }));

const golden = await readFile(new URL('../../fixtures/tensorboard-events.bin', import.meta.url));

/** CRC-32C bit by bit, masked. */
function slowChecksum(data: Uint8Array): number {
  let crc = 0xffffffffn;
  for (const byte of data) {
    crc ^= BigInt(byte);
    for (let bit = 0; bit < 8; bit++) crc = crc & 1n ? (crc >> 1n) ^ 0x82f63b78n : crc >> 1n;
  }
  crc ^= 0xffffffffn;
  return Number((((crc >> 15n) | (crc << 17n)) + 0xa282ead8n) & 0xffffffffn);
}

/** The data of all whole records, with their checksums looked at. */
function readRecords(file: Buffer): Buffer[] {
  const records: Buffer[] = [];
  for (let at = 0; at + 12 <= file.length;) {
    const length = Number(file.readBigUInt64LE(at));
    if (at + 16 + length > file.length) break; // cut off
    const data = file.subarray(at + 12, at + 12 + length);
    expect(file.readUInt32LE(at + 8)).toBe(slowChecksum(file.subarray(at, at + 8)));
    expect(file.readUInt32LE(at + 12 + length)).toBe(slowChecksum(data));
    records.push(data);
    at += 16 + length;
  }
  return records;
}

type Field = number | Buffer;

/** Protobuf's fields by number; those that repeat in a row. */
function readFields(data: Buffer): Record<number, Field[]> {
  const fields: Record<number, Field[]> = {};
  let at = 0;
  const varint = (): number => {
    let [value, unit] = [0, 1];
    for (let byte = 0x80; byte & 0x80; unit *= 0x80) value += ((byte = data[at++]!) & 0x7f) * unit;
    return value;
  };
  const bytes = (length: number): Buffer => data.subarray(at, (at += length));
  while (at < data.length) {
    const key = varint();
    const readers: Record<number, () => Field> = {
      0: varint,
      1: () => bytes(8).readDoubleLE(),
      2: () => bytes(varint()),
      5: () => bytes(4).readFloatLE(),
    };
    (fields[key >> 3] ??= []).push(readers[key & 7]!());
  }
  return fields;
}

interface Seen {
  step: number;
  tag?: string;
  scalar?: number;
  png?: Buffer;
  size?: Field[];
  text?: string;
  special?: 'version' | 'start';
}

/** What an event file says. */
function readEvents(file: Buffer): Seen[] {
  return readRecords(file).flatMap((record): Seen[] => {
    const event = readFields(record);
    const step = (event[2]?.[0] as number | undefined) ?? 0;
    if (event[3]) return [{ step, special: 'version' }];
    if (event[7]) return [{ step, special: 'start' }];
    return (readFields(event[5]![0] as Buffer)[1] ?? []).map((bytes) => {
      const value = readFields(bytes as Buffer);
      const seen: Seen = { step, tag: String(value[1]![0]) };
      if (value[2]) seen.scalar = value[2][0] as number;
      if (value[4]) {
        const { 1: height, 2: width, 3: channels, 4: png } = readFields(value[4][0] as Buffer);
        Object.assign(seen, { size: [height, width, channels].flat(), png: png![0] });
      }
      if (value[8]) seen.text = String(readFields(value[8][0] as Buffer)[8]![0]);
      return seen;
    });
  });
}

const onePixel = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGP4z8DwHwAFAAH/iZk9HQAAAABJRU5ErkJggg==',
  'base64',
);

describe('records and events', () => {
  it('has the checksum of the standard', () => {
    expect(crc32c(Buffer.from('123456789'))).toBe(0xe3069283);
    expect(crc32c(Buffer.alloc(0))).toBe(0);
  });

  it("writes the very bytes of PyPI's tensorboard", () => {
    const events: [number, number, EventContent][] = [
      [1700000000.25, 0, { kind: 'version' }],
      [1700000001.5, 7, { kind: 'start' }],
      [1700000002, 300, { kind: 'scalars', values: { 'total': 0.1, 'zero': 0, 'bad': NaN, 'a/b': -1e-30 } }],
      [1700000003, 2 ** 40 + 5, { kind: 'picture', tag: 'samples', png: onePixel, size: { width: 1, height: 1, channels: 4 } }],
      [1700000004, 0, { kind: 'text', tag: 'prompt', text: `purple hair, 紫の髪 ${'x'.repeat(200)}` }],
    ]; // prettier-ignore
    const records = events.map((event) => frameRecord(encodeEvent(...event)));
    expect(Buffer.concat(records).toString('hex')).toBe(golden.toString('hex'));
    expect(readRecords(golden)).toHaveLength(5); // and the reader of these tests agrees
  });
});

describe("a run's event files", () => {
  const options = (name: string, more: Partial<RunOptions> = {}): RunOptions => ({
    root,
    package: 'test',
    name,
    config: { prompt: '*purple* hair', steps: 9 },
    ...more,
  });
  const eventFiles = async (dir: string): Promise<string[]> =>
    (await readdir(dir)).filter((file) => file.includes('tfevents')).sort();
  const read = async (dir: string): Promise<Seen[][]> =>
    Promise.all((await eventFiles(dir)).map(async (file) => readEvents(await readFile(join(dir, file)))));

  it('hold scalars, pictures and texts in the order in which they came', async () => {
    const run = await createRun(options('whole'));
    const png = await sharp({ create: { width: 3, height: 2, channels: 3, background: 'red' } }).png().toBuffer(); // prettier-ignore
    await run.saveImage('before', png);
    await run.metrics({
      step: 5,
      loss: 0.5,
      bad: NaN,
      none: null,
      word: 'x',
      yes: true,
      hit: { hair: 1, deep: { er: 2 } },
    });
    await run.saveImage('step-000005', png);
    await run.saveImage('after.png', onePixel);
    await run.saveImage('no-picture', Uint8Array.of(1, 2));
    await run.metrics({ word: 'nothing to show' });
    run.close();

    expect(await eventFiles(run.dir)).toEqual(['events.out.tfevents.0001']);
    expect(await read(run.dir)).toEqual([
      [
        { step: 0, special: 'version' },
        { step: 0, special: 'start' },
        { step: 0, tag: 'prompt', text: '    *purple* hair' },
        { step: 0, tag: 'config', text: '    prompt: "*purple* hair"\n    steps: 9' },
        { step: 0, tag: 'samples/before', size: [2, 3, 3], png },
        { step: 5, tag: 'loss', scalar: 0.5 },
        { step: 5, tag: 'bad', scalar: NaN },
        { step: 5, tag: 'hit/hair', scalar: 1 },
        { step: 5, tag: 'hit/deep/er', scalar: 2 },
        { step: 5, tag: 'samples', size: [2, 3, 3], png },
        { step: 5, tag: 'samples/after', size: [1, 1, 4], png: onePixel },
      ],
    ]);
  });

  it('go on in a file of their own after a kill, and void what came after the checkpoint', async () => {
    const run = await createRun(options('killed'));
    const weights = { params: { w: tf.scalar(1) } };
    for (const step of [1, 2, 3]) {
      await run.metrics({ step, loss: step });
      if (step === 2) await run.saveCheckpoint(step, weights);
    }
    const first = join(run.dir, 'events.out.tfevents.0001');
    await appendFile(first, frameRecord(encodeEvent(0, 4, { kind: 'scalars', values: { loss: 4 } })).subarray(0, 20));
    run.close();

    const resumed = await createRun(options('killed', { resume: true }));
    await resumed.metrics({ step: 3, loss: 30 });
    resumed.close();
    const [before, after] = (await read(run.dir)) as [Seen[], Seen[]];
    expect(before.map(({ step }) => step)).toEqual([0, 0, 0, 0, 1, 2, 3]); // what was cut off is not there
    expect(after.map(({ step, special, tag }) => [step, special ?? tag])).toEqual([
      [0, 'version'],
      [3, 'start'],
      [3, 'prompt'],
      [3, 'config'],
      [3, 'loss'],
    ]);
    disposeAll(weights, (await resumed.latestCheckpoint())!.weights);
  });

  it('begin anew with a run that has no checkpoint to go on from', async () => {
    const run = await createRun(options('anew'));
    await run.metrics({ step: 1, loss: 1 });
    run.close();
    (await createRun(options('anew', { resume: true }))).close();
    expect((await read(run.dir)).map((events) => events.map(({ tag }) => tag))).toEqual([
      [undefined, undefined, 'prompt', 'config'],
    ]);
    (await createRun(options('anew', { force: true }))).close();
    expect(await eventFiles(run.dir)).toEqual(['events.out.tfevents.0001']);
  });
});
