/**
 * A run's TensorBoard event files: what metrics.jsonl and samples/ hold, as `tensorboard --logdir runs` reads it.
 *
 *     events.out.tfevents.0001      the run as it began: prompt and configuration, scalars, pictures
 *     events.out.tfevents.0002      the same run after it was resumed
 *
 * An event is appended right after what it tells of: a line of metrics.jsonl, or a picture. A run that is resumed begins a
 * file of its own, whose first events say from which step on the older files don't count; so a killed run's last steps,
 * and a last record that was cut off, do no harm. TensorBoard reads the files in the order of their names.
 */
import { appendFile, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { Json } from './checkpoints.js';
import { encodeEvent, type EventContent, type PictureSize } from './tensorboard-event.js';
import { frameRecord } from './tensorboard-record.js';

const FILE = /^events\.out\.tfevents\.(\d{4,})$/;

export interface EventFile {
  /** The numbers of a line of metrics.jsonl, under their keys. Its `step` is the step of these and of what follows. */
  metrics(record: Readonly<Record<string, Json | undefined>>): Promise<void>;
  /** A picture of samples/: `step-000400` is the series "samples" at step 400, any other name a series of its own. */
  picture(name: string, png: Uint8Array): Promise<void>;
}

/**
 * Begins the next event file of a run.
 *
 * @param dir the run's folder
 * @param options.config shown as text, and its `prompt`
 * @param options.resumedAfter the step after which the run goes on; a run that begins anew loses its older files
 */
export async function openEventFile(
  dir: string,
  { config, resumedAfter }: { config: object; resumedAfter?: number | undefined },
): Promise<EventFile> {
  const older = (await readdir(dir)).filter((name) => FILE.test(name)).sort();
  if (resumedAfter === undefined) for (const name of older.splice(0)) await rm(join(dir, name));
  const number = Number(FILE.exec(older.at(-1) ?? '')?.[1] ?? 0) + 1;
  const path = join(dir, `events.out.tfevents.${String(number).padStart(4, '0')}`);
  let step = resumedAfter === undefined ? 0 : resumedAfter + 1;

  const write = (at: number, ...contents: readonly EventContent[]): Promise<void> => {
    const now = Date.now() / 1000;
    return appendFile(path, Buffer.concat(contents.map((content) => frameRecord(encodeEvent(now, at, content)))));
  };

  await write(0, { kind: 'version' });
  await write(step, { kind: 'start' }); // in the first file too: one of TensorBoard's readers takes only the second for a restart
  await write(step, ...textsOf(config));

  return {
    async metrics(record) {
      if (isStep(record['step'])) step = record['step'];
      const values = scalarsOf(record);
      if (Object.keys(values).length > 0) await write(step, { kind: 'scalars', values });
    },
    async picture(name, png) {
      const size = pngSize(png);
      if (size === undefined) return; // TensorBoard could not show it
      const stem = name.replace(/\.png$/, '');
      const at = /^step-(\d+)$/.exec(stem)?.[1];
      const tag = at === undefined ? `samples/${stem}` : 'samples';
      await write(at === undefined ? step : Number(at), { kind: 'picture', tag, png, size });
    },
  };
}

function isStep(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

/** Prompt and configuration as blocks of code, so that nothing in them counts as Markdown. */
function textsOf(config: object): EventContent[] {
  const block = (text: string): string => text.replace(/^/gm, '    ');
  const { prompt } = config as { prompt?: unknown };
  const whole: EventContent = { kind: 'text', tag: 'config', text: block(stringify(config).trimEnd()) };
  return typeof prompt === 'string' ? [{ kind: 'text', tag: 'prompt', text: block(prompt) }, whole] : [whole];
}

/** The numbers of a record; those of records within it as `outer/inner`. */
function scalarsOf(record: Readonly<Record<string, Json | undefined>>, prefix = ''): Record<string, number> {
  const values: Record<string, number> = {};
  for (const [key, value] of Object.entries(record)) {
    if (typeof value === 'number' && prefix + key !== 'step') values[prefix + key] = value;
    else if (typeof value === 'object' && value !== null && !Array.isArray(value))
      Object.assign(values, scalarsOf(value as Record<string, Json>, `${prefix}${key}/`));
  }
  return values;
}

/** What the header of a PNG file says; undefined for anything else. */
function pngSize(png: Uint8Array): PictureSize | undefined {
  const header = Buffer.from(png.buffer, png.byteOffset, png.byteLength);
  if (header.length < 26 || header.toString('latin1', 1, 4) !== 'PNG') return undefined;
  const colourType = header.readUInt8(25); // grey, -, RGB, palette, grey + alpha, -, RGBA
  return {
    width: header.readUInt32BE(16),
    height: header.readUInt32BE(20),
    channels: [1, 1, 3, 3, 2, 2, 4][colourType] ?? 3,
  };
}
