/**
 * Rendered avatars on disk: written by worker threads, read back as batches.
 *
 * A data set is a folder of three files: `images.u8` (RGB bytes, [count, size, size, 3]), `factors.u8` (value indices,
 * [count, factors], columns in the order of `FACTORS`) and `dataset.json` (what they hold, and which blocks are done).
 * Avatar number i depends on seed and i alone, so a block can be drawn by any worker in any order, an interrupted
 * rendering goes on where it stopped, and a longer data set begins with the shorter one's pictures.
 */
import { mkdir, open, readFile } from 'node:fs/promises';
import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { failure, oneLine, progress, tf, writeJsonAtomic } from '@styleclip/core';
import { z } from 'zod';
import { FACTORS, fromRow, toRow, type Avatar } from './factors.js';
import { startRenderers } from './renderers.js';
import { avatarNumber } from './sample.js';

/** Pictures drawn between two notes of what is done. */
const BLOCK = 250;

const Info = z.object({
  formatVersion: z.literal(1),
  count: z.int().positive(),
  size: z.int().positive(),
  seed: z.int(),
  factors: z.array(z.object({ name: z.string(), values: z.array(z.string()) })),
  /** Blocks of `blockSize` pictures that are on disk; all of them once the data set is complete. */
  blockSize: z.int().positive(),
  blocksDone: z.array(z.int().nonnegative()),
});
type Info = z.infer<typeof Info>;

export interface RenderOptions {
  /** Threads that draw; two by default. */
  workers?: number;
  /** Where progress goes; stderr by default, `null` for none. */
  log?: NodeJS.WritableStream | null;
}

/**
 * Renders `count` avatars of a seed at `size`×`size` into `dir`, or goes on with what is there; returns at once when
 * the folder already holds exactly that.
 *
 * @throws UserError when the folder holds a data set made with other settings
 */
export async function renderDataset(
  dir: string,
  count: number,
  seed: number,
  size: number,
  { workers = 2, log = process.stderr }: RenderOptions = {},
): Promise<void> {
  const wanted: Info = {
    formatVersion: 1,
    count,
    size,
    seed,
    factors: FACTORS.map(({ name, values }) => ({ name, values: [...values] })),
    blockSize: BLOCK,
    blocksDone: [],
  };
  await mkdir(dir, { recursive: true }).catch((error: unknown) => {
    throw failure(`${dir}: can't be made a folder for the data set: ${oneLine(error)}; choose another`, error);
  });
  const info = (await readInfo(dir)) ?? wanted;
  if (!sameExceptDone(info, wanted)) {
    throw failure(
      `${dir}: holds a data set with other settings (${describe(info)}); asked for ${describe(wanted)}; choose another folder or remove it`,
    );
  }
  const done = new Set(info.blocksDone);
  const todo = blocks(count).filter((block) => !done.has(block));
  if (todo.length === 0) return;

  const images = await open(join(dir, 'images.u8'), done.size > 0 ? 'r+' : 'w');
  const factors = await open(join(dir, 'factors.u8'), done.size > 0 ? 'r+' : 'w');
  const drawn = (): number => [...done].reduce((sum, block) => sum + blockCount(block, count), 0);
  const bar = log && progress({ total: count, label: 'render', start: drawn(), unit: 'pictures', stream: log });
  const renderers = startRenderers(Math.min(workers, todo.length));
  try {
    await Promise.all(
      renderers.map(async (renderer) => {
        for (let block = todo.shift(); block !== undefined; block = todo.shift()) {
          const first = block * BLOCK;
          const rows = Uint8Array.from(
            Array.from({ length: blockCount(block, count) }, (_, i) => [
              ...toRow(avatarNumber(first + i, seed)),
            ]).flat(),
          );
          const pictures = await renderer.render({ rows, size });
          await images.write(pictures, 0, pictures.length, first * size * size * 3);
          await factors.write(rows, 0, rows.length, first * FACTORS.length);
          done.add(block);
          bar?.update(drawn());
          if (done.size % 20 === 0) await note(dir, wanted, done);
        }
      }),
    );
  } finally {
    bar?.stop();
    await Promise.all(renderers.map((renderer) => renderer.stop()));
    await Promise.all([images.datasync(), factors.datasync()]);
    await Promise.all([images.close(), factors.close()]);
    await note(dir, wanted, done);
  }
}

export interface AvatarDataset {
  readonly count: number;
  /** Height and width of a picture. */
  readonly size: number;
  readonly seed: number;
  /** Picture i as RGB bytes, [size, size, 3]. */
  image(i: number): Uint8Array;
  /** The avatar on picture i. */
  factors(i: number): Avatar;
  /** Pictures as float32 [indices, size, size, 3] in [-1,1] (the caller disposes them) and their avatars. */
  batch(indices: ArrayLike<number>): { images: tf.Tensor4D; avatars: Avatar[] };
  /** Closes the file of pictures. */
  close(): void;
}

/**
 * Opens a complete data set. Pictures are read when asked for (the system's page cache keeps them), so several
 * processes can share one of any size.
 *
 * @throws UserError when there is none, when it is not complete, or when its factors are not those of this version
 */
export async function openDataset(dir: string): Promise<AvatarDataset> {
  const info = await readInfo(dir);
  if (!info) throw failure(`${dir}: no data set; make it by ${renderingOf(dir)}`);
  const { count, size, seed } = info;
  if (info.blocksDone.length < blocks(count).length) {
    throw failure(
      `${dir}: only ${info.blocksDone.length} of ${blocks(count).length} blocks are rendered; go on by ${renderingOf(dir, info)}`,
    );
  }
  if (!sameFactors(info))
    throw failure(`${dir}: rendered by a version with other factors; render it anew into another folder`);
  const rows = await readFile(join(dir, 'factors.u8'));
  const file = openSync(join(dir, 'images.u8'), 'r');
  const bytes = size * size * 3;

  const check = (i: number): void => {
    if (!(Number.isInteger(i) && i >= 0 && i < count)) throw new RangeError(`picture ${i} of a data set of ${count}`);
  };
  const factors = (i: number): Avatar => {
    check(i);
    return fromRow(rows.subarray(i * FACTORS.length, (i + 1) * FACTORS.length));
  };
  const image = (i: number): Uint8Array => {
    check(i);
    const picture = new Uint8Array(bytes);
    if (readSync(file, picture, 0, bytes, i * bytes) !== bytes)
      throw failure(`${dir}/images.u8: ends before picture ${i}`);
    return picture;
  };
  const batch = (indices: ArrayLike<number>): { images: tf.Tensor4D; avatars: Avatar[] } => {
    const values = new Float32Array(indices.length * bytes);
    const avatars: Avatar[] = [];
    for (let n = 0; n < indices.length; n++) {
      const picture = image(indices[n]!);
      for (let k = 0; k < bytes; k++) values[n * bytes + k] = picture[k]! / 127.5 - 1;
      avatars.push(factors(indices[n]!));
    }
    return { images: tf.tensor4d(values, [indices.length, size, size, 3]), avatars };
  };
  return { count, size, seed, image, factors, batch, close: () => closeSync(file) };
}

/** The command that renders a data set: by its description where there is one beside it. */
function renderingOf(dir: string, info?: Info): string {
  const spec = `${dir.replace(/[/\\]+$/, '')}.yaml`;
  if (existsSync(spec)) return `nx run avatars:render --config ${spec}`;
  const values = info ? ` --count ${info.count} --seed ${info.seed} --size ${info.size}` : '';
  return `nx run avatars:render --out ${dir}${values}`;
}

async function readInfo(dir: string): Promise<Info | undefined> {
  const path = join(dir, 'dataset.json');
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch {
    return undefined;
  }
  try {
    return Info.parse(JSON.parse(text));
  } catch (error) {
    throw failure(`${path}: not the description of a data set: ${oneLine(error)}`, error);
  }
}

async function note(dir: string, info: Info, done: ReadonlySet<number>): Promise<void> {
  await writeJsonAtomic(join(dir, 'dataset.json'), { ...info, blocksDone: [...done].sort((a, b) => a - b) });
}

function blocks(count: number): number[] {
  return Array.from({ length: Math.ceil(count / BLOCK) }, (_, block) => block);
}

function blockCount(block: number, count: number): number {
  return Math.min(BLOCK, count - block * BLOCK);
}

function sameFactors(info: Info): boolean {
  return JSON.stringify(info.factors) === JSON.stringify(FACTORS.map(({ name, values }) => ({ name, values })));
}

function sameExceptDone(a: Info, b: Info): boolean {
  return JSON.stringify({ ...a, blocksDone: [] }) === JSON.stringify({ ...b, blocksDone: [] });
}

function describe({ count, size, seed }: Info): string {
  return `${count} pictures, size ${size}, seed ${seed}`;
}
