/**
 * Pictures: between tensors in [-1, 1] and files.
 *
 * Everything inside the project is float32 [N,H,W,C] in [-1,1]; a byte b stands for b / 127.5 − 1. This file turns batches
 * into bytes and PNG files and reads pictures in. Sheets of many pictures are in image-grid.ts.
 */
import sharp from 'sharp';
import { tf } from '../tensors/tf.js';
import { access } from 'node:fs/promises';
import { failure, oneLine } from '../errors.js';

/** One 8-bit RGB picture, row by row. */
export interface RgbImage {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** A batch [N,H,W,C], C = 1 or 3: a tensor or Float32Array in [-1,1], or bytes. */
export type ImageBatch =
  tf.Tensor4D | { readonly data: Float32Array | Uint8Array; readonly shape: readonly [number, number, number, number] };

/** The pictures of a batch as bytes; values outside [-1,1] are clipped, one channel becomes grey. */
export async function toRgbImages(batch: ImageBatch): Promise<RgbImage[]> {
  const [count, height, width, channels] = batch.shape;
  if (batch.shape.length !== 4 || (channels !== 1 && channels !== 3)) {
    throw new Error(`a batch of images must be [N,H,W,1 or 3], got [${batch.shape.join(', ')}]`);
  }
  const values = batch instanceof tf.Tensor ? ((await batch.data()) as Float32Array) : batch.data;
  const pixels = height * width;
  if (values.length !== count * pixels * channels) {
    throw new Error(
      `images [${batch.shape.join(', ')}] need ${count * pixels * channels} values, got ${values.length}`,
    );
  }
  const asByte = values instanceof Uint8Array ? (value: number) => value : toByte;
  return Array.from({ length: count }, (_, n) => {
    const data = new Uint8Array(pixels * 3);
    for (let i = 0; i < data.length; i++) {
      const at = channels === 3 ? i : Math.floor(i / 3);
      data[i] = asByte(values[n * pixels * channels + at] as number);
    }
    return { data, width, height };
  });
}

/** Each picture of a batch as a PNG file's bytes. */
export async function imagesToPng(batch: ImageBatch): Promise<Buffer[]> {
  return Promise.all((await toRgbImages(batch)).map((image) => encodePng(image)));
}

/**
 * One picture as a PNG file's bytes.
 * @param options.palette 256 colours of the picture's own: a third of the bytes, for sheets that are only looked at
 */
export async function encodePng(
  { data, width, height }: RgbImage,
  { palette = false }: { palette?: boolean | undefined } = {},
): Promise<Buffer> {
  return sharp(data, { raw: { width, height, channels: 3 } })
    .png(palette ? { palette, effort: 7 } : {})
    .toBuffer();
}

/**
 * Reads a picture file (PNG, JPEG, WebP, …), turned as its EXIF says, cut to its middle square, resized to
 * `size`, laid on white where it is transparent.
 *
 * @returns float32 [1,size,size,3] in [-1,1]
 * @throws UserError when the file is missing or not a picture
 */
export async function readImage(path: string, size: number): Promise<tf.Tensor4D> {
  try {
    await access(path);
  } catch (error) {
    throw failure(`${path}: no such picture`, error);
  }
  let bytes: Buffer;
  try {
    bytes = await sharp(path)
      .rotate()
      .flatten({ background: '#ffffff' })
      .resize(size, size, { fit: 'cover', position: 'centre' })
      .toColourspace('srgb')
      .removeAlpha()
      .raw()
      .toBuffer();
  } catch (error) {
    throw failure(`${path}: can't be read as a picture: ${oneLine(error)}`, error);
  }
  return tf.tensor4d(Float32Array.from(bytes, fromByte), [1, size, size, 3]);
}

/** [-1,1] → 0…255, rounded and clipped; NaN becomes 0. */
function toByte(value: number): number {
  return Math.max(0, Math.min(255, Math.round((value + 1) * 127.5))) || 0;
}

function fromByte(byte: number): number {
  return byte / 127.5 - 1;
}
